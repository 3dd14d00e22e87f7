import fc from 'fast-check';
import { createStore, entries } from 'idb-keyval';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { destinationsOf } from '../../../utils/domain/accounts/destinations.ts';
import { filledFor, PRESETS } from '../../../utils/domain/accounts/known-systems.ts';
import { leaveOut } from '../../../utils/domain/accounts/left-out.ts';
import { DEFAULT_CLOCK, DEFAULT_PREFERENCES } from '../../../utils/domain/accounts/preferences.ts';
import { isUnpaired } from '../../../utils/domain/transfer/import-steps.ts';
import type { SettingsFile } from '../../../utils/domain/transfer/settings-file.ts';
import { recordsUnder } from '../../../utils/platform/storage/database.ts';
import { obey } from '../../../utils/services/inbound/commands.ts';
import { busy } from '../../../utils/services/pulse/world.ts';
import { log, readLog } from '../../../utils/services/store/log.ts';
import { readAll } from '../../../utils/services/store/store.ts';
import { hostPattern } from '../../../utils/shared/urls.ts';
import { openDestination, type TestDestination } from '../../support/backend/destination.ts';
import { cleanUp, command, logInWith, pair, shownAccount } from '../../support/browsers/extension.ts';
import { ANY_HOUR, BREEZE_TOKEN, KITE_TOKEN, SECRET } from '../../support/samples/samples.ts';

const EVERYWHERE = { origins: ['https://*/*', 'http://*/*'] };

let backend: TestDestination;
beforeEach(async () => {
  backend = await openDestination();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await cleanUp();
  await chrome.permissions.remove(EVERYWHERE);
  await backend.close();
});

const exported = async () => JSON.parse((await command({ type: 'export' })).text ?? '') as SettingsFile;
const preview = async (file: unknown) => {
  const { preview: shown } = await command({ type: 'preview-import', text: JSON.stringify(file) });
  return shown ?? { changes: [], stamp: '' };
};
const take = async (file: unknown) =>
  command({ type: 'import', text: JSON.stringify(file), stamp: (await preview(file)).stamp });

/** Everything that is kept anywhere, but for the clock’s own ticking. */
async function everything(): Promise<string> {
  const records = [...(await recordsUnder(''))].filter(([key]) => key !== 'clock' && key !== 'log');
  const session = Object.entries(await chrome.storage.session.get(null)).filter(([key]) => key !== 'overview');
  return JSON.stringify([records, session, await chrome.storage.local.get(null)]);
}

/** What the next start would read. */
async function onDisk() {
  await readLog();
  return new Map(await entries<string, unknown>(createStore('opening-bell', 'records')));
}

async function twoAccounts() {
  const zerodha = await pair(backend);
  const icici = await pair(backend, { broker: 'icici', account: 'family' });
  for (const id of [zerodha, icici]) await shownAccount(id, ({ reportedAt }) => reportedAt !== null);
  return { zerodha, icici };
}

describe('a delivery that is asked for again', () => {
  it('is the one that is held, and goes out', async () => {
    const account = await pair(backend, { broker: 'icici' });
    backend.answerTokens(backend.refuse('configuration'));
    await logInWith(account, BREEZE_TOKEN, 'icici');
    await expect.poll(async () => (await readAll()).deliveries[0]?.state).toBe('held');
    const { deliveries = [] } = await command({ type: 'deliveries' });
    const [row] = deliveries.filter(({ what }) => what === 'delivery');
    expect(row).toMatchObject({ waits: 'held', canRedeliver: true, token: 'day', account });
    expect(row?.attempts).toMatchObject([{ outcome: expect.stringMatching(/./), ms: expect.any(Number) }]);
    expect(JSON.stringify(deliveries)).not.toContain(BREEZE_TOKEN);
    backend.answerTokens((_, usual) => usual());
    const again = { type: 'redeliver', delivery: row?.delivery ?? '', destination: row?.destination ?? '' } as const;
    await command(again);
    await shownAccount(account, ({ status }) => status === 'live');
    const after = (await command({ type: 'deliveries' })).deliveries?.find(({ what }) => what === 'delivery');
    expect(after).toMatchObject({ waits: null, canRedeliver: false, delivery: row?.delivery });
    expect(after?.attempts.at(-1)).toMatchObject({ outcome: 'applied' });
    expect(await obey(again)).toMatchObject({ ok: false, problems: [{ field: 'delivery' }] });
    expect(backend.tokens()).toHaveLength(2);
  });
});

describe('settings as a file', () => {
  it('hold no secret of anything that is stored', async () => {
    await twoAccounts();
    const text = JSON.stringify(await exported());
    expect(text).not.toContain(backend.secret.slice('whsec_'.length));
    expect(Object.keys(JSON.parse(text))).toEqual(['format', 'version', 'accounts', 'preferences']);
  });

  it('change exactly what the preview showed, and send nothing', async () => {
    const { zerodha } = await twoAccounts();
    const file = await exported();
    const [first] = file.accounts;
    if (!first?.destinations[0]) throw new Error('the account has no destination');
    first.apiKey = 'another';
    file.accounts.splice(1, 1);
    file.preferences.market = 'mcx';
    const { changes, stamp } = await preview(file);
    expect(changes.filter(({ is }) => is !== 'unchanged').map(({ what, is }) => `${what} ${is}`)).toEqual([
      'account changed',
      'account removed',
      'destination removed',
      'preferences changed',
    ]);
    const before = backend.received.length;
    await command({ type: 'import', text: JSON.stringify(file), stamp });
    first.paused = true;
    expect(await exported()).toEqual(file);
    expect((await readAll()).accounts.map(({ id }) => id)).toEqual([zerodha]);
    expect(backend.received).toHaveLength(before);
  });

  it('are refused once something changed since the preview', async () => {
    const { zerodha } = await twoAccounts();
    const file = await exported();
    file.preferences.market = 'mcx';
    const { stamp } = await preview(file);
    await command({ type: 'pause', account: zerodha, paused: true });
    const before = await everything();
    const reply = await obey({ type: 'import', text: JSON.stringify(file), stamp });
    expect(reply).toMatchObject({ ok: false, problems: [{ field: 'stamp' }] });
    expect(await everything()).toBe(before);
  });

  it('keep the pairing of a destination at the same host, and take it from one at another (NET-04)', async () => {
    const { zerodha } = await twoAccounts();
    const file = await exported();
    const url = (place: string) => {
      const destination = file.accounts[0]?.destinations[0];
      if (destination) destination.url = place;
    };
    url(`${backend.url}-other`);
    await take(file);
    const [moved] = (await readAll()).destinations.filter(({ account }) => account === zerodha);
    expect(moved).toMatchObject({ fingerprint: expect.stringMatching(/^[0-9a-f]{4} /) });
    url('https://elsewhere.example.in/session');
    await chrome.permissions.request(EVERYWHERE);
    const fetched = vi.spyOn(globalThis, 'fetch');
    await take(file);
    const view = await shownAccount(zerodha, ({ advice }) => advice?.mend === 'edit-destination');
    expect(view.destination).toMatchObject({ url: 'https://elsewhere.example.in/session', fingerprint: '' });
    await command({ type: 'refresh' });
    await logInWith(zerodha, KITE_TOKEN);
    const asked = fetched.mock.calls.map(([address]) => String(address));
    expect(asked.filter((address) => address.includes('elsewhere'))).toEqual([]);
  });

  it('pause an account whose logins they change until the person has it go on', async () => {
    const account = await pair(backend, { broker: 'icici' });
    const second = await openDestination();
    const form = { kind: 'signed', url: second.url, secret: second.secret } as const;
    await command({ type: 'add-destination', account, form });
    for (const one of [backend, second]) await expect.poll(() => one.received.length).toBeGreaterThan(0);
    const file = await exported();
    const [only] = file.accounts;
    if (!only) throw new Error('there is no account');
    only.redirectUrl = 'http://127.0.0.1:8000/other';
    await take(file);
    expect((await readAll()).accounts.map(({ paused }) => paused)).toEqual([true]);
    await logInWith(account, BREEZE_TOKEN, 'icici').catch(() => undefined);
    await take(file);
    expect((await readAll()).accounts.map(({ paused }) => paused)).toEqual([true]);
    expect([backend.tokens(), second.tokens()]).toEqual([[], []]);
    await command({ type: 'pause', account, paused: false });
    await logInWith(account, BREEZE_TOKEN, 'icici');
    await expect.poll(() => [backend.tokens().length, second.tokens().length]).toEqual([1, 1]);
    await second.close();
  });

  it('leave a dashboard that is new or changed off until the person switches it on, and another as it is', async () => {
    await pair(backend);
    const file = await exported();
    const [only] = file.accounts;
    if (!only) throw new Error('there is no account');
    only.dashboards = [dashboardAt(0)];
    await take(file);
    const scripts = async () =>
      (await chrome.scripting.getRegisteredContentScripts()).filter(({ id }) => id !== 'redirect').length;
    const [imported] = (await readAll()).dashboards;
    expect([imported?.unconfirmed, await scripts()]).toEqual([true, 0]);
    await take(file);
    expect([(await readAll()).dashboards, await scripts()]).toEqual([[imported], 0]);
    const { id = '', createdAt: _createdAt, unconfirmed: _unconfirmed, ...form } = imported ?? { account: '' };
    await command({ type: 'save-dashboard', id, form: { ...dashboardAt(0), ...form } });
    await take(file);
    expect([(await readAll()).dashboards[0]?.unconfirmed, await scripts()]).toEqual([undefined, 2]);
    only.dashboards = [{ ...dashboardAt(0), rules: [{ method: 'POST', path: '/orders*', effect: 'read' }] }];
    await take(file);
    expect([(await readAll()).dashboards[0]?.unconfirmed, await scripts()]).toEqual([true, 0]);
  });

  it('send nothing to a plain destination that came with one before a person saves it', async () => {
    const account = await pair(backend);
    const file = await exported();
    const plain = {
      kind: 'plain',
      url: `${backend.url}/plain`,
      method: 'POST',
      format: 'json',
      field: 'token',
    } as const;
    const destinations = [{ ...plain, authorization: { kind: 'none' as const }, success: null }];
    await take({ ...file, accounts: file.accounts.map((one) => ({ ...one, destinations })) });
    const before = backend.received.length;
    await logInWith(account, KITE_TOKEN);
    await expect.poll(async () => (await readAll()).deliveries[0]?.state).toBe('held');
    expect(backend.received).toHaveLength(before);
    const form = { ...plain, authorization: { kind: 'none' as const }, success: null, secret: '' };
    await command({ type: 'save-destination', account, form });
    expect((await readAll()).destinations).toEqual([expect.not.objectContaining({ unconfirmed: true })]);
  });

  it('are taken whole or not at all: a disk that refuses any of their records is named its field, and nothing changes', async () => {
    const { zerodha } = await twoAccounts();
    await command({ type: 'save-dashboard', id: null, form: { ...dashboardAt(0), account: zerodha } });
    await chrome.permissions.request(EVERYWHERE);
    // A token waits, which an import that moves its destination ends.
    backend.answerTokens(backend.refuse('configuration'));
    await logInWith(zerodha, KITE_TOKEN);
    await expect.poll(async () => (await readAll()).deliveries[0]?.state).toBe('held');
    await expect.poll(() => busy.size).toBe(0);
    const file = await exported();
    const [first, second] = file.accounts;
    if (!first || !second) throw new Error('an account is missing');
    first.destinations = [{ kind: 'signed', url: 'https://elsewhere.example.in/session' }];
    first.dashboards = [dashboardAt(1)];
    file.accounts = [first, { ...second, name: 'other' }];
    const { stamp } = await preview(file);
    const known = async () => {
      const records = [...(await onDisk())].filter(([key]) => key !== 'clock' && key !== 'log');
      return [await readAll(), records, await chrome.storage.local.get(null)];
    };
    const before = await known();
    const put = IDBObjectStore.prototype.put;
    const refused: string[] = [];
    // A disk may also take every record, and then not keep them.
    const commit = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (
      this: IDBObjectStore,
      ...record: Parameters<typeof put>
    ) {
      const asked = put.apply(this, record);
      if (String(record[1]).startsWith('facts:')) asked.addEventListener('success', () => this.transaction.abort());
      return asked;
    });
    const unkept = await obey({ type: 'import', text: JSON.stringify(file), stamp });
    commit.mockRestore();
    expect(unkept).toMatchObject({
      ok: false,
      problems: [{ message: expect.stringContaining('Nothing was changed') }],
    });
    expect(await known()).toEqual(before);
    for (let nth = 1; ; nth++) {
      let count = 0;
      const disk = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (
        this: IDBObjectStore,
        ...record: Parameters<typeof put>
      ) {
        if (++count === nth) throw new DOMException('full', 'QuotaExceededError');
        return put.apply(this, record);
      });
      const reply = await obey({ type: 'import', text: JSON.stringify(file), stamp });
      disk.mockRestore();
      if (reply.ok) break;
      refused.push(...reply.problems.map(({ field }) => field));
      expect(await known()).toEqual(before);
    }
    expect(new Set(refused)).toEqual(
      new Set([
        'preferences',
        ...['accounts.0', 'accounts.0.destinations.0', 'accounts.0.dashboards.0'],
        ...['accounts.1', 'accounts.1.destinations.0'],
      ]),
    );
    expect((await readAll()).accounts.map(({ name }) => name)).toEqual(['main', 'other']);
    const kept = await recordsUnder('');
    expect([...(await onDisk()).keys()].sort()).toEqual([...kept.keys()].sort());
  });

  it('give back the host of a dashboard that they remove, and keep one that something else needs', async () => {
    const { zerodha, icici } = await twoAccounts();
    const here = new URL(backend.url).origin;
    for (const [account, origin] of [
      [zerodha, 'https://desk0.example.in'],
      [icici, 'https://desk1.example.in'],
      [zerodha, here],
    ] as const) {
      await chrome.permissions.request({ origins: [hostPattern(origin)] });
      await command({ type: 'save-dashboard', id: null, form: { ...dashboardAt(0), account, origin } });
    }
    const file = await exported();
    await take({ ...file, accounts: file.accounts.slice(0, 1).map((one) => ({ ...one, dashboards: [] })) });
    const { origins = [] } = await chrome.permissions.getAll();
    expect(origins).toContain(hostPattern(here));
    expect(origins.filter((one) => one.includes('desk'))).toEqual([]);
  });

  it('bring back what was forgotten, without its pairings', async () => {
    await twoAccounts();
    const file = await exported();
    await command({ type: 'forget-everything' });
    await take(file);
    expect(await exported()).toEqual(file);
    expect((await readAll()).destinations).toEqual([
      expect.objectContaining({ fingerprint: '' }),
      expect.objectContaining({ fingerprint: '' }),
    ]);
  });

  it('are the same again where there were none, but for what is secret, and what was not typed by anybody is not meant', async () => {
    await fc.assert(
      fc.asyncProperty(savedAccounts, preferences, async (saved, wanted) => {
        await command({ type: 'forget-everything' });
        await command({ type: 'save-preferences', preferences: wanted });
        for (const { form, destination, copy, dashboard, clock } of saved) {
          const { account = '' } = await command({ type: 'save-account', id: null, form });
          await command({ type: 'set-clock', account, clock });
          if (destination) await command({ type: 'save-destination', account, form: destination });
          if (destination && copy && form.broker === 'icici' && form.mode !== 'observe')
            await command({ type: 'add-destination', account, form: copy });
          if (dashboard) await command({ type: 'save-dashboard', id: null, form: { ...dashboard, account } });
        }
        const [file, before] = [await exported(), await meant()];
        expect(JSON.stringify(file)).not.toMatch(/HIDDEN|whsec_/);
        await command({ type: 'forget-everything' });
        await take(file);
        expect(await meant()).toEqual(before);
        expect(await exported()).toEqual(file);
        const { destinations, dashboards } = await readAll();
        expect(destinations.every(isUnpaired)).toBe(true);
        expect(dashboards.every(({ unconfirmed }) => unconfirmed)).toBe(true);
      }),
      { numRuns: 100, seed: 10 },
    );
  });

  it('ten thousand of them change nothing and send nothing without a yes to their preview', async () => {
    await twoAccounts();
    await chrome.permissions.request(EVERYWHERE);
    const before = await everything();
    const fetched = vi.spyOn(globalThis, 'fetch');
    const seen = { shown: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(imports(await exported()), fc.string({ maxLength: 80 }), async (text, stamp) => {
        const shown = await obey({ type: 'preview-import', text });
        seen[shown.ok ? 'shown' : 'refused'] += 1;
        expect(await obey({ type: 'import', text, stamp })).toMatchObject({ ok: false });
        expect(await obey({ type: 'import', text })).toMatchObject({ ok: false });
        expect(await everything()).toBe(before);
      }),
      { numRuns: 10_000, seed: 8 },
    );
    expect(fetched).not.toHaveBeenCalled();
    // Files that are good are many among them, and so are those that are not.
    expect(Math.min(seen.shown, seen.refused)).toBeGreaterThan(2_000);
  });

  it('hundreds of them, each with a yes, leave what their preview showed, and send nothing', async () => {
    await twoAccounts();
    await chrome.permissions.request(EVERYWHERE);
    const fetched = vi.spyOn(globalThis, 'fetch');
    await fc.assert(
      fc.asyncProperty(goodFiles(await exported()), async (file) => {
        await take(file);
        const [after, said] = [await exported(), JSON.parse(JSON.stringify(file)) as SettingsFile];
        // It may pause more than the file says, and never less.
        expect(said.accounts.filter((one) => one.paused && !isPausedIn(after, one))).toEqual([]);
        const asPaused = said.accounts.map((one) => ({ ...one, paused: isPausedIn(after, one) }));
        expect(inOrder(after)).toEqual(inOrder({ ...said, accounts: asPaused }));
        expect((await preview(file)).changes.filter(({ is }) => is !== 'unchanged')).toEqual([]);
      }),
      { numRuns: 300, seed: 8 },
    );
    expect(fetched).not.toHaveBeenCalled();
  });
});

describe('forgetting everything (STO-09)', () => {
  it('leaves nothing of ours, and gives every permission back', async () => {
    const { zerodha } = await twoAccounts();
    await logInWith(zerodha, KITE_TOKEN);
    await shownAccount(zerodha, ({ status }) => status === 'live');
    await chrome.permissions.request({ permissions: ['notifications', 'cookies'] });
    await command({ type: 'forget-everything' });
    expect([...(await recordsUnder('')).keys()].filter((key) => key !== 'clock')).toEqual([]);
    expect(await chrome.storage.local.get(null)).toEqual({});
    expect(Object.keys(await chrome.storage.session.get(null))).toEqual(['overview']);
    expect(await chrome.permissions.getAll()).toEqual({ origins: [], permissions: [] });
    expect(await chrome.scripting.getRegisteredContentScripts()).toEqual([]);
    expect(await chrome.declarativeNetRequest.getDynamicRules()).toEqual([]);
  });

  it.each([
    ['before it', 'before'],
    ['while it is under way', 'during'],
  ] as const)('takes along what is logged %s', async (_, when) => {
    const { zerodha } = await twoAccounts();
    const tell = () => log({ event: 'changed', account: zerodha, what: 'account' });
    const clear = IDBObjectStore.prototype.clear;
    vi.spyOn(IDBObjectStore.prototype, 'clear').mockImplementation(function (this: IDBObjectStore) {
      if (when === 'during') tell();
      return clear.call(this);
    });
    if (when === 'before') tell();
    await command({ type: 'forget-everything' });
    expect(await readLog()).toEqual([]);
    // On the disk itself, which the next start reads.
    expect((await onDisk()).has('log')).toBe(false);
    log({ event: 'online' });
    expect(await readLog()).toMatchObject([{ event: 'online' }]);
  });
});

/** What the settings mean, by whatever ids, without what no file has. */
async function meant() {
  const { accounts: all, destinations, dashboards } = await readAll();
  return all.map(({ id, createdAt: _createdAt, ...account }) => ({
    ...account,
    destinations: destinationsOf(destinations, id).map((one) =>
      leaveOut({ ...one, id: '', account: '', savedAt: 0, createdAt: 0, fingerprint: '', unconfirmed: true }),
    ),
    dashboards: dashboards
      .filter((one) => one.account === id)
      .map((one) => ({ ...one, id: '', account: '', createdAt: 0, unconfirmed: true })),
  }));
}

const urls = fc.constantFrom(
  'http://127.0.0.1:9/session',
  'http://127.0.0.1:9/other',
  'https://trade.example.in/session',
  'https://evil.example/take',
  'https://trade.example.in/session?key=***',
);
const signed = fc.record({ kind: fc.constant('signed' as const), url: urls });
const plain = fc.record({
  kind: fc.constant('plain' as const),
  url: urls,
  method: fc.constantFrom('POST', 'PUT'),
  format: fc.constantFrom('json', 'form'),
  field: fc.constantFrom('token', 'request_token'),
  authorization: fc.constantFrom({ kind: 'none' }, { kind: 'bearer' }),
  success: fc.constant(null),
  extra: fc.constantFrom({}, { pass: '***', action: 'update' }),
});
const accounts = fc
  .uniqueArray(
    fc.record({
      broker: fc.constantFrom('zerodha', 'icici'),
      name: fc.constantFrom('main', 'family', 'other'),
      apiKey: fc.string({ minLength: 1, maxLength: 20, unit: fc.constantFrom(...'abc#+=%') }),
      redirectUrl: fc.constantFrom('http://127.0.0.1:8000/', 'https://desk.example.in/'),
      mode: fc.constantFrom('seal', 'forward', 'observe'),
      expectedUser: fc.constantFrom(null, 'AB1234'),
      paused: fc.boolean(),
      destinations: fc.uniqueArray(fc.oneof(signed, plain), { maxLength: 3, selector: ({ url }) => url }),
      hasDashboard: fc.boolean(),
    }),
    { maxLength: 4, selector: ({ broker, name }) => `${broker} ${name}` },
  )
  .map((all) =>
    all.map(({ hasDashboard, ...one }, at) => ({
      ...one,
      destinations:
        one.broker === 'zerodha' || one.mode === 'observe' ? one.destinations.slice(0, 1) : one.destinations,
      dashboards: hasDashboard ? [dashboardAt(at)] : [],
    })),
  );
const dashboardAt = (at: number) => ({
  origin: `https://desk${at}.example.in`,
  signals: [],
  rules: [],
  readLimitMs: 60_000,
  actLimitMs: 60_000,
  lookup: null,
});

function isPausedIn({ accounts: all }: SettingsFile, { broker, name }: SettingsFile['accounts'][number]): boolean {
  return all.find((one) => one.broker === broker && one.name === name)?.paused === true;
}

/** A file with its accounts, and their further destinations, in one order: an import does not keep any. */
function inOrder({ accounts: all, ...rest }: SettingsFile) {
  const byText = (a: unknown, b: unknown) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
  const sorted = all.map(({ destinations: [own, ...others], ...one }) => ({
    name: `${one.broker} ${one.name}`,
    one,
    own,
    others: others.sort(byText),
  }));
  return { ...rest, accounts: sorted.sort((a, b) => (a.name < b.name ? -1 : 1)) };
}

const query = fc.constantFrom('', '', '?key=HIDDEN', '?HIDDEN', '?a=HIDDEN&b=HIDDEN');
const savedPlain = fc
  .tuple(
    // OpenAlgo is for observed accounts alone; these have any mode.
    fc.constantFrom(...PRESETS.filter(({ id }) => id !== 'openalgo')),
    query,
    fc.constantFrom<Record<string, string>>({}, { pass: 'HIDDEN' }, { api_secret: 'HIDDEN', action: 'update' }),
    fc.constantFrom({ kind: 'none' as const }, { kind: 'bearer' as const }),
  )
  .map(([preset, behind, extra, authorization]) => {
    const filled = filledFor(preset, 'https://trade.example.in/');
    const status = filled.status && { ...filled.status, url: filled.status.url + behind };
    const fields: Record<string, string> = { ...filled.extra, ...extra };
    const secret = authorization.kind === 'none' ? '' : 'HIDDEN';
    return {
      kind: 'plain' as const,
      ...filled,
      url: filled.url + behind,
      status,
      extra: fields,
      authorization,
      secret,
    };
  });
const savedSigned = query.map((behind) => ({
  kind: 'signed' as const,
  url: `https://trade.example.in/session${behind}`,
  secret: SECRET,
}));
/** Accounts as a person saves them, each with what may hang on one. */
const savedAccounts = fc
  .uniqueArray(
    fc.record({
      form: fc.record({
        broker: fc.constantFrom('zerodha' as const, 'icici' as const),
        name: fc.constantFrom('main', 'family', 'other'),
        apiKey: fc.constantFrom('abc', 'a+b/c=%'),
        redirectUrl: fc.constantFrom('http://127.0.0.1:8000/', 'https://desk.example.in/cb?from=broker'),
        mode: fc.constantFrom('seal' as const, 'forward' as const, 'observe' as const),
        expectedUser: fc.constantFrom(null, 'AB1234'),
      }),
      clock: fc.constantFrom(DEFAULT_CLOCK, ANY_HOUR),
      destination: fc.oneof(fc.constant(null), savedPlain, savedSigned),
      copy: fc.constantFrom(null, { kind: 'signed' as const, url: 'https://second.example.in/', secret: SECRET }),
      hasDashboard: fc.boolean(),
    }),
    { maxLength: 3, selector: ({ form: { broker, name } }) => `${broker} ${name}` },
  )
  .map((all) =>
    all.map(({ hasDashboard, ...one }, at) => ({ ...one, dashboard: hasDashboard ? dashboardAt(at) : null })),
  );
const preferences = fc.record({
  notify: fc.boolean(),
  morning: fc.record({ hour: fc.integer({ min: 0, max: 23 }), minute: fc.integer({ min: 0, max: 59 }) }),
  quiet: fc.constantFrom(null, DEFAULT_PREFERENCES.quiet),
  market: fc.constantFrom('nse-fo' as const, 'mcx' as const),
  own: fc.constant(DEFAULT_PREFERENCES.own),
});

/** Files that an import takes. */
function goodFiles(known: SettingsFile) {
  return fc.record({
    format: fc.constant(known.format),
    version: fc.constant(known.version),
    accounts: fc.oneof(accounts, fc.constant(known.accounts)),
    preferences,
  });
}

/** Good files, files with anything in any of their places, and anything at all. */
function imports(known: SettingsFile) {
  const good = goodFiles(known).map((file) => JSON.stringify(file));
  const spoilt = fc.tuple(good, fc.nat(), fc.json({ maxDepth: 2 })).map(([text, at, value]) => {
    const places = [...text.matchAll(/(?<=":)("[^"]*"|\d+|null|true|false)/g)];
    const place = places[at % places.length];
    return place ? text.slice(0, place.index) + value + text.slice(place.index + place[0].length) : text;
  });
  const cut = fc.tuple(good, fc.nat()).map(([text, at]) => text.slice(0, at % text.length));
  const secret = good.map((text) => text.replace('"kind":"signed"', '"kind":"signed","secret":"whsec_abc"'));
  return fc.oneof({ weight: 4, arbitrary: good }, spoilt, cut, secret, fc.json(), fc.string());
}
