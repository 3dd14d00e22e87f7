import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AccountName, brokerOf } from '../../../backend/src/config/account-name.ts';
import { brokerOrigins, brokers as known } from '../../../utils/shared/brokers/index.ts';
import { appOf, heldAtBroker, householdEnv, NAMES, registerHousehold } from '../../support/backend/household.ts';
import { pairLine } from '../../support/backend/pairing.ts';
import { type Practice, startPractice } from '../../support/backend/practice.ts';
import { programKey } from '../../support/backend/program-key.ts';
import type { Browser, Tab } from '../../support/browsers/browser.ts';
import { startBrowser } from '../../support/browsers/start-browser.ts';
import { until } from '../../support/until.ts';

/** Whose login ends in another person's account. */
const WRONG: Partial<Record<AccountName, AccountName>> = { 'zerodha-spouse': 'zerodha', 'icici-friend': 'icici-huf' };
/** Neither the order in which the tabs opened nor one broker after the other. */
const ORDER = [5, 2, 7, 0, 4, 1, 6, 3].map((index) => NAMES[index] ?? 'zerodha');

describe('eight accounts of two brokers in one backend and one browser', () => {
  let practice: Practice;
  let browser: Browser;
  const ids = new Map<AccountName, string>();
  const tabs = new Map<AccountName, Tab>();

  beforeAll(async () => {
    practice = await startPractice(householdEnv(), []);
    registerHousehold(practice.brokers);
    // Kite lets in whoever has logged in there before, without a page.
    practice.brokers.kite.shape = { ...practice.brokers.kite.shape, silent: true };
    browser = await startBrowser(practice);
    const origins = (['zerodha', 'icici'] as const).flatMap((broker) => brokerOrigins(known[broker]));
    await browser.allow(...origins.map((origin) => `${origin}/*`), 'http://127.0.0.1/*');
    const lines = await practice.backend.pairings();
    for (const name of NAMES) ids.set(name, await pairLine(browser, lines[name] ?? ''));
  });
  afterAll(async () => {
    await browser.close();
    await practice.close();
  });

  const brokers = () => practice.brokers;
  const shown = (name: AccountName) => browser.account(name);
  const settled = (name: AccountName) =>
    until(
      () => shown(name),
      (one) => one?.status === 'live' || one?.status === 'verified' || one?.status === 'failed',
    );
  const open = async (name: AccountName, type: 'log-in' | 'log-out' = 'log-in') => {
    const tab = await browser.loginTab(() => browser.send({ type, account: ids.get(name) ?? '' }));
    tabs.set(name, tab);
  };
  /** Types who is there and presses the broker's button; done once the broker gave a token. */
  const enter = async (name: AccountName, user: string) => {
    const tab = tabs.get(name);
    const before = issued().length;
    await tab?.waitForSelector('#login');
    await tab?.fill(brokerOf(name) === 'zerodha' ? '[name=user_id]' : '[name=txtuid]', user);
    await tab?.click('#login');
    await until(issued, (all) => all.length > before);
  };
  const issued = () => {
    const { kite, breeze } = brokers();
    return [...[...kite.tokens.values()].map(({ token }) => token), ...breeze.sessions.keys()];
  };
  const exchanged = () => [...brokers().kite.exchanges, ...brokers().breeze.exchanges];
  const heldByBackend = async (name: AccountName) => {
    const { url, dataDir } = practice.backend;
    const answer = await fetch(`${url}/session/${name}`, { headers: programKey(dataDir) });
    return ((await answer.json()) as { access_token?: string }).access_token ?? null;
  };

  it('all eight log in at once: each token goes to its account, and two wrong persons to none', async () => {
    for (const name of NAMES) await open(name);
    for (const name of ORDER) await enter(name, appOf(WRONG[name] ?? name).userId);
    for (const name of NAMES) {
      const one = await settled(name);
      const told = one?.status === 'verified' ? 'live' : one?.status;
      expect([name, told]).toEqual([name, WRONG[name] ? 'failed' : 'live']);
    }
    // Each token was shown to its broker once and was taken: it is good for nothing but the app of its login.
    expect(
      exchanged()
        .map(({ token }) => token)
        .toSorted(),
    ).toEqual(issued().toSorted());
    expect(exchanged().filter(({ outcome }) => outcome !== 'accepted')).toEqual([]);
    for (const name of NAMES)
      expect([name, await heldByBackend(name)]).toEqual([name, WRONG[name] ? null : heldAtBroker(brokers(), name)]);
    const reply = await browser.send({ type: 'deliveries' });
    const sent = reply.ok ? (reply.deliveries ?? []).filter(({ what }) => what === 'delivery') : [];
    expect(sent.map(({ account }) => account).toSorted()).toEqual([...ids.values()].toSorted());
  });

  it('the two wrong ones are told so, each with its way on, and that way makes all eight live', async () => {
    const spouse = await shown('zerodha-spouse');
    const friend = await shown('icici-friend');
    const says = 'This login belongs to another account than the one paired.';
    expect(spouse?.advice).toMatchObject({
      says,
      mend: 'log-in',
      words: expect.stringContaining('the user of zerodha;'),
    });
    expect(friend?.advice).toMatchObject({
      says,
      mend: 'log-in',
      words: expect.stringContaining('the user of icici-huf;'),
    });
    const whose = 'zerodha, zerodha-huf or zerodha-friend';
    expect(spouse?.logOut?.offer?.button).toBe(`Log ${whose} out of Zerodha and log in again`);
    // ICICI asks who is there at every login.
    expect(friend?.logOut).toBe(null);

    await open('zerodha-spouse', 'log-out');
    await open('icici-friend');
    for (const name of ['icici-friend', 'zerodha-spouse'] as const) await enter(name, appOf(name).userId);
    for (const name of NAMES) {
      await until(
        () => shown(name),
        (one) => one?.status === 'live' || one?.status === 'verified',
      );
      expect([name, await heldByBackend(name)]).toEqual([name, heldAtBroker(brokers(), name)]);
    }
    expect(exchanged().map(({ outcome }) => outcome)).toEqual(Array(10).fill('accepted'));
  });
});
