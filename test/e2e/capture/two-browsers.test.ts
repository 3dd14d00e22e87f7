import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AccountView } from '../../../utils/domain/view/overview.ts';
import type { BrokerId } from '../../../utils/shared/contract.ts';
import { pairByHand, type SetUp, setUpIn } from '../../start/set-up.ts';
import { type Chromium, startChromium } from '../../support/browsers/chromium.ts';
import { ANY_HOUR } from '../../support/samples/samples.ts';
import { until } from '../../support/until.ts';

const isWhole = (links: AccountView['links']) => links?.every(({ state }) => state === 'done') ?? true;

/** A person's two browsers, with the same pairing strings: to the backend they are one sender. */
describe('two browsers that are paired with one backend (REL-04)', () => {
  let all: SetUp<Chromium>;
  let other: Chromium;
  const both = () => [all.browser, other];

  beforeAll(async () => {
    all = await setUpIn(startChromium);
    other = await startChromium({ brokers: all.practice.brokers });
    await other.preGrant(['https://kite.zerodha.com/*', 'https://api.icicidirect.com/*', 'http://127.0.0.1/*']);
    const pairings = await all.practice.backend.pairings();
    const id = await pairByHand(other, 'zerodha', pairings.zerodha);
    await pairByHand(other, 'icici', pairings.icici);
    await other.send({ type: 'set-clock', account: id, clock: ANY_HOUR });
  });
  afterAll(async () => {
    await other.close();
    await all.close();
  });

  const openLogin = async (browser: Chromium, broker: BrokerId) => {
    const account = (await browser.account(broker))?.settings.id ?? '';
    const tab = await browser.loginTab(() => browser.send({ type: 'log-in', account }));
    await tab.waitForSelector('#login');
    return tab;
  };
  it.each(['zerodha', 'icici'] as const)(
    'log in at %s at once: no token is exchanged twice, and both come to show the one session',
    async (broker) => {
      const { exchanges } = all.practice.brokers[broker === 'zerodha' ? 'kite' : 'breeze'];
      const tabs = await Promise.all(both().map((browser) => openLogin(browser, broker)));
      await Promise.all(tabs.map((tab) => tab.click('#login')));
      await until(
        async () => {
          for (const browser of both()) await browser.send({ type: 'refresh' });
          return Promise.all(both().map((browser) => browser.account(broker)));
        },
        // The browser whose login was replaced shows the session that replaced it, and no way of its own that never ends.
        ([one, two]) =>
          [one, two].every((each) => each?.status === 'live' && isWhole(each.links)) && one?.says === two?.says,
      );
      const tokens = exchanges.map(({ token }) => token);
      expect(new Set(tokens).size).toBe(tokens.length);
      // ICICI Direct gives both browsers the same credential of the day.
      expect(tokens.length).toBeLessThanOrEqual(broker === 'icici' ? 1 : 2);
      for (const tab of tabs) await tab.close();
    },
  );
});
