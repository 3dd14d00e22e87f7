import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DestinationForm } from '../../../utils/domain/accounts/settings.ts';
import { UNSEEN } from '../../../utils/domain/capture/provenance.ts';
import { noteRequest } from '../../../utils/platform/network/requested.ts';
import { readKey, removeKey } from '../../../utils/platform/storage/keys.ts';
import { isSeen } from '../../../utils/services/capture/capture.ts';
import { tellFate } from '../../../utils/services/capture/fate.ts';
import { takeLeftovers, takeNavigation } from '../../../utils/services/capture/intake.ts';
import { takePage } from '../../../utils/services/capture/page.ts';
import { obey } from '../../../utils/services/inbound/commands.ts';
import { followTab, takeBrokerPage } from '../../../utils/services/logins/login-pages.ts';
import { pulse } from '../../../utils/services/pulse/pulse.ts';
import { busy } from '../../../utils/services/pulse/world.ts';
import { watch } from '../../../utils/services/settings/watch.ts';
import { readLog } from '../../../utils/services/store/log.ts';
import { readAll, writeLogin, writeSeen } from '../../../utils/services/store/store.ts';
import { HEADER } from '../../../utils/shared/contract.ts';
import { openDestination, type TestDestination } from '../../support/backend/destination.ts';
import {
  cleanUp,
  command,
  everythingStored,
  expectGone,
  isLink,
  logIn,
  logInWith,
  pair,
  pause,
  redirect,
  shownAccount,
} from '../../support/browsers/extension.ts';
import { BREEZE_TOKEN, KITE_TOKEN } from '../../support/samples/samples.ts';

const HOME = 'http://127.0.0.1:8000/';
const SECOND_TOKEN = 'SecondTokenOfKiteWith32LettersOk';

let backend: TestDestination;
beforeEach(async () => {
  backend = await openDestination();
});
afterEach(async () => {
  await cleanUp();
  await backend.close();
});

describe('a login', () => {
  it('goes from the button to the proof: captured, delivered, exchanged, verified, live', async () => {
    const account = await pair(backend);
    const sealed = await logInWith(account, KITE_TOKEN);
    expect(sealed).toEqual({ seal: true });
    const view = await shownAccount(account, (one) => isLink(one, 'live', 'done'));
    expect(view).toMatchObject({ status: 'live', user: 'AB****', confirmUser: 'AB****' });
    expect(view.links?.map(({ state }) => state)).toEqual(['done', 'done', 'done', 'done', 'done']);
    const [delivered, ...more] = backend.tokens();
    expect(more).toEqual([]);
    expect(delivered).toMatchObject({ method: 'POST', isSigned: true, id: expect.stringMatching(/^ob_[a-z2-7]{26}$/) });
    expect(JSON.parse(delivered?.body ?? '')).toMatchObject({
      account: 'main',
      broker: 'zerodha',
      token: { kind: 'one-time', value: KITE_TOKEN },
      expected_user: null,
    });
    await expectGone(KITE_TOKEN);
    // What our page has to say of this redirect stays with its tab.
    expect(Object.keys(await chrome.storage.session.get(null)).map((key) => key.replace(/:.*/, ''))).toEqual([
      'overview',
      'outcome',
    ]);
    expect(await chrome.action.getBadgeText({})).toBe('✓');
  });

  it('is sent to no one before the destination proved itself', async () => {
    backend.answerChecks((_, usual) => ({ ...usual(), isSigned: false }));
    const account = await pair(backend);
    await logInWith(account, KITE_TOKEN);
    await shownAccount(account, ({ advice }) => advice?.mend === 'edit-destination');
    await pause(100);
    expect(backend.tokens()).toEqual([]);
  });

  it('waits for a permission that was taken back, and goes when it is given again', async () => {
    const account = await pair(backend);
    await shownAccount(account, ({ reportedAt }) => reportedAt !== null);
    await chrome.permissions.remove({ origins: ['http://127.0.0.1/*'] });
    await logInWith(account, KITE_TOKEN);
    await shownAccount(account, ({ advice }) => advice?.mend === 'grant');
    expect(backend.tokens()).toEqual([]);
    await chrome.permissions.request({ origins: ['http://127.0.0.1/*'] });
    await pulse();
    await shownAccount(account, ({ status }) => status === 'live');
    expect(backend.tokens()).toHaveLength(1);
  });

  it('that a killed background only saw is taken by its next life', async () => {
    const account = await pair(backend);
    const { tab, state } = await logIn(account);
    const url = `${HOME}?request_token=${KITE_TOKEN}&ob_state=${state}`;
    await writeSeen({ id: 'seen0001', tab, url, origin: 'https://kite.zerodha.com', isHeader: true, start: null });
    await takeLeftovers();
    await shownAccount(account, ({ status }) => status === 'live');
    await takeLeftovers();
    expect(backend.tokens()).toHaveLength(1);
    await expectGone(KITE_TOKEN);
  });

  it('whose tab had just opened when the background was killed is known by its state', async () => {
    const account = await pair(backend);
    await writeLogin({ tab: -1, account, by: 'us', state: 'cut-off', at: Date.now() });
    await redirect(71, `${HOME}?request_token=${SECOND_TOKEN}&ob_state=another`);
    await redirect(72, `${HOME}?request_token=${KITE_TOKEN}&ob_state=cut-off`);
    await shownAccount(account, ({ status }) => status === 'live');
    expect(backend.tokens().map(({ body }) => body.includes(KITE_TOKEN))).toEqual([true]);
    expect((await readAll()).logins).toEqual([]);
  });

  it('of Breeze comes as a form, from a page of the broker', async () => {
    const account = await pair(backend, { broker: 'icici' });
    const { tab, state } = await logIn(account);
    expect(state).toBeNull();
    const form = { API_Session: [BREEZE_TOKEN] };
    const page = { origin: 'https://api.icicidirect.com', isHeader: false };
    await takeNavigation(
      { tab, url: HOME, form, ...page },
      { ...UNSEEN, start: Promise.resolve({ byHand: false, hopped: false }) },
    );
    await shownAccount(account, ({ status }) => status === 'live');
    expect(JSON.parse(backend.tokens()[0]?.body ?? '')).toMatchObject({ token: { kind: 'day', value: BREEZE_TOKEN } });
  });

  it('has the same id whatever way it came', async () => {
    const account = await pair(backend);
    await logInWith(account, KITE_TOKEN);
    await shownAccount(account, ({ status }) => status === 'live');
    const { ask = '' } = await command({ type: 'paste', account, text: `${HOME}?request_token=${KITE_TOKEN}` });
    await command({ type: 'accept', ask });
    await expect.poll(() => backend.tokens().length).toBe(2);
    const [first, second] = backend.tokens();
    expect(second?.id).toBe(first?.id);
    expect(second?.headers[HEADER.id]).toBe(first?.id);
  });
});

describe('a redirect that is not taken at once', () => {
  it('is asked about when no login was started here, and only a yes sends it', async () => {
    const account = await pair(backend);
    expect(await redirect(99, `${HOME}?request_token=${KITE_TOKEN}`)).toEqual({ seal: true });
    const { ask } = await shownAccount(account, (view) => view.ask !== null);
    expect(ask?.says).toContain('not started here');
    await pause(100);
    expect(backend.tokens()).toEqual([]);
    expect(JSON.stringify(await chrome.storage.session.get('overview'))).not.toContain(KITE_TOKEN);
    await command({ type: 'accept', ask: ask?.id ?? '' });
    await shownAccount(account, ({ status }) => status === 'live');
    await expectGone(KITE_TOKEN);
  });

  it('and is told of once more while its question is open waits for no login', async () => {
    const account = await pair(backend);
    const seen = { tab: 99, url: `${HOME}?request_token=${KITE_TOKEN}`, origin: 'https://kite.zerodha.com' };
    await takeNavigation({ ...seen, isHeader: true });
    const { ask } = await shownAccount(account, (view) => view.ask !== null);
    const waits = vi.spyOn(globalThis, 'setTimeout');
    await takeNavigation({ ...seen, isHeader: false });
    expect(waits.mock.calls.filter(([, ms]) => ms === 50)).toEqual([]);
    waits.mockRestore();
    expect((await shownAccount(account, () => true)).ask?.id).toBe(ask?.id);
    expect(backend.tokens()).toEqual([]);
  });

  it('makes its address the sealed one with a yes, before the next login can begin', async () => {
    const account = await pair(backend);
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    backend.answerTokens(async (_, usual) => {
      await released;
      return usual();
    });
    const { tab, state } = await logIn(account);
    await redirect(tab, `${HOME}moved?request_token=${KITE_TOKEN}&ob_state=${state}`);
    const { ask } = await shownAccount(account, (view) => view.ask !== null);
    // The proof that the login asked for is over, so that the token leaves with the yes itself.
    await expect.poll(() => busy.size).toBe(0);
    const accepting = command({ type: 'accept', ask: ask?.id ?? '' });
    await shownAccount(account, ({ settings }) => settings.redirectUrl === `${HOME}moved`);
    await logIn(account);
    expect(JSON.stringify(await chrome.declarativeNetRequest.getDynamicRules())).toContain('moved');
    release();
    await accepting;
    expect(backend.tokens()).toHaveLength(1);
  });

  it('is forgotten with a no', async () => {
    const account = await pair(backend);
    await redirect(99, `${HOME}?request_token=${KITE_TOKEN}`);
    const { ask } = await shownAccount(account, (view) => view.ask !== null);
    await command({ type: 'discard', ask: ask?.id ?? '' });
    await shownAccount(account, (view) => view.ask === null);
    await expectGone(KITE_TOKEN);
    expect(await obey({ type: 'accept', ask: ask?.id ?? '' })).toMatchObject({ ok: false });
    expect(backend.tokens()).toEqual([]);
  });

  it('is refused with a wrong state, and with a used one', async () => {
    const account = await pair(backend);
    const { tab, state } = await logIn(account);
    await redirect(tab, `${HOME}?request_token=${KITE_TOKEN}&ob_state=wrong`);
    await shownAccount(account, ({ notice }) => notice?.includes('wrong, used or old state') ?? false);
    await redirect(tab, `${HOME}?request_token=${KITE_TOKEN}&ob_state=${state}`);
    await shownAccount(account, ({ status }) => status === 'live');
    await redirect(tab, `${HOME}?request_token=${SECOND_TOKEN}&ob_state=${state}`);
    await shownAccount(account, ({ notice }) => notice?.includes('wrong, used or old state') ?? false);
    expect(backend.tokens()).toHaveLength(1);
    await expectGone(SECOND_TOKEN);
  });

  it.each([
    [null, false],
    ['http://evil.example', false],
    ['http://evil.example', true],
  ])('is never captured when %s sent it, header %s', async (origin, isHeader) => {
    const account = await pair(backend);
    const { tab, state } = await logIn(account);
    expect(state).not.toBeNull();
    const url = `${HOME}?request_token=${KITE_TOKEN}`;
    expect(await takeNavigation({ tab, url, origin, isHeader })).toEqual({ seal: false });
    if (!isHeader) await shownAccount(account, ({ notice }) => notice?.includes('other than the broker') ?? false);
    await pause(100);
    await expectGone(KITE_TOKEN);
    expect(backend.tokens()).toEqual([]);
  });

  it('is asked about when nobody is known to have sent it, but its state is that of a login begun here', async () => {
    const account = await pair(backend);
    const { tab, state } = await logIn(account);
    const url = `${HOME}?request_token=${KITE_TOKEN}&ob_state=${state}`;
    expect(await takeNavigation({ tab: tab + 1, url, origin: null, isHeader: false })).toEqual({ seal: true });
    const { ask, notice } = await shownAccount(account, (view) => view.ask !== null);
    expect([ask?.says.includes('not seen sending it'), notice, backend.tokens()]).toEqual([true, null, []]);
  });

  it('is ignored when it was seen before: a reload, a restored tab', async () => {
    const account = await pair(backend);
    await logInWith(account, KITE_TOKEN);
    await shownAccount(account, ({ status }) => status === 'live');
    for (const tab of [1, 99]) await redirect(tab, `${HOME}?request_token=${KITE_TOKEN}`);
    await pause(50);
    expect((await shownAccount(account, () => true)).ask).toBeNull();
    expect(backend.tokens()).toHaveLength(1);
  });

  it('at another address than the registered one is asked about; a yes makes that the registered one', async () => {
    const account = await pair(backend);
    const { tab, state } = await logIn(account);
    const opened = vi.spyOn(chrome.tabs, 'create');
    const url = `http://127.0.0.1:9999/?request_token=${KITE_TOKEN}&ob_state=${state}`;
    expect(await redirect(tab, url)).toEqual({ seal: false });
    await takeNavigation({ tab, url, origin: 'https://kite.zerodha.com', isHeader: false });
    const { ask, notice } = await shownAccount(account, (view) => view.ask !== null);
    expect(ask).toMatchObject({ says: expect.stringContaining('http://127.0.0.1:9999/'), yes: 'Use this address' });
    expect(notice).toBeNull();
    expect(backend.tokens()).toEqual([]);
    expect(opened.mock.calls.map(([{ url: page }]) => page?.endsWith('/captured.html'))).toEqual([true]);
    opened.mockRestore();
    await command({ type: 'accept', ask: ask?.id ?? '' });
    const view = await shownAccount(account, ({ status }) => status === 'live');
    expect(view).toMatchObject({ settings: { redirectUrl: 'http://127.0.0.1:9999/' }, notice: null });
    expect(backend.tokens()).toHaveLength(1);
  });

  it('at another address is forgotten by a no, and the address stays as it was', async () => {
    const account = await pair(backend);
    const { tab, state } = await logIn(account);
    await redirect(tab, `http://127.0.0.1:9999/?request_token=${KITE_TOKEN}&ob_state=${state}`);
    const { ask } = await shownAccount(account, (view) => view.ask !== null);
    await command({ type: 'discard', ask: ask?.id ?? '' });
    const view = await shownAccount(account, (one) => one.ask === null);
    expect(view).toMatchObject({ settings: { redirectUrl: HOME }, notice: expect.stringContaining('9999') });
    expect(await everythingStored()).not.toContain(KITE_TOKEN);
  });

  it('at another address is refused with a wrong state, and nothing is asked where no login is under way', async () => {
    const account = await pair(backend);
    const { tab } = await logIn(account);
    await redirect(tab, `http://127.0.0.1:9999/?request_token=${KITE_TOKEN}&ob_state=wrong`);
    expect((await shownAccount(account, (view) => view.notice !== null)).ask).toBeNull();
    await redirect(tab + 1_000, `http://127.0.0.1:9999/?request_token=${SECOND_TOKEN}`);
    expect((await shownAccount(account, () => true)).ask).toBeNull();
    expect(await everythingStored()).not.toContain(KITE_TOKEN);
  });

  it('of a registration without scheme is explained, and can be used this once', async () => {
    const account = await pair(backend, { broker: 'icici' });
    const { tab } = await logIn(account);
    const url = `https://api.icicidirect.com/apiuser/www.google.com?apisession=${BREEZE_TOKEN}`;
    await takeNavigation({ tab, url, origin: 'https://api.icicidirect.com', isHeader: false });
    const { ask } = await shownAccount(account, (view) => view.ask !== null);
    expect(ask?.says).toContain('“www.google.com”, has no http://');
    await command({ type: 'accept', ask: ask?.id ?? '' });
    const view = await shownAccount(account, ({ status }) => status === 'live');
    expect(view.settings.redirectUrl).toBe(HOME);
  });
});

describe('a login opened by hand', () => {
  const url = 'https://kite.zerodha.com/connect/login?v=3&api_key=kitekey';
  const page = { tab: 31, url, site: 'none', hopped: false, isPrefetch: false, origin: null, at: 0, request: '1' };
  it.each([
    [true, 'typed', page],
    [false, 'of another key', { ...page, url: url.replace('kitekey', 'other') }],
    [false, 'from a foreign page', { ...page, site: 'cross-site', origin: 'https://evil.example' }],
  ])('arms its tab: %s, when it is %s', async (isArmed, _how, seen) => {
    const account = await pair(backend);
    await takeBrokerPage(seen);
    await redirect(31, `${HOME}?request_token=${KITE_TOKEN}`);
    await shownAccount(account, ({ ask, status }) => (isArmed ? status === 'live' : ask !== null));
  });

  it('that a restart had forgotten goes on: the state in its address is no reproach', async () => {
    const account = await pair(backend);
    await takeBrokerPage({ ...page, url: `${url}&redirect_params=ob_state%3Dforgotten` });
    await redirect(31, `${HOME}?request_token=${KITE_TOKEN}&ob_state=forgotten`);
    const view = await shownAccount(account, ({ status }) => status === 'live');
    expect([view.ask, view.notice]).toEqual([null, null]);
    expect(backend.tokens()).toHaveLength(1);
  });

  it('arms its tab also where the background hears of it after the redirect that it led to', async () => {
    const account = await pair(backend);
    const redirected = redirect(31, `${HOME}?request_token=${KITE_TOKEN}`);
    await setTimeout(100);
    await takeBrokerPage(page);
    await redirected;
    const view = await shownAccount(account, ({ status }) => status === 'live');
    expect(view.ask).toBeNull();
  });

  const header = {
    tab: 31,
    url: `${HOME}?request_token=${KITE_TOKEN}`,
    origin: 'https://kite.zerodha.com',
    isHeader: true,
  };

  it.each(['seal', 'forward'] as const)(
    'settles the question about the redirect of its own request, however late it is heard of, %s',
    async (mode) => {
      const account = await pair(backend, { mode });
      await takeNavigation({ ...header, request: '1' });
      await shownAccount(account, ({ ask }) => ask !== null);
      expect(backend.tokens()).toEqual([]);
      await takeBrokerPage(page);
      const view = await shownAccount(account, ({ status }) => status === 'live');
      expect(view.ask).toBeNull();
      expect(backend.tokens()).toHaveLength(1);
      expect((await readAll()).logins).toEqual([]);
    },
  );

  it.each([
    ['of another request', '2', page],
    ['of a foreign page', '1', { ...page, site: 'cross-site', origin: 'https://evil.example' }],
    ['of another key', '1', { ...page, url: url.replace('kitekey', 'other') }],
  ])('leaves the question about a redirect %s', async (_, request, seen) => {
    const account = await pair(backend);
    await takeNavigation({ ...header, request });
    await shownAccount(account, ({ ask }) => ask !== null);
    await takeBrokerPage(seen);
    expect((await shownAccount(account, () => true)).ask).not.toBeNull();
    expect(backend.tokens()).toEqual([]);
  });

  it('goes with its tab when the browser gives that another number', async () => {
    const account = await pair(backend);
    await takeBrokerPage(page);
    await followTab(99, 31);
    await redirect(99, `${HOME}?request_token=${KITE_TOKEN}`);
    await shownAccount(account, ({ status }) => status === 'live');
  });

  it('arms its tab when a page of the destination links to it', async () => {
    const account = await pair(backend);
    await takeBrokerPage({ ...page, site: 'cross-site', origin: new URL(backend.url).origin });
    await redirect(31, `${HOME}?request_token=${KITE_TOKEN}`);
    await shownAccount(account, ({ status }) => status === 'live');
  });
});

describe('a redirect page that loads', () => {
  const url = `${HOME}?mine=1&request_token=${KITE_TOKEN}`;
  it('hears that its login is taken, and its address without the token', async () => {
    const account = await pair(backend, { mode: 'forward' });
    const { tab, state } = await logIn(account);
    expect(await redirect(tab, `${url}&ob_state=${state}`)).toEqual({ seal: false });
    expect(await takePage({ url: `${url}&ob_state=${state}`, referrer: '', tab })).toEqual({
      captured: true,
      scrubbed: `${HOME}?mine=1`,
    });
    await shownAccount(account, ({ status }) => status === 'live');
    expect(backend.tokens()).toHaveLength(1);
  });

  it('is judged after the redirect that led to it, also when a background that woke late hears both at once', async () => {
    const account = await pair(backend, { mode: 'forward' });
    const { tab, state } = await logIn(account);
    // Not even the order of the two is sure.
    const said = takePage({ url: `${url}&ob_state=${state}`, referrer: '', tab });
    await setTimeout(100);
    await redirect(tab, `${url}&ob_state=${state}`);
    expect(await said).toMatchObject({ captured: true });
    expect((await shownAccount(account, ({ links }) => links !== null)).ask).toBeNull();
    await shownAccount(account, ({ status }) => status === 'live');
    expect(backend.tokens()).toHaveLength(1);
  });

  it('is looked up without the lock, so that leaves no key that a capture at the same time would not know (STO-07)', async () => {
    const id = await pair(backend, { mode: 'forward' });
    const [account] = (await readAll()).accounts.filter((one) => one.id === id);
    if (!account) throw new Error('there is no account');
    await removeKey('ledger');
    expect(await isSeen(account, KITE_TOKEN)).toBe(false);
    expect(await readKey('ledger')).toBeNull();
    await logInWith(id, KITE_TOKEN);
    expect(await isSeen(account, KITE_TOKEN)).toBe(true);
  });

  it('is asked about where the broker was not seen', async () => {
    const account = await pair(backend, { mode: 'forward' });
    const { tab, state } = await logIn(account);
    expect(await takePage({ url: `${url}&ob_state=${state}`, referrer: '', tab })).toEqual({ captured: false });
    await shownAccount(account, ({ ask }) => ask !== null);
    expect(backend.tokens()).toEqual([]);
  });

  it('hears nothing in a tab where nobody logs in, nor for a sealed account', async () => {
    const account = await pair(backend, { mode: 'forward' });
    expect(await takePage({ url, referrer: '', tab: 99 })).toEqual({ captured: false });
    await pair(backend, { mode: 'seal' });
    const { tab } = await logIn(account);
    expect(await takePage({ url, referrer: '', tab })).toEqual({ captured: false });
    await expectGone(KITE_TOKEN);
    expect(backend.tokens()).toEqual([]);
  });

  describe('whose service worker hid the request', () => {
    const referrer = 'https://kite.zerodha.com/';

    it.each(['seal', 'forward'] as const)('is captured by our state where the broker led there, %s', async (mode) => {
      const account = await pair(backend, { mode });
      const { tab, state } = await logIn(account);
      expect(await takePage({ url: `${url}&ob_state=${state}`, referrer, tab })).toMatchObject({ captured: true });
      await shownAccount(account, ({ status }) => status === 'live');
      expect(backend.tokens()).toHaveLength(1);
    });

    it.each([
      ['https://evil.example/', `&ob_state=`],
      ['https://kite.zerodha.com.evil.example/', ''],
      ['', ''],
    ])('is not captured where “%s” led there without our state', async (from, more) => {
      const account = await pair(backend, { mode: 'forward' });
      const { tab } = await logIn(account);
      expect(await takePage({ url: url + more, referrer: from, tab })).toEqual({ captured: false });
      expect(backend.tokens()).toEqual([]);
      await expectGone(KITE_TOKEN);
    });

    it.each(['seal', 'forward'] as const)('is said where the login was posted, once, %s', async (mode) => {
      const account = await pair(backend, { mode });
      const { tab } = await logIn(account);
      expect(await takePage({ url: HOME, referrer: '', tab })).toEqual({ captured: false });
      const view = await shownAccount(account, ({ notice }) => notice !== null);
      expect(view.notice).toMatch(/service worker at http:\/\/127\.0\.0\.1:8000\/ hid it/);
      expect((await readAll()).outcomes).toMatchObject([{ tab, account, what: 'hidden' }]);
      const { length } = await readLog();
      await takePage({ url: HOME, referrer: '', tab });
      expect(await readLog()).toHaveLength(length);
    });

    it.each([
      ['another tab', { tab: 99 }],
      ['another path', { url: `${HOME}prices` }],
    ])('is not said of %s', async (_, other) => {
      const account = await pair(backend, { mode: 'forward' });
      const { tab } = await logIn(account);
      await takePage({ url: HOME, referrer: '', tab, ...other });
      expect((await shownAccount(account, () => true)).notice).toBeNull();
    });

    it('is not said of a page whose request was seen', async () => {
      const account = await pair(backend, { mode: 'forward' });
      const { tab } = await logIn(account);
      noteRequest(tab, HOME);
      await takePage({ url: `${HOME}#top`, referrer: '', tab });
      expect((await shownAccount(account, () => true)).notice).toBeNull();
    });
  });
});

describe('a paste (CAP-13)', () => {
  it.each([KITE_TOKEN, ` ${HOME}?request_token=${KITE_TOKEN}&status=success `])(
    '%j asks, and a yes sends it',
    async (text) => {
      const account = await pair(backend);
      const { ask = '' } = await command({ type: 'paste', account, text });
      await shownAccount(account, (view) => view.ask?.id === ask);
      await pause(50);
      expect(backend.tokens()).toEqual([]);
      await command({ type: 'accept', ask });
      await shownAccount(account, ({ status }) => status === 'live');
      await expectGone(KITE_TOKEN);
    },
  );

  it.each(['hello', HOME, `${HOME}?request_token=${KITE_TOKEN}&status=error`])('%j holds no token', async (text) => {
    const account = await pair(backend);
    expect(await obey({ type: 'paste', account, text })).toMatchObject({ ok: false, problems: [{ field: 'text' }] });
  });

  it('replaces an older question', async () => {
    const account = await pair(backend);
    const { ask: older = '' } = await command({ type: 'paste', account, text: KITE_TOKEN });
    const { ask = '' } = await command({ type: 'paste', account, text: SECOND_TOKEN });
    expect(await obey({ type: 'accept', ask: older })).toMatchObject({ ok: false });
    await command({ type: 'accept', ask });
    await shownAccount(account, ({ status }) => status === 'live');
    expect(backend.tokens().map(({ body }) => body.includes(SECOND_TOKEN))).toEqual([true]);
  });
});

describe('the settings', () => {
  it('paused, capture and send nothing, and forget nothing', async () => {
    const account = await pair(backend);
    const { tab, state } = await logIn(account);
    await command({ type: 'pause', account, paused: true });
    expect(await redirect(tab, `${HOME}?request_token=${KITE_TOKEN}&ob_state=${state}`)).toEqual({ seal: false });
    await expectGone(KITE_TOKEN);
    expect(await obey({ type: 'log-in', account })).toMatchObject({ ok: false });
    expect(await chrome.declarativeNetRequest.getDynamicRules()).toEqual([]);
    await command({ type: 'pause', account, paused: false });
    await logInWith(account, SECOND_TOKEN);
    await shownAccount(account, ({ status }) => status === 'live');
    expect(backend.tokens()).toHaveLength(1);
  });

  it('are gone without a trace when they are forgotten', async () => {
    backend.answerTokens(() => 'drop');
    const account = await pair(backend);
    await logInWith(account, KITE_TOKEN);
    await shownAccount(account, ({ status }) => status === 'working');
    await command({ type: 'paste', account, text: SECOND_TOKEN });
    await logIn(account);
    await command({ type: 'forget', account });
    const { damaged, ...left } = await readAll();
    expect(left).toEqual({
      accounts: [],
      destinations: [],
      facts: new Map(),
      notices: new Map(),
      dashboards: [],
      lost: new Map(),
      deliveries: [],
      asks: [],
      logins: [],
      seen: [],
      outcomes: [],
    });
    expect(damaged).toEqual([]);
    const session = await chrome.storage.session.get(null);
    expect(Object.keys(session)).toEqual(['overview']);
    expect(JSON.stringify(session)).not.toContain(account);
    const databases = await readKeys();
    expect(databases.filter((key) => !['ledger', 'key:ledger', 'log', 'clock'].includes(key))).toEqual([]);
    expect(JSON.stringify(await readLog())).not.toContain(account);
    expect(await chrome.declarativeNetRequest.getDynamicRules()).toEqual([]);
    // A call that was out when the account went still has to come back.
    await expect.poll(() => chrome.alarms.get('pulse')).toBeUndefined();
  });

  it('paired again, drop what waited for the former destination', async () => {
    backend.answerTokens(() => 'drop');
    const account = await pair(backend);
    await logInWith(account, KITE_TOKEN);
    await expect.poll(() => backend.tokens().length).toBe(1);
    const other = await openDestination();
    expect(await pair(other)).toBe(account);
    const view = await shownAccount(account, ({ destination }) => destination?.url === other.url);
    expect(view.destination?.fingerprint).toMatch(/^[0-9a-f]{4} [0-9a-f]{4}$/);
    await expectGone(KITE_TOKEN);
    await command({ type: 'retry', account });
    await pause(100);
    expect([backend.tokens().length, other.tokens().length]).toEqual([1, 0]);
    await logInWith(account, SECOND_TOKEN);
    await shownAccount(account, ({ status }) => status === 'live');
    expect(other.tokens()).toHaveLength(1);
    await cleanUp();
    await other.close();
  });

  it('never show a secret again, nor keep its text', async () => {
    const account = await pair(backend);
    await shownAccount(account, ({ reportedAt }) => reportedAt !== null);
    expect(await everythingStored()).not.toContain(backend.secret.slice('whsec_'.length));
    const form: DestinationForm = { kind: 'signed', url: backend.url, secret: backend.secret };
    await command({ type: 'save-destination', account, form });
    expect(await everythingStored()).not.toContain(backend.secret.slice('whsec_'.length));
  });

  it('of two accounts with one redirect URL: the tab says whose login it is', async () => {
    const other = await openDestination();
    const first = await pair(backend, { account: 'first', api_key: 'key1' });
    // The same place, written as a person would who left the slash out.
    const second = await pair(other, { account: 'second', api_key: 'key2', redirect_url: HOME.slice(0, -1) });
    await logInWith(second, KITE_TOKEN);
    await shownAccount(second, ({ status }) => status === 'live');
    await logInWith(first, SECOND_TOKEN);
    await shownAccount(first, ({ status }) => status === 'live');
    const bodies = [backend, other].map((one) =>
      one
        .tokens()
        .map(({ body }) => body)
        .join(),
    );
    expect(bodies[0]).toContain(SECOND_TOKEN);
    expect(bodies[1]).toContain(KITE_TOKEN);
    expect([backend.tokens().length, other.tokens().length]).toEqual([1, 1]);
    // In a tab where no login is under way only the person can say; one yes is the answer for both.
    const token = 'A'.repeat(32);
    expect(await redirect(99, `${HOME}?request_token=${token}`)).toEqual({ seal: true });
    const { ask } = await shownAccount(second, (view) => view.ask !== null);
    expect((await shownAccount(first, () => true)).ask?.says).toContain('“first”');
    await command({ type: 'accept', ask: ask?.id ?? '' });
    await shownAccount(first, (view) => view.ask === null);
    await expect.poll(() => other.tokens().at(-1)?.body).toContain(token);
    expect(JSON.stringify(backend.tokens())).not.toContain(token);
    // Our page in that tab shows the account of the yes, not the first that was asked about.
    expect(await tellFate(99, 0)).toEqual({ is: 'captured', account: second });
    await cleanUp();
    await other.close();
  });

  it('seal in the browser what they should, in rules and scripts', async () => {
    await pair(backend);
    expect(await chrome.declarativeNetRequest.getDynamicRules()).toMatchObject([
      {
        action: { redirect: { extensionPath: '/captured.html' } },
        condition: { requestDomains: ['kite.zerodha.com'] },
      },
      {
        action: { redirect: { url: expect.stringContaining(':1/sealed') } },
        condition: { initiatorDomains: ['kite.zerodha.com'] },
      },
    ]);
    // A sealed page loads where its service worker hides the request from every rule.
    expect(await chrome.scripting.getRegisteredContentScripts()).toMatchObject([
      { id: 'redirect', matches: ['http://127.0.0.1/', 'http://127.0.0.1/?*'] },
    ]);
    await pair(backend, { mode: 'observe' });
    expect(await chrome.scripting.getRegisteredContentScripts()).toEqual([]);
    await pair(backend, { mode: 'forward' });
    expect(await chrome.declarativeNetRequest.getDynamicRules()).toEqual([]);
    expect(await chrome.scripting.getRegisteredContentScripts()).toMatchObject([
      { id: 'redirect', matches: ['http://127.0.0.1/', 'http://127.0.0.1/?*'] },
    ]);
    // Two accounts at one redirect page: it still runs once there.
    await pair(backend, { account: 'other', broker: 'icici', mode: 'forward' });
    expect((await readAll()).accounts).toHaveLength(2);
    expect(await chrome.scripting.getRegisteredContentScripts()).toMatchObject([
      { matches: ['http://127.0.0.1/', 'http://127.0.0.1/?*'] },
    ]);
  });

  it('run the scripts of the folder that is there now, whatever was registered before', async () => {
    await pair(backend, { mode: 'forward' });
    const [known] = await chrome.scripting.getRegisteredContentScripts();
    await chrome.scripting.unregisterContentScripts({ ids: ['redirect'] });
    await chrome.scripting.registerContentScripts([{ ...known, id: 'redirect', js: ['older/redirect.js'] }]);
    await watch();
    expect(await chrome.scripting.getRegisteredContentScripts()).toMatchObject([{ js: ['redirect.js'] }]);
  });
});

it('a destination that hangs holds up no other', async () => {
  const slow = await openDestination();
  let release = () => {};
  const held = new Promise<void>((done) => {
    release = done;
  });
  slow.answerChecks(async (_, usual) => {
    await held;
    return usual();
  });
  void pair(slow, { account: 'slow', redirect_url: 'http://127.0.0.1:7000/' });
  await expect.poll(() => slow.received.length).toBe(1);
  const account = await pair(backend);
  await logInWith(account, KITE_TOKEN);
  await shownAccount(account, ({ status }) => status === 'live');
  expect(slow.received).toHaveLength(1);
  release();
  await cleanUp();
  await slow.close();
});

it('a message that is no command is answered with what is wrong', async () => {
  expect(await obey({ type: 'launch' })).toMatchObject({ ok: false, problems: [{ field: 'type' }] });
  expect(await obey({ type: 'forget', account: 'gone0000' })).toMatchObject({ ok: true });
  for (const type of ['log-in', 'test'])
    expect(await obey({ type, account: 'gone0000' })).toMatchObject({ ok: false, problems: [{ field: 'account' }] });
});

async function readKeys(): Promise<string[]> {
  const database = await new Promise<IDBDatabase>((open) => {
    const request = indexedDB.open('opening-bell');
    request.onsuccess = () => open(request.result);
  });
  const keys = await new Promise<IDBValidKey[]>((done) => {
    const request = database.transaction('records').objectStore('records').getAllKeys();
    request.onsuccess = () => done(request.result);
  });
  database.close();
  return keys.map(String);
}
