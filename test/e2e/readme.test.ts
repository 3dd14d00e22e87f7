import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPracticeBrokers } from '../brokers/index.ts';
import { PEERS, startPeer } from '../peers/peers.ts';
import { type Chromium, startChromium } from '../support/chromium.ts';
import { APPS } from '../support/practice.ts';
import { ANY_HOUR } from '../support/samples.ts';
import { until } from '../support/until.ts';

// Three of the README's routes in a real browser; every one of them runs in test/flow/services-peers.test.ts.
const NAMES = ['Python', 'Django 4.2', 'Express'];

/** A new user's own backend: the README's routes as they stand, and the account entered by hand in the settings. */
describe('one’s own backend, from the lines of the README', () => {
  let brokers: Awaited<ReturnType<typeof startPracticeBrokers>>;
  let chromium: Chromium;
  beforeAll(async () => {
    brokers = await startPracticeBrokers();
    brokers.kite.register(APPS.zerodha);
    chromium = await startChromium({ brokers });
    await chromium.preGrant(['https://kite.zerodha.com/*', 'http://127.0.0.1/*']);
  });
  afterAll(async () => {
    await chromium.close();
    await brokers.close();
  });

  for (const peer of PEERS.filter(({ name }) => NAMES.includes(name))) {
    const name = peer.name.toLowerCase();
    it.skipIf(peer.missing() !== null)(`in ${peer.name} is green after a login`, async () => {
      const receiver = await startPeer(peer, name);
      const { options } = chromium;
      await options.reload();
      await options.locator('[data-action="by-hand"]').click();
      const account = options.locator('form[aria-label="Account"]');
      await account.locator('[name="name"]').fill(name);
      await account.locator('[name="apiKey"]').fill(APPS.zerodha.apiKey);
      await account.locator('[name="redirectUrl"]').fill(APPS.zerodha.redirectUrl);
      await account.locator('[data-action="save-account"]').click();
      const section = options.locator(`section[data-account="${name}"]`);
      await section.locator('[data-action="edit-destination"]').click();
      const destination = section.locator('form[aria-label="Destination"]');
      await destination.locator('[name="url"]').fill(receiver.url);
      await destination.locator('[name="secret"]').fill(receiver.secret);
      await destination.locator('[data-action="save-destination"]').click();
      await destination.waitFor({ state: 'detached' });
      const allow = section.locator('[data-action="allow"]');
      if (await allow.count()) await allow.click();
      await section.locator('[data-action="test"]').click();
      await until(
        () => section.locator('[data-step][data-ok="true"]').count(),
        (count) => count === 3,
      );

      const badge = () => chromium.options.evaluate(() => chrome.action.getBadgeText({}));
      expect(await badge()).toBe('!');
      const id = (await chromium.account(name))?.settings.id ?? '';
      await chromium.send({ type: 'set-clock', account: id, clock: ANY_HOUR });
      const tab = await chromium.loginTab(() => chromium.send({ type: 'log-in', account: id }));
      await tab.waitForSelector('#login');
      await tab.click('#login');
      const after = await until(
        () => chromium.account(name),
        (one) => one?.status === 'verified',
      );
      expect(after?.links?.map(({ name, state }) => `${name} ${state}`)).toEqual([
        'captured done',
        'delivered done',
        'exchanged done',
        'verified done',
        'live idle',
      ]);
      expect(await badge()).toBe('✓');
      await tab.close();
      await chromium.send({ type: 'forget', account: id });
      await receiver.stop();
    });
  }
});
