import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listenToNavigations } from '../../../utils/platform/network/listeners.ts';
import { takeAnswer } from '../../../utils/services/capture/answers.ts';
import { takeNavigation } from '../../../utils/services/capture/intake.ts';
import { obey } from '../../../utils/services/inbound/commands.ts';
import { pulse } from '../../../utils/services/pulse/pulse.ts';
import { readAll, writeDelivery } from '../../../utils/services/store/store.ts';
import { openDestination, type TestDestination } from '../../support/backend/destination.ts';
import {
  cleanUp,
  command,
  expectGone,
  isLink,
  logIn,
  logInWith,
  pair,
  pause,
  redirect,
  shownAccount,
} from '../../support/browsers/extension.ts';
import { ANY_HOUR, BREEZE_TOKEN, KITE_TOKEN } from '../../support/samples/samples.ts';

const CALLBACK = 'http://127.0.0.1:8000/api/auth/callback';
/** A request that was seen from its beginning. */
const ended = { tab: 1, origin: null, missed: false };
const OBSERVED = { mode: 'observe', redirect_url: CALLBACK } as const;
const withToken = (token: string) => `${CALLBACK}?request_token=${token}`;

let backend: TestDestination;
beforeEach(async () => {
  backend = await openDestination();
});
afterEach(async () => {
  await cleanUp();
  await backend.close();
});

type FakeEvents = Record<string, { trigger(details: object): Promise<unknown> }>;

/** The backend's own callback took the login: its report names a session that we never delivered. */
const exchanged = () =>
  backend.setSession({
    state: 'verified',
    exchanged_at: new Date().toISOString(),
    verified_at: new Date().toISOString(),
  });

describe('a login that the backend takes by its own callback', () => {
  it('is seen, proven by the report, and never sent', async () => {
    const account = await pair(backend, OBSERVED);
    const seen = await logInWith(account, KITE_TOKEN);
    expect(seen).toEqual({ seal: false });
    await shownAccount(account, (view) => isLink(view, 'captured', 'done') && view.status === 'working');
    exchanged();
    const view = await shownAccount(account, ({ status }) => status === 'live');
    expect(view.links?.slice(0, 4).map(({ state }) => state)).toEqual(['done', 'done', 'done', 'done']);
    await expectGone(KITE_TOKEN);
    expect(backend.tokens()).toEqual([]);
    expect(JSON.stringify(backend.received)).not.toContain(KITE_TOKEN);
  });

  it('needs no yes when nobody pressed Log in here: nothing is sent either way', async () => {
    const account = await pair(backend, OBSERVED);
    await redirect(44, withToken(KITE_TOKEN));
    expect(await shownAccount(account, ({ links }) => links !== null)).toMatchObject({ ask: null });
  });

  it('is refused, and said, when a page other than the broker’s brought it', async () => {
    const account = await pair(backend, OBSERVED);
    await takeNavigation({ tab: 5, url: withToken(KITE_TOKEN), origin: 'https://evil.test', isHeader: false });
    expect((await shownAccount(account, ({ notice }) => notice !== null)).links).toBeNull();
  });

  it('whose callback did not answer is opened again on a click, as long as the token lives', async () => {
    const account = await pair(backend, OBSERVED);
    await logInWith(account, KITE_TOKEN);
    const { url = '' } = { url: (await readAll()).deliveries[0]?.body ?? '' };
    await takeAnswer({ ...ended, url, method: 'GET', answered: false });
    const view = await shownAccount(account, ({ advice }) => advice?.mend === 'reopen');
    expect(view).toMatchObject({ status: 'failed' });
    expect(isLink(view, 'delivered', 'failed')).toBe(true);
    await command({ type: 'reopen', account });
    expect((await chrome.tabs.query({})).at(-1)?.url).toBe(url);
    // Our own navigation to it is no second login.
    await takeNavigation({ tab: 77, url, origin: null, isHeader: false });
    await takeAnswer({ ...ended, url, method: 'GET', answered: true });
    exchanged();
    await shownAccount(account, ({ status }) => status === 'live');
    expect(backend.tokens()).toEqual([]);
  });

  it('whose answer reaches the background before its form does is seen to answer', async () => {
    const account = await pair(backend, { ...OBSERVED, broker: 'icici' });
    await logIn(account);
    listenToNavigations(['https://api.icicidirect.com/*'], {
      redirect: takeNavigation,
      answer: (seen) => void takeAnswer(seen),
      brokerPage: () => undefined,
      sealed: () => undefined,
    });
    const { onBeforeRedirect, onBeforeRequest, onBeforeSendHeaders } = chrome.webRequest as unknown as FakeEvents;
    const of = { requestId: '1', tabId: 1, frameId: 0, url: CALLBACK, method: 'POST' };
    const details = { ...of, initiator: 'https://api.icicidirect.com' };
    await onBeforeRedirect?.trigger({ ...details, redirectUrl: '/done', statusCode: 303, statusLine: 'HTTP/1.1 303' });
    await pause(100);
    await onBeforeRequest?.trigger({ ...details, requestBody: { formData: { API_Session: [BREEZE_TOKEN] } } });
    await onBeforeSendHeaders?.trigger({ ...details, requestHeaders: [] });
    await shownAccount(account, (view) => isLink(view, 'delivered', 'done'));
  });

  it('is over with its token: what is left is to log in again', async () => {
    const account = await pair(backend, OBSERVED);
    await logInWith(account, KITE_TOKEN);
    for (const one of (await readAll()).deliveries) await writeDelivery({ ...one, expiresAt: Date.now() - 1 });
    await pulse();
    const view = await shownAccount(account, ({ advice }) => advice?.mend === 'log-in');
    expect(view.advice?.says).toContain('not seen to answer');
    expect(await obey({ type: 'reopen', account })).toMatchObject({ ok: false, problems: [{ field: 'account' }] });
    await expectGone(KITE_TOKEN);
  });

  it('is never sent: not by Try again, not by a paste, not after another mode was chosen', async () => {
    const account = await pair(backend, OBSERVED);
    await logInWith(account, KITE_TOKEN);
    await command({ type: 'retry', account });
    expect(await obey({ type: 'paste', account, text: KITE_TOKEN })).toMatchObject({ ok: false });
    const { broker, name, apiKey, redirectUrl, expectedUser } = (await shownAccount(account, () => true)).settings;
    const form = { broker, name, apiKey, redirectUrl, expectedUser, mode: 'seal' as const };
    await command({ type: 'save-account', id: account, form });
    await command({ type: 'retry', account });
    await pause(300);
    expect(backend.tokens()).toEqual([]);
    await expectGone(KITE_TOKEN);
  });

  it('comes from Breeze as a form too, of which there is no URL to open again', async () => {
    const account = await pair(backend, { ...OBSERVED, broker: 'icici' });
    await redirect(1, CALLBACK, 'icici');
    const form = { API_Session: [BREEZE_TOKEN] };
    await takeNavigation({ tab: 1, url: CALLBACK, form, origin: 'https://api.icicidirect.com', isHeader: false });
    await shownAccount(account, (view) => isLink(view, 'captured', 'done'));
    await takeAnswer({ ...ended, url: CALLBACK, method: 'POST', answered: false });
    await shownAccount(account, ({ advice }) => advice?.mend === 'reopen');
    expect(await obey({ type: 'reopen', account })).toMatchObject({ ok: false });
    exchanged();
    await shownAccount(account, ({ status }) => status === 'live');
  });

  it('without a destination is accepted once its callback answered, and no more', async () => {
    const form = { broker: 'zerodha', name: 'main', apiKey: 'kitekey', mode: 'observe', expectedUser: null } as const;
    await chrome.permissions.request({ origins: ['https://kite.zerodha.com/*', 'http://127.0.0.1/*'] });
    const { account = '' } = await command({
      type: 'save-account',
      id: null,
      form: { ...form, redirectUrl: CALLBACK },
    });
    await command({ type: 'set-clock', account, clock: ANY_HOUR });
    await shownAccount(account, ({ status }) => status === 'never');
    await logInWith(account, KITE_TOKEN);
    await takeAnswer({ ...ended, url: withToken(KITE_TOKEN), method: 'GET', answered: true });
    const view = await shownAccount(account, ({ status }) => status === 'accepted');
    expect(view.says).toContain('callback answered');
    await expectGone(KITE_TOKEN);
  });
});
