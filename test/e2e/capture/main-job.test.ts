import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SetUp, setUp } from '../../start/set-up.ts';
import { APPS } from '../../support/backend/practice.ts';
import { startTarget } from '../../support/backend/target.ts';
import { until } from '../../support/until.ts';

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
    const { browser, practice, ids } = all;
    const target = await startTarget(live);
    const app = { ...APPS[broker], redirectUrl: target.url };
    const { exchanges } = broker === 'zerodha' ? practice.brokers.kite : practice.brokers.breeze;
    if (broker === 'zerodha') practice.brokers.kite.register(app);
    else practice.brokers.breeze.register(app);
    practice.brokers.breeze.rotate();
    const before = exchanges.length;
    const account = await browser.account(broker);
    const form = { broker, name: broker, apiKey: app.apiKey, redirectUrl: target.url, mode, expectedUser: null };
    expect(await browser.send({ type: 'save-account', id: ids[broker], form })).toMatchObject({ ok: true });

    const startedAt = Date.now();
    const tab = await browser.loginTab(() => browser.send({ type: 'log-in', account: ids[broker] }));
    await tab.waitForSelector('#login');
    await until(
      () => browser.account(broker),
      (one) => (one?.destination?.provenAt ?? 0) > startedAt - 60_000,
    );
    if (!awake) await browser.killWorker();
    await tab.click('#login');

    const after = await until(
      () => browser.account(broker),
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

    if (mode === 'seal') {
      await until(
        () => tab.url(),
        (url) => url === browser.url('captured.html'),
      );
      expect(target.hits).toEqual([]);
      expect(await browser.visits(target.url)).toEqual([]);
    } else if (live) {
      // The backend is faster than the page on a busy machine.
      await until(
        () => tab.url(),
        (url) => url.startsWith(target.url) && !/token|session/i.test(url),
      );
      expect(target.hits).toHaveLength(1);
      expect(await tab.title()).toBe('target');
    } else {
      expect(target.hits).toEqual([]);
    }
    await tab.close();
    await target.close();
  });
});

async function waitingEntries({ browser }: SetUp): Promise<string[]> {
  const keys = () => browser.options.evaluate(async () => Object.keys(await chrome.storage.session.get(null)));
  return until(
    async () => (await keys()).filter((key) => key.startsWith('delivery:')),
    (found) => found.length === 0,
  );
}
