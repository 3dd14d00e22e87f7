import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AccountName } from '../../../backend/src/config/account-name.ts';
import { appOf, householdEnv, registerHousehold } from '../../support/backend/household.ts';
import { pairLine } from '../../support/backend/pairing.ts';
import { type Practice, startPractice } from '../../support/backend/practice.ts';
import { type Firefox, startFirefox } from '../../support/browsers/firefox.ts';
import { BROWSER } from '../../support/browsers/start-browser.ts';
import { until } from '../../support/until.ts';

const NAMES: AccountName[] = ['zerodha', 'zerodha-spouse'];

// No other browser has containers.
describe.skipIf(BROWSER !== 'firefox')('two people of one broker, the second in a container (CAP-16)', () => {
  let practice: Practice;
  let browser: Firefox;
  const ids = new Map<AccountName, string>();

  beforeAll(async () => {
    practice = await startPractice(householdEnv(NAMES), []);
    registerHousehold(practice.brokers, NAMES);
    practice.brokers.kite.shape = { ...practice.brokers.kite.shape, silent: true, ownUserOnly: true };
    browser = await startFirefox(practice);
    await browser.allow('https://kite.zerodha.com/*', 'http://127.0.0.1/*');
    const lines = await practice.backend.pairings();
    for (const name of NAMES) ids.set(name, await pairLine(browser, lines[name] ?? ''));
  });
  afterAll(async () => {
    await browser.close();
    await practice.close();
  });

  const logIn = (name: AccountName) => browser.send({ type: 'log-in', account: ids.get(name) ?? '' });
  const exchanged = (count: number) =>
    until(
      () => practice.brokers.kite.exchanges.map(({ outcome }) => outcome),
      (all) => all.length === count,
    );
  /** Whose tokens the broker has given, in turn. */
  const issued = () => [...practice.brokers.kite.tokens.values()].map(({ userId }) => userId);
  const [first, second] = NAMES.map((name) => appOf(name).userId);

  it('the second is refused beside the first, and a container is offered before the log-out', async () => {
    const tab = await browser.loginTab(() => logIn('zerodha'));
    await tab.click('#login');
    await exchanged(1);
    await logIn('zerodha-spouse');
    const told = await until(
      () => browser.account('zerodha-spouse'),
      (one) => one?.logOut?.why === 'last-step',
    );
    expect(told?.logOut).toMatchObject({ container: { isAllowed: false, isUsed: false }, offer: {} });
    const popup = await browser.popup();
    expect(await popup.text()).toMatch(
      /In a Firefox container both people stay logged in\.[\s\S]*Allow containers[\s\S]*Log AB/,
    );
    await popup.close();
  });

  it('once allowed, a login opens in the container of the tab in front: both stay logged in', async () => {
    await browser.options.click('[data-account="zerodha-spouse"] [data-action=allow]');
    await until(
      () => browser.account('zerodha-spouse'),
      (one) => one?.container?.isAllowed === true,
    );
    const there = await browser.newContainer();
    await there.bringToFront();
    const tab = await browser.loginTab(() => logIn('zerodha-spouse'));
    // The first person’s login is not seen from here: the broker asks who is there.
    await tab.click('#login');
    await exchanged(2);
    await until(
      () => tab.url(),
      (url) => url.endsWith('/captured.html'),
    );
    await until(
      () => browser.account('zerodha-spouse'),
      (one) => one?.status === 'live' || one?.status === 'verified',
    );
    expect(issued()).toEqual([first, second]);
    expect(await browser.visits('http://127.0.0.1/')).toEqual([]);
  });

  it('the next logins ask nobody: each account’s opens where its last one did', async () => {
    await browser.options.bringToFront();
    await logIn('zerodha-spouse');
    await exchanged(3);
    await browser.options.bringToFront();
    await logIn('zerodha');
    await exchanged(4);
    expect(issued()).toEqual([first, second, second, first]);
    expect(await exchanged(4)).toEqual(Array(4).fill('accepted'));
  });
});
