import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import type { DestinationForm } from '../../../utils/domain/accounts/settings.ts';
import type { TroubleCode } from '../../../utils/domain/delivery/trouble.ts';
import { readAll } from '../../../utils/services/store/store.ts';
import { openDestination, type TestDestination } from '../../support/backend/destination.ts';
import { cleanUp, command, logInWith, pair, shownAccount, troubleOf } from '../../support/browsers/extension.ts';
import { KITE_TOKEN } from '../../support/samples/samples.ts';

// Public report: with privacy.firstparty.isolate Firefox rejects cookies.get (bugzilla 1381197 and its kin).

let backend: TestDestination;
beforeEach(async () => {
  backend = await openDestination();
});
afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  await cleanUp();
  await backend.close();
});

type Login = 'none' | 'cookie' | 'tab';
const plain = (login: Login): DestinationForm => ({
  kind: 'plain',
  url: backend.url.replace('/session', '/token'),
  method: 'POST',
  format: 'json',
  field: 'code',
  login,
  authorization: { kind: 'none' },
  success: null,
  secret: '',
});
async function pairPlain(login: Login): Promise<string> {
  const account = await pair(backend);
  await expect.poll(() => backend.received.length).toBeGreaterThan(0);
  await chrome.permissions.request({ permissions: ['cookies'] });
  await command({ type: 'save-destination', account, form: plain(login) });
  return account;
}

const refuses = () => Promise.reject(new Error('the browser refuses'));
const COOKIE = { name: 'csrftoken', value: 'token', firstPartyDomain: '127.0.0.1' };
const browserWith = (change: object) => Object.assign(fakeBrowser, change);

/** Everything that a call asks of the browser, each refused in turn. */
const REFUSED: [what: string, login: Login, refuse: () => void, code: TroubleCode][] = [
  [
    'cookies, in isolation and out of it',
    'cookie',
    () => browserWith({ cookies: { get: refuses, getAll: refuses } }),
    'no_cookies',
  ],
  ['cookies, where the name does not exist', 'cookie', () => browserWith({ cookies: {} }), 'no_cookies'],
  [
    'a rule for the origin',
    'cookie',
    () => {
      browserWith({ cookies: { get: async () => COOKIE } });
      Object.assign(fakeBrowser.declarativeNetRequest, { updateSessionRules: refuses });
    },
    'not_made',
  ],
  ['its tabs', 'tab', () => undefined, 'not_made'],
];

describe('a call that the browser refuses', () => {
  it.each(REFUSED)('%s, has an outcome that is recorded', async (_, login, refuse, code) => {
    const account = await pairPlain(login);
    const known: (info: object) => unknown = fakeBrowser.tabs.query.bind(fakeBrowser.tabs);
    if (login !== 'tab') refuse();
    // Logging in looks for tabs too: only the call is refused.
    else Object.assign(fakeBrowser.tabs, { query: (info: object) => ('url' in info ? refuses() : known(info)) });
    await logInWith(account, KITE_TOKEN);
    await expect.poll(() => troubleOf(account)).toBe(code);
    Object.assign(fakeBrowser.tabs, { query: known });
    expect((await readAll()).deliveries.filter(({ sending }) => sending !== null)).toEqual([]);
    expect(backend.tokens()).toEqual([]);
    const view = await shownAccount(account, ({ advice }) => advice !== null);
    expect(view.advice?.says).not.toBe('');
  });

  it.each<[words: string, code: TroubleCode, isKept: boolean]>([
    ['Cannot access contents of the page. Extension manifest must request permission.', 'not_made', true],
    ['Missing host permission for the tab', 'not_made', true],
    ['No tab with id: 7', 'not_made', true],
    ['Frame with ID 0 is showing error page', 'not_made', true],
    // It may have run by then.
    ['Frame with ID 0 was removed.', 'outcome_unknown', false],
    ['The tab was closed.', 'outcome_unknown', false],
  ])('to run in a tab keeps the token where nothing ran: %s', async (words, code, isKept) => {
    const account = await pairPlain('tab');
    const known = fakeBrowser.tabs.query.bind(fakeBrowser.tabs);
    const open = [{ id: 7, url: backend.url.replace('/session', '/desk') }];
    const query = (info: object) => ('url' in info ? Promise.resolve(open) : known(info));
    Object.assign(fakeBrowser.tabs, { query });
    browserWith({ scripting: { ...fakeBrowser.scripting, executeScript: () => Promise.reject(new Error(words)) } });
    await logInWith(account, KITE_TOKEN);
    await expect.poll(() => troubleOf(account)).toBe(code);
    Object.assign(fakeBrowser.tabs, { query: known });
    expect((await readAll()).deliveries.some(({ body }) => body !== null)).toBe(isKept);
  });

  it('cookies outside of isolation alone, is made with those of any first party', async () => {
    const getAll = vi.fn(async () => [COOKIE]);
    vi.stubGlobal('location', { hostname: 'extension' });
    browserWith({ cookies: { get: refuses, getAll } });
    Object.assign(fakeBrowser.declarativeNetRequest, { updateSessionRules: async () => undefined });
    backend.answerTokens(() => ({ status: 200, body: '{}', headers: {}, isSigned: false }));
    const account = await pairPlain('cookie');
    await logInWith(account, KITE_TOKEN);
    await shownAccount(account, ({ status }) => status === 'accepted');
    expect(getAll).toHaveBeenCalledWith(expect.objectContaining({ name: 'csrftoken', firstPartyDomain: null }));
    expect(backend.tokens()[0]?.headers).toMatchObject({ 'x-csrftoken': 'token' });
  });

  it('to compare a signature, proves nothing and is asked again', async () => {
    vi.spyOn(crypto.subtle, 'verify').mockImplementation(refuses);
    const account = await pair(backend);
    await expect.poll(() => troubleOf(account)).toBe('unforeseen');
    vi.restoreAllMocks();
    await expect.poll(() => troubleOf(account)).toBe(undefined);
    await shownAccount(account, ({ destination }) => destination?.provenAt !== null);
  });
});
