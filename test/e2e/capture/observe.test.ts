import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Paired, startPaired } from '../../support/backend/paired.ts';
import { startTarget, type Target } from '../../support/backend/target.ts';
import type { Tab } from '../../support/browsers/browser.ts';
import { until } from '../../support/until.ts';

const rows = (['zerodha', 'icici'] as const).flatMap((broker) =>
  (['live', 'dead'] as const).flatMap((target) =>
    (['awake', 'dead'] as const).map((worker) => ({ broker, target, worker })),
  ),
);

describe('a login that the backend’s own callback takes (CAP-08)', () => {
  let paired: Paired;
  beforeAll(async () => {
    paired = await startPaired();
  });
  afterAll(() => paired.close());

  /** What the callback's exchange changes: the report names a session that we never delivered. */
  const exchange = () => {
    const at = new Date().toISOString();
    paired.destination.setSession({ state: 'verified', exchanged_at: at, verified_at: at });
  };

  const taken = ({ hits }: Target) => hits.filter(({ url }) => url.startsWith('/api/auth/callback'));

  it.each(rows)('of $broker is seen, proven and never sent: callback $target, worker $worker', async (row) => {
    const { browser, brokers, destination, ids } = paired;
    const callback = await startTarget(row.target === 'live', '/api/auth/callback', '/done');
    brokers.breeze.rotate();
    destination.setSession({ state: 'none' });
    await paired.use(row.broker, callback.url, 'observe');
    await forgotten(row.broker);
    const startedAt = Date.now();
    const tab = await browser.loginTab(() => browser.send({ type: 'log-in', account: ids[row.broker] }));
    await tab.waitForSelector('#login');
    if (row.worker === 'dead') await browser.killWorker();
    await tab.click('#login');
    await until(
      () => browser.account(row.broker),
      (one) => (one?.links?.[0]?.at ?? 0) >= startedAt,
    );
    const again = row.target === 'dead' ? await openAgain(row.broker, callback) : null;
    await until(
      () => browser.account(row.broker),
      (one) => one?.links?.some(({ name, state }) => name === 'delivered' && state === 'done') ?? false,
    );
    if (row.target === 'live') expect(taken(callback)).toHaveLength(1);
    exchange();
    const proven = await until(
      () => browser.account(row.broker),
      (one) => one?.status === 'live',
    );
    expect(proven?.links?.map(({ state }) => state)).toEqual(['done', 'done', 'done', 'done', 'done']);
    expect(destination.tokens()).toEqual([]);
    for (const one of [tab, again]) await one?.close();
    await callback.close();
  });

  /** A session of the row before, told by the report that is still the last one, could be taken for that of this login. */
  async function forgotten(broker: 'zerodha' | 'icici'): Promise<void> {
    const { browser, ids } = paired;
    await until(
      async () => {
        await browser.send({ type: 'retry', account: ids[broker] });
        return browser.account(broker);
      },
      (one) => one?.sessionAt === null,
    );
  }

  /** The callback was not there; it is started, and the redirect opened again by the popup's button. */
  async function openAgain(broker: 'zerodha' | 'icici', callback: Target): Promise<Tab> {
    const { browser, ids } = paired;
    await until(
      () => browser.account(broker),
      (one) => one?.advice?.mend === 'reopen',
    );
    await callback.listen();
    const popup = await browser.popup();
    const again = await browser.loginTab(() => popup.click(`section[data-account="${broker}"] [data-mend="reopen"]`));
    await until(
      () => taken(callback).length,
      (hits) => hits >= 1,
    );
    expect((await browser.account(broker))?.settings.id).toBe(ids[broker]);
    return again;
  }
});
