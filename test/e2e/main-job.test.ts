import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SetUp, setUp } from '../start/set-up.ts';
import { APPS } from '../support/practice.ts';
import { startTarget } from '../support/target.ts';
import { until } from '../support/until.ts';

const CASES = (['zerodha', 'icici'] as const).flatMap((broker) =>
  (['seal', 'forward'] as const).flatMap((mode) =>
    ([true, false] as const).flatMap((live) =>
      ([true, false] as const).map((awake) => ({ broker, mode, live, awake })),
    ),
  ),
);
const named = CASES.map((one) => ({
  ...one,
  name: `${one.broker}, ${one.mode}, target ${one.live ? 'live' : 'dead'}, worker ${one.awake ? 'awake' : 'killed'}`,
}));

describe('a login at the broker reaches the backend exactly once', () => {
  let all: SetUp;
  beforeAll(async () => {
    all = await setUp();
  });
  afterAll(() => all.close());

  it.each(named)('$name', async ({ broker, mode, live, awake }) => {
    const { chromium, practice, ids } = all;
    const target = await startTarget(live);
    const app = { ...APPS[broker], redirectUrl: target.url };
    const { exchanges } = broker === 'zerodha' ? practice.brokers.kite : practice.brokers.breeze;
    if (broker === 'zerodha') practice.brokers.kite.register(app);
    else practice.brokers.breeze.register(app);
    practice.brokers.breeze.rotate();
    const before = exchanges.length;
    const account = await chromium.account(broker);
    const form = { broker, name: broker, apiKey: app.apiKey, redirectUrl: target.url, mode, expectedUser: null };
    expect(await chromium.send({ type: 'save-account', id: ids[broker], form })).toMatchObject({ ok: true });

    const startedAt = Date.now();
    const tab = await chromium.loginTab(() => chromium.send({ type: 'log-in', account: ids[broker] }));
    await tab.waitForSelector('#login');
    await until(
      () => chromium.account(broker),
      (one) => (one?.destination?.provenAt ?? 0) > startedAt - 60_000,
    );
    if (!awake) await chromium.killWorker();
    await tab.click('#login');

    const after = await until(
      () => chromium.account(broker),
      (one) => one?.status === 'live' && (one.links?.[0]?.at ?? 0) >= startedAt,
    );
    expect(after?.links?.map(({ name, state }) => [name, state])).toEqual([
      ['captured', 'done'],
      ['delivered', 'done'],
      ['exchanged', 'done'],
      ['verified', 'done'],
      ['live', 'done'],
    ]);
    expect(account?.settings.id).toBe(ids[broker]);
    expect(exchanges.slice(before).map(({ outcome }) => outcome)).toEqual(['accepted']);
    expect(await waitingEntries(all)).toEqual([]);

    const visited = await visits(all, tab, target.url);
    if (mode === 'seal') {
      expect(tab.url()).toBe(chromium.url('captured.html'));
      expect(target.hits).toEqual([]);
      expect(visited).toEqual([]);
    } else if (live) {
      expect(target.hits).toHaveLength(1);
      await tab.waitForFunction(() => !location.search.includes('=') || !/token|session/i.test(location.search));
      expect(await tab.title()).toBe('target');
    } else {
      expect(target.hits).toEqual([]);
    }
    await tab.close();
    await target.close();
  });
});

async function waitingEntries({ chromium }: SetUp): Promise<string[]> {
  const keys = () => chromium.options.evaluate(async () => Object.keys(await chrome.storage.session.get(null)));
  return until(
    async () => (await keys()).filter((key) => key.startsWith('delivery:')),
    (found) => found.length === 0,
    2_000,
  );
}

/** Every trace of a redirect URL: in the tab's own history, and in the profile's history file. */
async function visits({ chromium }: SetUp, tab: SetUp['chromium']['options'], url: string): Promise<string[]> {
  const cdp = await chromium.context.newCDPSession(tab);
  const { entries } = await cdp.send('Page.getNavigationHistory');
  const folder = mkdtempSync(join(tmpdir(), 'opening-bell-history-'));
  copyFileSync(join(chromium.profile, 'Default', 'History'), join(folder, 'History'));
  const database = new DatabaseSync(join(folder, 'History'));
  const rows = database.prepare('SELECT url FROM urls').all() as { url: string }[];
  database.close();
  rmSync(folder, { recursive: true, force: true });
  return [...entries, ...rows].map((one) => one.url).filter((one) => one.startsWith(url));
}
