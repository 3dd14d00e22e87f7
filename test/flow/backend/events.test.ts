import { request } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createHub } from '../../../backend/src/console/events/hub.ts';
import type { Snapshot } from '../../../backend/src/console/events/snapshot.ts';
import { createTickStream } from '../../../backend/src/console/events/tick-stream.ts';
import type { TickListener } from '../../../backend/src/feed/tick.ts';
import { openDatabase } from '../../../backend/src/store/database.ts';
import { createSqlite } from '../../../backend/src/store/sqlite.ts';
import { SECOND } from '../../../utils/shared/time.ts';
import { type PracticeBrokers, startPracticeBrokers } from '../../brokers/index.ts';
import { openEventStream } from '../../support/backend/event-stream.ts';
import { BREEZE, createSender, KITE, type Spawned, spawnBackend, temporaryDir, until } from './harness.ts';

/** Listens as a page does. */
async function listen({ url, key }: Spawned) {
  const stream = await openEventStream(`${url}/events`, key());
  const snapshot = () => stream.heard.findLast(([event]) => event === 'snapshot')?.[1] as Snapshot | undefined;
  return { ...stream, snapshot };
}

describe('GET /events', () => {
  let brokers: PracticeBrokers;
  let dir: ReturnType<typeof temporaryDir>;
  let backend: Spawned;

  beforeAll(async () => {
    brokers = await startPracticeBrokers();
    brokers.kite.register(KITE);
    brokers.breeze.register(BREEZE);
  });
  afterAll(() => brokers.close());
  beforeEach(async () => {
    dir = temporaryDir();
    backend = await spawnBackend({ ...brokers.nodeEnv, DATA_DIR: dir.path }, dir.path);
  });
  afterEach(async () => {
    await backend.kill('SIGTERM');
    dir.remove();
    brokers.kite.endSession();
  });

  it('begins with where everything stands, and tells sessions, feed and queue as they change', async () => {
    const listener = await listen(backend);
    await until(
      async () => listener.heard.length,
      (count) => count >= 1,
    );
    expect(listener.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(listener.snapshot()).toMatchObject({
      fallback: { configured: true, active: false },
      accounts: [
        { account: 'zerodha', session: { state: 'none' }, queue: { parked: 0 } },
        { account: 'icici', session: { state: 'none' } },
      ],
    });
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ type: 'profile', account: 'zerodha' });
    await fetch(`${backend.url}/queue`, { method: 'POST', headers: { ...headers, ...backend.key() }, body });
    await until(
      async () => listener.snapshot()?.accounts[0]?.queue.parked,
      (parked) => parked === 1,
    );

    const sender = createSender(backend.url, dir.path, 'zerodha');
    const token = brokers.kite.issue(KITE.apiKey);
    await sender.deliver(sender.captured(token));
    const zerodha = await until(
      async () => listener.snapshot()?.accounts[0],
      (one) => one?.session.state === 'verified' && one.feed?.state === 'live' && one.queue.done === 1,
    );
    expect(zerodha?.session.user).toBe('AB****');
    const logged = listener.heard.flatMap(([event, data]) => (event === 'log' ? [data.event] : []));
    expect(logged).toEqual(
      expect.arrayContaining(['job.parked', 'session.applied', 'session.verified', 'feed.live', 'job.finished']),
    );
    const [accessToken = ''] = brokers.kite.sessions.keys();
    const told = JSON.stringify(listener.heard);
    for (const secret of [token, accessToken, KITE.apiKey, KITE.apiSecret, KITE.userId])
      expect(told).not.toContain(secret);
    listener.leave();
  });

  it('does not hold the backend up when it stops', async () => {
    const listeners = await Promise.all(Array.from({ length: 20 }, () => listen(backend)));
    const prices = await openEventStream(`${backend.url}/ticks`, backend.key());
    expect(prices.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    await backend.kill('SIGTERM');
    expect(backend.output()).toContain('backend.stopped');
    for (const { leave } of [...listeners, prices]) leave();
  });

  it('asks another process for its prices while a client listens, and no longer than its connection lasts', async () => {
    const sql = createSqlite(openDatabase(dir.path));
    /** Another process lives, and has the feed. */
    const isWanted = async () => {
      await sql.run(
        "INSERT INTO processes VALUES ('elsewhere', 1, :until) ON CONFLICT (id) DO UPDATE SET lease_until = :until",
        { until: Date.now() + 50 * SECOND },
      );
      await sql.run(
        `INSERT INTO feeds (account, owner, generation, state) VALUES ('zerodha', 'elsewhere', 0, '')
         ON CONFLICT (account) DO UPDATE SET owner = excluded.owner`,
      );
      const row = await sql.get("SELECT wanted_until FROM feeds WHERE account = 'zerodha'");
      return Number(row?.wanted_until) > Date.now();
    };
    expect(await isWanted()).toBe(false);
    const { leave } = await openEventStream(`${backend.url}/ticks`, backend.key());
    await until(isWanted, (wanted) => wanted);
    leave();
    await until(isWanted, (wanted) => !wanted);
    await sql.close();
  });

  it.each([
    ['a page of another site', { origin: 'https://evil.test', 'sec-fetch-site': 'cross-site' }, 403],
    ['a script tag of another site', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }, 403],
    ['a name that was bound to this machine', { host: 'evil.test' }, 421],
  ])('BCK-06 tells nothing to %s', async (_name, headers, status) => {
    for (const path of ['/events', '/ticks', '/status', '/api/session-manager'])
      expect([path, await statusOf(backend.url + path, headers as Record<string, string>)]).toEqual([path, status]);
  });
});

describe('the hub of listeners', () => {
  const snapshot = { accounts: [], services: [], alerts: [] } as unknown as Snapshot;

  it('lets a client go that does not read, and keeps the others', async () => {
    const hub = createHub(async () => snapshot, 1);
    const slow = (await hub.open())?.getReader();
    const quick = (await hub.open())?.getReader();
    await quick?.read();
    for (let port = 0; port < 200; port++) {
      hub.hear({ event: 'backend.started', port, accounts: 1 });
      await quick?.read();
    }
    expect(hub.clients()).toBe(1);
    let kept = 0;
    for (let part = await slow?.read(); part?.done === false; part = await slow?.read()) kept += 1;
    expect(kept).toBeLessThanOrEqual(64);
    hub.close();
    expect((await quick?.read())?.done).toBe(true);
  });

  it('tells what came at once in one part, and of a flood no more than anybody can read', async () => {
    const hub = createHub(async () => snapshot, 20);
    const reader = (await hub.open())?.getReader();
    await reader?.read();
    for (let job = 0; job < 1_000; job++) hub.hear({ event: 'job.parked', account: 'zerodha', job });
    const part = new TextDecoder().decode((await reader?.read())?.value);
    expect(part.match(/^event: log$/gm)).toHaveLength(100);
    expect(part).toMatch(/event: snapshot\ndata: .*\n\n$/);
    hub.close();
  });

  it('takes none once it has ended', async () => {
    const hub = createHub(async () => snapshot);
    hub.close();
    expect(await hub.open()).toBeNull();
  });

  it('takes a bounded number of clients', async () => {
    const hub = createHub(async () => snapshot);
    const opened = await Promise.all(Array.from({ length: 2_001 }, () => hub.open()));
    expect(opened.filter((stream) => stream !== null)).toHaveLength(2_000);
    await opened[0]?.cancel();
    expect(await hub.open()).not.toBeNull();
    hub.close();
  });
});

describe('the stream of prices', () => {
  /** Prices that come as the test says, and who listens to them. */
  function world() {
    const listeners = new Set<TickListener>();
    const stream = createTickStream({
      listen(listener) {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    });
    const move = (symbol: string, price: number) => {
      for (const listener of listeners) listener('zerodha', [{ symbol, price, at: 0 }]);
    };
    const open = async () => {
      const reader = stream.open()?.getReader() ?? expect.fail('it takes no more');
      await reader.read();
      return { leave: () => reader.cancel(), read: async () => new TextDecoder().decode((await reader.read()).value) };
    };
    return { listeners, stream, move, open };
  }
  const told = (...prices: [symbol: string, price: number][]) => {
    const ticks = prices.map(([symbol, price]) => ({ symbol, price, at: '1970-01-01T00:00:00.000Z' }));
    return `event: ticks\ndata: ${JSON.stringify({ account: 'zerodha', ticks })}\n\n`;
  };

  it('tells whoever reads of each move, and a slow reader of the latest price of each symbol', async () => {
    const { move, open } = world();
    const [quick, slow] = [await open(), await open()];
    for (let price = 1; price <= 1_000; price++) {
      move('A', price);
      expect(await quick.read()).toBe(told(['A', price]));
    }
    move('B', 7);
    // The first move waited in the stream when the others came.
    expect(await slow.read()).toBe(told(['A', 1]));
    expect(await slow.read()).toBe(told(['A', 1_000], ['B', 7]));
  });

  it('listens to nothing once its clients have left, and has an end', async () => {
    const { listeners, stream, open } = world();
    const [one, two] = [await open(), await open()];
    await one.leave();
    expect(listeners.size).toBe(1);
    stream.close();
    expect([listeners.size, stream.open(), await two.read()]).toEqual([0, null, '']);
  });

  it('takes a bounded number of clients', () => {
    const { stream, listeners } = world();
    for (let i = 0; i < 2_000; i++) expect(stream.open()).not.toBeNull();
    expect([stream.open(), listeners.size]).toEqual([null, 2_000]);
    stream.close();
  });
});

/** fetch writes Host, Origin and Sec-Fetch-Site itself. */
function statusOf(url: string, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const call = request(url, { headers }, (response) => {
      response.destroy();
      resolve(response.statusCode);
    });
    call.on('error', reject).end();
  });
}
