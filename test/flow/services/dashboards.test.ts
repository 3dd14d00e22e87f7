import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Dashboard, type DashboardForm, DEFAULT_LIMITS } from '../../../utils/domain/dashboards/dashboard.ts';
import { keepRecord } from '../../../utils/platform/storage/database.ts';
import { locked } from '../../../utils/platform/storage/lock.ts';
import { obey } from '../../../utils/services/inbound/commands.ts';
import { pages } from '../../../utils/services/inbound/dashboard-pages.ts';
import { takeDashboards } from '../../../utils/services/inbound/waiting.ts';
import { pulse } from '../../../utils/services/pulse/pulse.ts';
import { readLog } from '../../../utils/services/store/log.ts';
import { readOverview } from '../../../utils/services/store/overview.ts';
import { readAll, writeDashboard } from '../../../utils/services/store/store.ts';
import { openDestination, type TestDestination } from '../../support/backend/destination.ts';
import { cleanUp, command, pair, shownAccount } from '../../support/browsers/extension.ts';

const ORIGIN = 'https://desk.example';

let backend: TestDestination;
beforeAll(takeDashboards);
beforeEach(async () => {
  await keepRecord('log', undefined);
  backend = await openDestination();
});
afterEach(async () => {
  await cleanUp();
  await backend.close();
});

const form = (account: string, change: Partial<DashboardForm> = {}): DashboardForm => ({
  origin: ORIGIN,
  account,
  signals: [],
  rules: [],
  lookup: null,
  ...DEFAULT_LIMITS,
  ...change,
});
const scripts = async () =>
  (await chrome.scripting.getRegisteredContentScripts()).flatMap(({ id }) => (id === 'redirect' ? [] : [id])).sort();
const shown = async () => (await readOverview())?.dashboards ?? [];

/** A page of a dashboard with its line to us: what it was told, what it says, and how it goes. */
async function connect(origin: string) {
  const said: unknown[] = [];
  const heard: ((message: unknown) => void)[] = [];
  const gone: (() => void)[] = [];
  const port = {
    name: 'dashboard',
    sender: { id: chrome.runtime.id, tab: { id: 7 }, frameId: 0, origin },
    postMessage: (message: unknown) => void said.push(message),
    disconnect: () => undefined,
    onMessage: { addListener: (listener: (message: unknown) => void) => void heard.push(listener) },
    onDisconnect: { addListener: (listener: () => void) => void gone.push(listener) },
  };
  const connects = chrome.runtime.onConnect as unknown as { trigger(one: typeof port): Promise<unknown> };
  await connects.trigger(port);
  await expect.poll(() => said.length).toBeGreaterThan(0);
  const tells = (message: unknown) => {
    for (const listener of heard) listener(message);
  };
  return {
    said,
    tells,
    async says(message: unknown) {
      tells(message);
      await expect.poll(() => pages.size).toBe(1);
    },
    async goes() {
      for (const listener of gone) listener();
      await expect.poll(() => pages.size).toBe(0);
      // What a page leaves behind is written under the lock.
      await locked(async () => undefined);
      await pulse();
    },
  };
}

describe('a dashboard', () => {
  it('is on with its two scripts, changed, and off without a trace; the log tells it without its address', async () => {
    const account = await pair(backend);
    const { dashboard = '' } = await command({ type: 'save-dashboard', id: null, form: form(account) });
    expect(await scripts()).toEqual([`dashboard-${dashboard}`, `hold-${dashboard}`]);
    await chrome.permissions.request({ origins: [`${ORIGIN}/*`] });
    await command({ type: 'save-dashboard', id: dashboard, form: form(account, { lookup: '/by-key/{key}' }) });
    expect(await shown()).toMatchObject([
      { settings: { id: dashboard, origin: ORIGIN, lookup: '/by-key/{key}' }, granted: true, lost: 0 },
    ]);
    await command({ type: 'remove-dashboard', id: dashboard });
    expect([await shown(), await scripts()]).toEqual([[], []]);
    expect(await chrome.permissions.contains({ origins: [`${ORIGIN}/*`] })).toBe(false);
    const told = (await readLog()).filter(
      (one) => one.event !== 'check' && !(one.event === 'changed' && one.what === 'clock'),
    );
    expect(told).toMatchObject([
      { event: 'changed', account, what: 'paired' },
      ...['on', 'changed', 'off'].map((is) => ({ event: 'dashboard', account, is })),
    ]);
    expect(JSON.stringify(await readLog())).not.toContain('desk.example');
  });

  it('judges orders by the market of the settings, or by the one that its account names', async () => {
    const account = await pair(backend);
    await command({ type: 'save-dashboard', id: null, form: form(account) });
    const marketTold = async () => {
      const [told] = (await connect(ORIGIN)).said as { settings: { calendar: { market: string } } }[];
      return told?.settings.calendar.market;
    };
    expect(await marketTold()).toBe('nse-fo');
    await command({ type: 'set-clock', account, clock: { rule: null, renewsItself: false, market: 'mcx' } });
    expect(await marketTold()).toBe('mcx');
  });

  it('keeps a permission that a destination needs as well', async () => {
    const account = await pair(backend);
    const { origin } = new URL(backend.url);
    const { dashboard = '' } = await command({ type: 'save-dashboard', id: null, form: form(account, { origin }) });
    await command({ type: 'remove-dashboard', id: dashboard });
    expect(await chrome.permissions.contains({ origins: ['http://127.0.0.1/*'] })).toBe(true);
  });

  it('that is forgotten while its page is open leaves nothing behind when the page goes', async () => {
    const account = await pair(backend);
    await command({ type: 'save-dashboard', id: null, form: form(account) });
    const page = await connect(ORIGIN);
    expect(page.said).toContainEqual(expect.objectContaining({ type: 'settings' }));
    await page.says({ type: 'waiting', count: 2, since: Date.now(), visible: false, shownAt: null });
    await command({ type: 'forget-everything' });
    const before = page.said.length;
    page.tells({ type: 'counted', held: 2, replayed: 0, givenUp: 0 });
    page.tells({ type: 'cancel' });
    await expect.poll(() => page.said.slice(before)).toEqual([{ type: 'not-yours' }, { type: 'not-yours' }]);
    await page.goes();
    expect((await readAll()).lost).toEqual(new Map());
    expect(Object.keys(await chrome.storage.session.get(null))).toEqual(['overview']);
    expect(await readLog()).toEqual([]);
  });

  it.each<[string, (dashboard: Dashboard) => Promise<unknown>]>([
    ['is switched off', ({ id }) => command({ type: 'remove-dashboard', id })],
    ['is changed by a settings file', (dashboard) => writeDashboard({ ...dashboard, unconfirmed: true })],
    ['has its account paused', ({ account }) => command({ type: 'pause', account, paused: true })],
  ])('that %s lets go of what an open page holds', async (_, change) => {
    const account = await pair(backend);
    await command({ type: 'save-dashboard', id: null, form: form(account) });
    const page = await connect(ORIGIN);
    await page.says({ type: 'waiting', count: 2, since: Date.now(), visible: false, shownAt: null });
    const [dashboard] = (await readAll()).dashboards;
    if (!dashboard) throw new Error('there is no dashboard');
    await change(dashboard);
    await command({ type: 'refresh' });
    await expect.poll(() => page.said.at(-1)).toEqual({ type: 'not-yours' });
  });

  it('that came with a settings file tells its page nothing before it is switched on', async () => {
    const account = await pair(backend);
    await command({ type: 'save-dashboard', id: null, form: form(account) });
    const [known] = (await readAll()).dashboards;
    if (!known) throw new Error('there is no dashboard');
    await writeDashboard({ ...known, unconfirmed: true });
    expect((await connect(ORIGIN)).said).toEqual([{ type: 'not-yours' }]);
  });

  it('goes with its account', async () => {
    const account = await pair(backend);
    await command({ type: 'save-dashboard', id: null, form: form(account) });
    await command({ type: 'forget', account });
    expect([await shown(), await scripts()]).toEqual([[], []]);
  });

  it('belongs to an account, and to no further destination of one', async () => {
    const first = await openDestination();
    const account = await pair(first, { broker: 'icici' });
    const further = { kind: 'signed', url: backend.url, secret: backend.secret } as const;
    await command({ type: 'add-destination', account, form: further });
    const view = await shownAccount(account, (one) => one.further.length === 1);
    const { id = '' } = view.further[0]?.destination?.settings ?? {};
    expect(await obey({ type: 'save-dashboard', id: null, form: form(id) })).toMatchObject({
      problems: [{ field: 'account' }],
    });
    await first.close();
  });

  it('is switched on once', async () => {
    const account = await pair(backend);
    await command({ type: 'save-dashboard', id: null, form: form(account) });
    expect(await obey({ type: 'save-dashboard', id: null, form: form(account) })).toMatchObject({
      problems: [{ field: 'origin' }],
    });
  });
});
