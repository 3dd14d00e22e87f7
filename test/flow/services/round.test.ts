import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import type { RoundView } from '../../../utils/domain/view/overview.ts';
import { pulse } from '../../../utils/services/pulse/pulse.ts';
import { readOverview } from '../../../utils/services/store/overview.ts';
import { readRound, writeRound } from '../../../utils/services/store/round.ts';
import { readAll, writeLogin, writeOutcome } from '../../../utils/services/store/store.ts';
import { openDestination, type TestDestination } from '../../support/backend/destination.ts';
import { cleanUp, command, logInWith, pair, redirect, shownAccount } from '../../support/browsers/extension.ts';
import { BREEZE_TOKEN, KITE_TOKEN } from '../../support/samples/samples.ts';
import { HANGS_MS } from '../../support/until.ts';

const HOME = 'http://127.0.0.1:8000/';

let backends: TestDestination[];
let zerodha: string;
let spouse: string;
let icici: string;
let accounts: string[];
let opened: string[];

beforeEach(async () => {
  backends = await Promise.all([openDestination(), openDestination(), openDestination()]);
  const [first, second, third] = backends as [TestDestination, TestDestination, TestDestination];
  zerodha = await pair(first, { account: 'zerodha' });
  spouse = await pair(second, { account: 'spouse', api_key: 'spousekey' });
  icici = await pair(third, { account: 'icici', broker: 'icici' });
  accounts = [zerodha, spouse, icici];
  for (const id of accounts) await shownAccount(id, ({ status }) => status === 'never');
  opened = [];
  const create = fakeBrowser.tabs.create.bind(fakeBrowser.tabs);
  vi.spyOn(fakeBrowser.tabs, 'create').mockImplementation(async (made) => {
    opened.push(String(made.url));
    return create(made);
  });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await writeRound(null);
  await cleanUp();
  for (const one of backends) await one.close();
});

/** What the popup shows of the logins, once it is so. */
async function shownRound(isSo: (round: RoundView | null) => boolean): Promise<RoundView | null> {
  await expect.poll(async () => isSo((await readOverview())?.round ?? null), { timeout: HANGS_MS }).toBe(true);
  return (await readOverview())?.round ?? null;
}
const isAt = (account: string) => (round: RoundView | null) => round?.account === account && !round.isStopped;
const isStopped = (round: RoundView | null) => round?.isStopped === true;

/** Whose login pages were opened, in their order. */
const openedFor = () =>
  opened.map((url) => {
    const { hostname, searchParams } = new URL(url);
    if (hostname === 'api.icicidirect.com') return 'icici';
    return searchParams.get('api_key') === 'spousekey' ? 'spouse' : 'zerodha';
  });

/** The page of a round whose word is shown already may open a moment later. */
const untilOpenedFor = (names: string[]) => expect.poll(openedFor, { timeout: HANGS_MS }).toEqual(names);

/** The login of an account whose tab is open comes back. */
async function comeBack(account: string, token: string): Promise<number> {
  await expect.poll(async () => (await loginOf(account))?.tab ?? -1, { timeout: HANGS_MS }).not.toBe(-1);
  const login = await loginOf(account);
  const tab = login?.tab ?? -1;
  const query = login?.state ? `request_token=${token}&ob_state=${login.state}` : `apisession=${token}`;
  await redirect(tab, `${HOME}?${query}`, account === icici ? 'icici' : 'zerodha');
  return tab;
}
const loginOf = async (account: string) => (await readAll()).logins.find((one) => one.account === account);

const begin = (all = accounts) => command({ type: 'log-in-due', accounts: all });

describe('the logins that are due (CAP-15)', () => {
  it('open one after the other with one press, each after the last was delivered', async () => {
    await begin();
    expect(openedFor()).toEqual(['zerodha']);
    expect(await shownRound(isAt(zerodha))).toMatchObject({ says: expect.stringContaining('Login 1 of 3') });
    await begin();
    await pulse();
    expect(openedFor()).toEqual(['zerodha']);
    await comeBack(zerodha, KITE_TOKEN);
    await shownRound(isAt(spouse));
    await comeBack(spouse, KITE_TOKEN.toLowerCase());
    expect(await shownRound(isAt(icici))).toMatchObject({ says: 'Login 3 of 3: ICICI Direct icici.', left: [] });
    await comeBack(icici, BREEZE_TOKEN);
    await shownRound((round) => round === null);
    for (const id of accounts) await shownAccount(id, ({ status }) => status === 'live');
    expect(openedFor()).toEqual(['zerodha', 'spouse', 'icici']);
    expect(backends.map((one) => one.tokens().length)).toEqual([1, 1, 1]);
  });

  it('wait while a backend does not take the token yet', async () => {
    let isAway = true;
    backends[0]?.answerTokens((_, usual) => (isAway ? { status: 503, body: '' } : usual()));
    await begin();
    await comeBack(zerodha, KITE_TOKEN);
    await expect.poll(() => backends[0]?.tokens().length, { timeout: HANGS_MS }).toBe(1);
    await pulse();
    expect(openedFor()).toEqual(['zerodha']);
    isAway = false;
    await command({ type: 'retry', account: zerodha });
    await shownRound(isAt(spouse));
  });

  it('leave out an account that was logged in or paused before its turn', async () => {
    await begin();
    await command({ type: 'pause', account: spouse, paused: true });
    await comeBack(zerodha, KITE_TOKEN);
    await shownRound(isAt(icici));
    await untilOpenedFor(['zerodha', 'icici']);
  });

  it('stop at a login that failed, and go on only with a press', async () => {
    backends[0]?.answerTokens(backends[0].refuse('token_spent'));
    await begin();
    await comeBack(zerodha, KITE_TOKEN);
    expect(await shownRound(isStopped)).toMatchObject({
      account: zerodha,
      says: 'Stopped at login 1 of 3: Zerodha zerodha. Its login failed, and its card says why.',
      left: [spouse, icici],
    });
    await pulse();
    expect(openedFor()).toEqual(['zerodha']);
    await command({ type: 'log-in-next' });
    await shownRound(isAt(spouse));
    expect(openedFor()).toEqual(['zerodha', 'spouse']);
  });

  it('stop at a login that raises a question', async () => {
    await begin();
    await command({ type: 'paste', account: zerodha, text: KITE_TOKEN });
    expect(await shownRound(isStopped)).toMatchObject({ says: expect.stringContaining('A question about it') });
    const [ask] = (await readAll()).asks;
    await command({ type: 'accept', ask: ask?.id ?? '' });
    await shownAccount(zerodha, ({ status }) => status === 'live');
    expect(openedFor()).toEqual(['zerodha']);
  });

  it('stop at a login that comes back without a token', async () => {
    await begin();
    const tab = (await loginOf(zerodha))?.tab ?? -1;
    await writeOutcome({ tab, account: zerodha, what: 'empty', at: Date.now() });
    await pulse();
    expect(await shownRound(isStopped)).toMatchObject({ says: expect.stringContaining('no token was captured') });
  });

  it('stop where the person closes the tab, and end there where that is all', async () => {
    await begin();
    const login = await loginOf(zerodha);
    // 2026-11, fake-browser 2.0: the tab goes, then its window is looked for under the tab's number.
    await chrome.tabs.remove(login?.tab ?? -1).catch(() => undefined);
    await command({ type: 'refresh' });
    expect(await shownRound(isStopped)).toMatchObject({ says: expect.stringContaining('Its login page was closed.') });
    await command({ type: 'stop-logins' });
    await shownRound((round) => round === null);
    expect(openedFor()).toEqual(['zerodha']);
  });

  it('stop at a login that Kite refuses to the person who is logged in there, and never log that person out', async () => {
    await begin([zerodha, spouse]);
    await comeBack(zerodha, KITE_TOKEN);
    await shownRound(isAt(spouse));
    await expect.poll(async () => (await loginOf(spouse))?.tab ?? -1, { timeout: HANGS_MS }).not.toBe(-1);
    const login = await loginOf(spouse);
    if (login) await writeLogin({ ...login, page: { is: 'refused', at: Date.now() } });
    await pulse();
    expect(await shownRound(isStopped)).toMatchObject({ account: spouse, left: [] });
    await shownAccount(spouse, ({ logOut }) => logOut?.why === 'last-step');
    await command({ type: 'log-in-next' });
    await shownRound((round) => round === null);
    expect(openedFor()).toEqual(['zerodha', 'spouse']);
    expect(opened.filter((url) => url.includes('logout'))).toEqual([]);
  });

  it('close the login page that stopped them before the next one opens', async () => {
    await begin();
    const login = await loginOf(zerodha);
    if (login) await writeLogin({ ...login, page: { is: 'refused', at: Date.now() } });
    await pulse();
    await shownRound(isStopped);
    await command({ type: 'log-in-next' });
    await shownRound(isAt(spouse));
    const tabs = await chrome.tabs.query({});
    expect(tabs.some(({ id }) => id === login?.tab)).toBe(false);
    expect(openedFor()).toEqual(['zerodha', 'spouse']);
  });

  it('close the login page of an account that was logged in in another tab', async () => {
    await begin();
    const login = await loginOf(zerodha);
    await logInWith(zerodha, KITE_TOKEN);
    await shownRound(isAt(spouse));
    await untilOpenedFor(['zerodha', 'zerodha', 'spouse']);
    expect((await chrome.tabs.query({})).some(({ id }) => id === login?.tab)).toBe(false);
  });

  it('say where a login page could not be opened', async () => {
    vi.mocked(fakeBrowser.tabs.create).mockRejectedValueOnce(new Error('the browser refuses'));
    await begin();
    expect(await shownRound(isStopped)).toMatchObject({ says: expect.stringContaining('could not be opened') });
  });
});

describe('a background that is killed', () => {
  const left = (turn: number, step: 'open' | 'opening', since: number) =>
    writeRound({ accounts, turn, step: { is: step, since } });

  it('between two logins opens the next in its next life', async () => {
    const since = Date.now();
    await logInWith(zerodha, KITE_TOKEN);
    await shownAccount(zerodha, ({ status }) => status === 'live');
    await left(0, 'open', since);
    await pulse();
    await shownRound(isAt(spouse));
    expect(openedFor()).toEqual(['zerodha', 'spouse']);
  });

  it('before it opened a login opens it in its next life', async () => {
    await left(1, 'opening', Date.now());
    await pulse();
    expect((await readRound())?.step.is).toBe('open');
    expect(openedFor()).toEqual(['spouse']);
  });

  it('after it opened a login opens none again', async () => {
    const since = Date.now();
    await writeLogin({ tab: -1, account: spouse, by: 'us', state: 'cut-off', at: since });
    await left(1, 'opening', since);
    await pulse();
    expect(openedFor()).toEqual([]);
    await redirect(72, `${HOME}?request_token=${KITE_TOKEN}&ob_state=cut-off`);
    await shownRound(isAt(icici));
    await untilOpenedFor(['icici']);
  });

  it('is woken by an alarm while a login is still to come', async () => {
    await begin();
    const alarm = await chrome.alarms.get('pulse');
    expect((alarm?.scheduledTime ?? Number.POSITIVE_INFINITY) - Date.now()).toBeLessThanOrEqual(30_000);
  });
});
