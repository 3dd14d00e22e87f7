import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LogOutView } from '../../../utils/domain/view/log-out.ts';
import { OTHER_USER } from '../../brokers/faults.ts';
import { type SetUp, setUp } from '../../start/set-up.ts';
import type { Tab } from '../../support/browsers/browser.ts';
import { until } from '../../support/until.ts';

describe('a login that ends on the broker’s own page (CAP-14)', () => {
  let all: SetUp;
  beforeAll(async () => {
    all = await setUp();
    all.practice.brokers.kite.shape = { ...all.practice.brokers.kite.shape, silent: true, ownUserOnly: true };
  });
  afterAll(() => all.close());

  const toldWhy = (why: LogOutView['why'] | undefined) =>
    until(
      () => all.browser.account('zerodha'),
      (one) => one !== undefined && one.logOut?.why === why,
    );
  const toLive = () =>
    until(
      () => all.browser.account('zerodha'),
      (one) => one?.status === 'live' || one?.status === 'verified',
    );
  const press = async (action: 'log-in' | 'log-out'): Promise<Tab> => {
    const at = `[data-account="zerodha"] [data-action="${action}"]`;
    // A button may come with the next word of the background, and the popup of the login before may be closing still.
    const click = async () => {
      const popup = await all.browser.popup();
      return popup.click(at).then(
        () => true,
        () => false,
      );
    };
    return all.browser.loginTab(() => until(click, (isDone) => isDone));
  };
  const logOuts = () => all.practice.brokers.kite.requests.filter(({ url }) => url.startsWith('/logout')).length;

  it('is said, with the log-out after which the right person logs in', async () => {
    const { kite } = all.practice.brokers;
    const tab = await press('log-in');
    await tab.waitForSelector('#login');
    await tab.fill('[name=user_id]', OTHER_USER);
    await tab.click('#login');
    await toldWhy('last-step');
    // Another login alone runs into the same end without a page that asks who it is.
    const again = await press('log-in');
    await until(
      () => kite.requests.filter(({ url, status }) => url.startsWith('/connect/finish') && status === 400).length,
      (count) => count === 2,
    );
    await toldWhy('last-step');
    expect(logOuts()).toBe(0);
    const out = await press('log-out');
    await out.waitForSelector('#login');
    await out.click('#login');
    expect((await toLive())?.logOut).toBe(null);
    expect([logOuts(), [...kite.webSessions.values()].includes(OTHER_USER)]).toEqual([1, false]);
    for (const one of [tab, again, out]) await one.close();
  });

  it('a token of another person offers the same', async () => {
    all.practice.brokers.faults.add('kite.exchange.other-user');
    const tab = await press('log-in');
    await toldWhy('other-user');
    expect(logOuts()).toBe(1);
    all.practice.brokers.faults.clear();
    const out = await press('log-out');
    await out.waitForSelector('#login');
    await out.click('#login');
    expect((await toLive())?.logOut).toBe(null);
    for (const one of [tab, out]) await one.close();
  });
});
