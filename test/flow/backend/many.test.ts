import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type PracticeBrokers, startPracticeBrokers } from '../../brokers/index.ts';
import { NO_POWER_CUT } from '../../peers/postgres.ts';
import { type EventStream, openEventStream, priceAfter } from '../../support/backend/event-stream.ts';
import { programKey } from '../../support/backend/program-key.ts';
import { type Shared, storeKinds } from '../../support/backend/stores.ts';
import { BREEZE, createSender, KITE, type Sender, type Spawned, spawnBackend, temporaryDir, until } from './harness.ts';

interface Process {
  backend: Spawned;
  zerodha: Sender;
}

let brokers: PracticeBrokers;
let dir: ReturnType<typeof temporaryDir>;
let shared: Shared;
let running: Spawned[];

beforeAll(async () => {
  brokers = await startPracticeBrokers();
  brokers.kite.register(KITE);
  brokers.breeze.register(BREEZE);
});
afterAll(() => brokers.close());

beforeEach(() => {
  dir = temporaryDir();
  running = [];
});
afterEach(async () => {
  await Promise.all(running.map((backend) => backend.kill('SIGKILL')));
  dir.remove();
  brokers.faults.clear();
  brokers.kite.endSession();
  brokers.kite.forget();
  brokers.breeze.endSession();
  brokers.breeze.forget();
});

type Feed = { state: string; last_tick_at: string | null; held_by: { pid: number } | null } | null;

/** One more process on the same store. */
async function spawn(env: Record<string, string>): Promise<Spawned> {
  const backend = await spawnBackend({ ...brokers.nodeEnv, ...shared.env, DATA_DIR: dir.path, ...env }, dir.path);
  running.push(backend);
  return backend;
}

async function start(env: Record<string, string> = {}): Promise<Process> {
  const backend = await spawn(env);
  return { backend, zerodha: createSender(backend.url, dir.path, 'zerodha') };
}

const three = () => Promise.all([start(), start(), start()]);
const token = () => brokers.kite.issue(KITE.apiKey);
const live = (one: Process) =>
  until(one.zerodha.check, ({ session, feed }) => session.state === 'verified' && feed?.state === 'live');
const asked = (path: string) => brokers.kite.requests.filter(({ url }) => url.startsWith(path));
const sockets = () => [...brokers.kite.sockets].map(({ accessToken }) => accessToken);
const report = (one: Process) => one.zerodha.check();

/** The access token as the person's own code gets it; null while a login is needed. */
async function accessToken({ backend }: Process): Promise<string | null> {
  const key = readFileSync(join(dir.path, 'session-key'), 'utf8').trim();
  const answer = await fetch(`${backend.url}/session/zerodha`, { headers: { authorization: `Bearer ${key}` } });
  const { access_token: found = null } = (await answer.json()) as { access_token?: string };
  return found;
}

async function park(url: string, what: string): Promise<void> {
  const job = { type: 'quote', account: 'zerodha', params: { instruments: [`NSE:${what}`] } };
  const headers = { 'content-type': 'application/json', ...programKey(dir.path) };
  const answer = await fetch(`${url}/queue`, { method: 'POST', headers, body: JSON.stringify(job) });
  expect(await answer.json()).toMatchObject({ auth_required: true });
}

/** Parks a thousand different requests, at these processes in turn. */
async function parkThousand(urls: readonly string[]): Promise<void> {
  const names = Array.from({ length: 1_000 }, (_, i) => `T${1_000 + i}`);
  for (let i = 0; i < names.length; i += 60)
    await Promise.all(names.slice(i, i + 60).map((name, n) => park(urls[n % urls.length] ?? '', name)));
}

/** The one socket at the broker is of its one living session. */
const oneFeed = () => {
  const [session] = brokers.kite.sessions.keys();
  return until(
    async () => sockets(),
    (open) => open.length === 1 && open[0] === session,
  );
};

for (const { name, isMissing, open, share, close } of storeKinds(NO_POWER_CUT))
  describe.skipIf(isMissing)(name, () => {
    beforeAll(open);
    afterAll(close);
    beforeEach(async () => {
      shared = await share(dir.path);
    });

    describe('three backends on one store', { timeout: 600_000 }, () => {
      it('start at once on an empty directory, with the same secrets', async () => {
        const processes = await three();
        const reports = await Promise.all(processes.map(({ zerodha }) => zerodha.check()));
        expect(reports).toMatchObject([{ session: { state: 'none' } }, {}, {}]);
      });

      it('a token rotates once, the one feed reconnects with it, all three tell of it, and one of them asks whether it lives', async () => {
        const processes = await three();
        for (const round of [0, 1]) {
          brokers.kite.forget();
          const sender = processes[round]?.zerodha;
          const message = sender?.captured(token());
          if (sender === undefined || message === undefined) throw new Error('no process');
          expect(await sender.deliver(message)).toMatchObject({ status: 200, answer: { status: 'applied' } });
          const reports = await Promise.all(
            processes.map(({ zerodha }) =>
              until(
                zerodha.check,
                ({ session, feed }) =>
                  session.delivery === sender.idOf(message) && session.state === 'verified' && feed?.state === 'live',
              ),
            ),
          );
          for (const { session, feed } of reports)
            expect(Date.parse(feed?.first_tick_at ?? '')).toBeGreaterThan(Date.parse(session.exchanged_at ?? ''));
          await oneFeed();
          for (const one of processes) expect(await accessToken(one)).toBe([...brokers.kite.sessions.keys()][0]);
          expect(asked('/user/profile')).toHaveLength(1);
          expect(asked('/session/token')).toHaveLength(1);
        }
      });

      it('BCK-04 50 parallel identical deliveries: one exchange', async () => {
        const processes = await three();
        const message = processes[0]?.zerodha.captured(token());
        if (message === undefined) throw new Error('no process');
        const replies = await Promise.all(
          Array.from({ length: 50 }, (_, i) => processes[i % 3]?.zerodha.deliver(message)),
        );
        const told = replies.map((reply) =>
          reply?.answer.type === 'session.applied' ? reply.answer.status : reply?.status,
        );
        expect(told.filter((word) => word === 'applied')).toHaveLength(1);
        expect(told.filter((word) => word !== 'applied' && word !== 'replayed' && word !== 409)).toEqual([]);
        expect(brokers.kite.exchanges).toHaveLength(1);
      });

      it('tokens of one account are exchanged one after the other, and the newest one lives', async () => {
        const processes = await three();
        const messages = processes.map(({ zerodha }, i) =>
          zerodha.captured(token(), { captured_at: new Date(Date.now() - 3_000 + 1_000 * i).toISOString() }),
        );
        const replies = await Promise.all(messages.map((message, i) => processes[i]?.zerodha.deliverAtLast(message)));
        expect(replies.at(-1)).toMatchObject({ status: 200 });
        for (const reply of replies) expect([200, 409]).toContain(reply?.status);
        expect(brokers.kite.sessions.has((await accessToken(processes[0] ?? expect.fail())) ?? '')).toBe(true);
      });

      it('1,000 parked requests each run once, with one process killed and the store’s server crashed in the middle', async () => {
        const processes = await three();
        await parkThousand(processes.map(({ backend }) => backend.url));
        const [first, , third] = processes;
        if (first === undefined || third === undefined) throw new Error('no process');
        expect((await report(first)).queue).toMatchObject({ parked: 1_000 });

        await first.zerodha.deliver(first.zerodha.captured(token()));
        await until(
          () => report(first),
          ({ queue }) => (queue?.done ?? 0) >= 100,
          120_000,
        );
        await third.backend.kill('SIGKILL');
        await shared.crash();
        expect((await report(first)).queue?.done).toBeLessThan(1_000);
        const { queue } = await until(
          () => report(first),
          ({ queue }) => queue?.done === 1_000,
          400_000,
        );
        expect(queue).toMatchObject({ parked: 0, queued: 0, running: 0, failed: 0, stale: 0 });
        const runs = asked('/quote').map(({ url }) => url);
        expect(new Set(runs).size).toBe(1_000);
        // Only the read that the killed process was in the middle of was begun a second time.
        expect(runs.length).toBeLessThanOrEqual(1_001);
        await oneFeed();
      });
    });

    describe('two API processes and three workers', { timeout: 600_000 }, () => {
      const api = () => start({ ROLE: 'api' });
      const worker = () => spawn({ ROLE: 'worker' });
      const feedOf = async (url: string) => {
        const status = (await (await fetch(`${url}/status`)).json()) as {
          accounts: { feed: { state: string } | null }[];
        };
        return status.accounts[0]?.feed?.state ?? null;
      };

      it('take a token once, have one feed, tell of it alike, and go on when one of each dies', async () => {
        const apis = await Promise.all([api(), api()]);
        const workers = await Promise.all([worker(), worker(), worker()]);
        const [one, two] = apis;
        const [killed, ...others] = workers;
        await parkThousand(apis.map(({ backend }) => backend.url));
        expect((await report(one)).queue).toMatchObject({ parked: 1_000 });

        const message = one.zerodha.captured(token());
        const replies = await Promise.all(
          Array.from({ length: 10 }, (_, i) => (i % 2 ? one : two).zerodha.deliver(message)),
        );
        for (const { status } of replies) expect([200, 409]).toContain(status);
        expect(brokers.kite.exchanges).toHaveLength(1);
        await oneFeed();
        for (const { url } of [...workers, ...apis.map(({ backend }) => backend)])
          await until(
            () => feedOf(url),
            (state) => state === 'live',
          );

        await until(
          () => report(two),
          ({ queue }) => (queue?.done ?? 0) >= 50,
          120_000,
        );
        await Promise.all([killed?.kill('SIGKILL'), one.backend.kill('SIGKILL')]);
        await until(
          () => report(two),
          ({ queue }) => queue?.done === 1_000,
          400_000,
        );
        expect(new Set(asked('/quote').map(({ url }) => url)).size).toBe(1_000);
        expect(asked('/quote').length).toBeLessThanOrEqual(1_001);

        // The other API process takes the next token, and a worker that is left connects with it.
        expect(await two.zerodha.deliver(two.zerodha.captured(token()))).toMatchObject({ status: 200 });
        await oneFeed();
        for (const { url } of others)
          await until(
            () => feedOf(url),
            (state) => state === 'live',
          );
      });

      it('hand the feeds of two accounts from a worker that is killed to another of six, and are live again', async () => {
        const apis = await Promise.all([api(), api()]);
        const workers = await Promise.all(Array.from({ length: 6 }, worker));
        const [one, two] = apis;
        const icici = createSender(one.backend.url, dir.path, 'icici');
        await one.zerodha.deliver(one.zerodha.captured(token()));
        await icici.deliver(icici.captured(brokers.breeze.issue(BREEZE.apiKey)));
        const all = () => [...workers, ...apis.map(({ backend }) => backend)];
        const feedsOf = async ({ url }: Spawned): Promise<Feed[]> => {
          const { accounts } = await (await fetch(`${url}/status`)).json();
          return accounts.map(({ feed }: { feed: Feed }) => feed);
        };
        const areLive = async () => {
          for (const backend of all())
            await until(
              () => feedsOf(backend),
              (feeds) => feeds.every((feed) => feed?.state === 'live' && feed.held_by !== null),
            );
        };
        /** Each process tells the prices of both accounts, of a moment after this one. */
        const areHeard = async (streams: readonly EventStream[], after: number) => {
          for (const stream of streams)
            for (const account of ['zerodha', 'icici']) await priceAfter(stream, account, after);
        };
        await areLive();
        await oneFeed();
        const listening = new Map<Spawned, EventStream>();
        for (const backend of all())
          listening.set(backend, await openEventStream(`${backend.url}/ticks`, backend.key()));
        await areHeard([...listening.values()], 0);
        const [held] = await feedsOf(two.backend);
        const holder = workers.find(({ pid }) => pid === held?.held_by?.pid);
        const first = (await two.zerodha.check()).feed?.first_tick_at ?? '';
        await holder?.kill('SIGKILL');
        const killedAt = Date.now();
        workers.splice(workers.indexOf(holder ?? expect.fail('nobody has the feed')), 1);
        const { feed } = await until(
          two.zerodha.check,
          (report) => report.feed?.state === 'live' && report.feed.first_tick_at !== first,
        );
        expect(Date.parse(feed?.first_tick_at ?? '')).toBeGreaterThan(Date.parse(first));
        await areLive();
        await oneFeed();
        for (const backend of all()) {
          const [zerodha] = await feedsOf(backend);
          expect(zerodha?.held_by?.pid).not.toBe(holder?.pid);
        }
        // Every process goes on telling prices, and of later ticks, whoever has the feed.
        const streams = all().map((backend) => listening.get(backend) ?? expect.fail('nobody listens there'));
        await areHeard(streams, killedAt);
        const lastTick = async (backend: Spawned) => (await feedsOf(backend))[0]?.last_tick_at ?? '';
        const before = await Promise.all(all().map(lastTick));
        for (const [at, backend] of all().entries())
          await until(
            () => lastTick(backend),
            (later) => later > (before[at] ?? ''),
          );
        expect(brokers.kite.exchanges).toHaveLength(1);
        const told = JSON.stringify(streams.map(({ heard }) => heard));
        for (const secret of [...brokers.kite.sessions.keys(), KITE.apiKey, KITE.apiSecret, KITE.userId])
          expect(told).not.toContain(secret);
        for (const { leave } of listening.values()) leave();
      });

      it('hand a feed over at once when the worker that has it stops', async () => {
        const one = await api();
        const workers = await Promise.all([worker(), worker()]);
        await one.zerodha.deliver(one.zerodha.captured(token()));
        const live = () => until(one.zerodha.check, ({ feed }) => feed?.state === 'live');
        await live();
        for (const stopped of workers.slice(0, 1)) await stopped.kill('SIGTERM');
        await live();
        await oneFeed();
      });

      it('keep what was parked while no worker lives, and a worker takes no delivery', async () => {
        const [one, alone] = await Promise.all([api(), worker()]);
        await alone.kill('SIGTERM');
        await park(one.backend.url, 'WAITS');
        await one.zerodha.deliver(one.zerodha.captured(token()));
        await until(
          () => report(one),
          ({ session }) => session.state === 'verified',
        );
        expect((await report(one)).queue).toMatchObject({ parked: 1, done: 0 });
        const late = await worker();
        await until(
          () => report(one),
          ({ queue }) => queue?.done === 1,
        );
        for (const path of ['/session', '/queue'])
          expect((await fetch(late.url + path, { method: 'POST' })).status).toBe(404);
        for (const path of ['/health', '/ready']) expect((await fetch(late.url + path)).status).toBe(200);
      });
    });

    describe('kill -9', { timeout: 600_000 }, () => {
      /** A broker that takes the connection and never answers. */
      async function tarPit() {
        let arrive = () => {};
        const reached = new Promise<void>((resolve) => {
          arrive = resolve;
        });
        const server = createServer(() => arrive());
        await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
        const address = server.address();
        const port = typeof address === 'object' ? address?.port : 0;
        return { env: { PRACTICE_BROKERS: JSON.stringify({ 'api.kite.trade': port }) }, reached, server };
      }

      it('BCK-05 before the exchange: another process exchanges the token', async () => {
        const [one, two] = await Promise.all([start(), start()]);
        const message = one.zerodha.captured(token());
        await one.backend.kill('SIGKILL');
        await expect(one.zerodha.deliver(message)).rejects.toThrow();
        expect(await two.zerodha.deliver(message)).toMatchObject({ status: 200, answer: { status: 'applied' } });
      });

      it('BCK-05 during the exchange: in progress while its lease lasts, then spent', async () => {
        const { env, reached, server } = await tarPit();
        const [one, two] = await Promise.all([start(env), start()]);
        const message = one.zerodha.captured(token());
        const lost = one.zerodha.deliver(message).catch(() => 'lost');
        await reached;
        expect(await two.zerodha.deliver(message)).toMatchObject({ status: 409, answer: { reason: 'in_progress' } });
        await one.backend.kill('SIGKILL');
        expect(await lost).toBe('lost');
        expect(await two.zerodha.deliverAtLast(message)).toMatchObject({
          status: 410,
          answer: { reason: 'token_spent' },
        });
        expect(brokers.kite.exchanges).toEqual([]);
        expect(await two.zerodha.deliver(two.zerodha.captured(token()))).toMatchObject({ status: 200 });
        server.close();
      });

      it('BCK-05 after the exchange: replayed, and the broker is not asked again', async () => {
        const [one, two] = await Promise.all([start(), start()]);
        const message = one.zerodha.captured(token());
        await one.zerodha.deliver(message);
        await one.backend.kill('SIGKILL');
        expect(await two.zerodha.deliver(message)).toMatchObject({ status: 200, answer: { status: 'replayed' } });
        await live(two);
        expect(brokers.kite.exchanges).toHaveLength(1);
      });

      it.each([1, 4, 8, 16, 32])(
        'BCK-05 %i ms after the delivery was sent: 200 with its session, or 410',
        async (ms) => {
          const [one, two] = await Promise.all([start(), start()]);
          const message = one.zerodha.captured(token());
          const first = one.zerodha.deliver(message).catch(() => null);
          await new Promise((wait) => setTimeout(wait, ms));
          await one.backend.kill('SIGKILL');
          await first;
          const { status } = await two.zerodha.deliverAtLast(message);
          const { session } = await two.zerodha.check();
          const living = await accessToken(two);
          if (status === 200) {
            expect(session.delivery).toBe(two.zerodha.idOf(message));
            expect(brokers.kite.sessions.has(living ?? '')).toBe(true);
          } else expect([status, session.state, living]).toEqual([410, 'none', null]);
          expect(brokers.kite.exchanges.length).toBeLessThanOrEqual(1);
        },
      );
    });
  });
