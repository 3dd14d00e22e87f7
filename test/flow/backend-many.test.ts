import { createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { getValidSession } from '../../backend/src/session/valid-session.ts';
import { type PracticeBrokers, startPracticeBrokers } from '../brokers/index.ts';
import {
  BREEZE,
  createSender,
  KITE,
  type Sender,
  type Spawned,
  spawnBackend,
  temporaryDir,
  until,
} from './backend-harness.ts';

interface Process {
  backend: Spawned;
  zerodha: Sender;
}

let brokers: PracticeBrokers;
let dir: ReturnType<typeof temporaryDir>;
let running: Process[];

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
  await Promise.all(running.map(({ backend }) => backend.kill('SIGKILL')));
  dir.remove();
  brokers.faults.clear();
  brokers.kite.endSession();
  brokers.kite.forget();
  brokers.breeze.endSession();
  brokers.breeze.forget();
});

/** One more backend on the same store. */
async function start(env: Record<string, string> = {}): Promise<Process> {
  const backend = await spawnBackend({ ...brokers.nodeEnv, DATA_DIR: dir.path, ...env }, dir.path);
  const one = { backend, zerodha: createSender(backend.url, dir.path, 'zerodha') };
  running.push(one);
  return one;
}

const three = () => Promise.all([start(), start(), start()]);
const token = () => brokers.kite.issue(KITE.apiKey);
const live = (one: Process) =>
  until(one.zerodha.check, ({ session, feed }) => session.state === 'verified' && feed?.state === 'live', 15_000);
const asked = (path: string) => brokers.kite.requests.filter(({ url }) => url.startsWith(path));
const sockets = () => [...brokers.kite.sockets].map(({ accessToken }) => accessToken);

async function park(one: Process, what: string): Promise<void> {
  const job = { type: 'quote', account: 'zerodha', params: { instruments: [`NSE:${what}`] } };
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${one.backend.url}/queue`, { method: 'POST', headers, body: JSON.stringify(job) });
  expect(await answer.json()).toMatchObject({ auth_required: true });
}

describe('three backends on one store', { timeout: 60_000 }, () => {
  it('start at once on an empty directory, with the same secrets', async () => {
    const processes = await three();
    const reports = await Promise.all(processes.map(({ zerodha }) => zerodha.check()));
    expect(reports).toMatchObject([{ session: { state: 'none' } }, {}, {}]);
  });

  it('a token rotates once, all three reconnect with it, and one of them asks whether it lives', async () => {
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
      const [session] = brokers.kite.sessions.keys();
      await until(
        async () => sockets(),
        (open) => open.length === 3 && open.every((one) => one === session),
      );
      expect(getValidSession('zerodha', { dataDir: dir.path })).toBe(session);
      expect(asked('/user/profile')).toHaveLength(1);
      expect(asked('/session/token')).toHaveLength(1);
    }
  });

  it('BCK-04 50 parallel identical deliveries: one exchange', async () => {
    const processes = await three();
    const message = processes[0]?.zerodha.captured(token());
    if (message === undefined) throw new Error('no process');
    const replies = await Promise.all(Array.from({ length: 50 }, (_, i) => processes[i % 3]?.zerodha.deliver(message)));
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
    expect(brokers.kite.sessions.has(getValidSession('zerodha', { dataDir: dir.path }) ?? '')).toBe(true);
  });

  it('1,000 parked requests each run once, also when one process is killed in the middle', async () => {
    const processes = await three();
    const names = Array.from({ length: 1_000 }, (_, i) => `T${1_000 + i}`);
    for (let i = 0; i < names.length; i += 60)
      await Promise.all(names.slice(i, i + 60).map((name, n) => park(processes[n % 3] ?? expect.fail(), name)));
    const [first, , third] = processes;
    if (first === undefined || third === undefined) throw new Error('no process');
    expect((await first.zerodha.check()).queue).toMatchObject({ parked: 1_000 });

    await first.zerodha.deliver(first.zerodha.captured(token()));
    await until(first.zerodha.check, ({ queue }) => (queue?.done ?? 0) >= 100, 20_000);
    await third.backend.kill('SIGKILL');
    expect((await first.zerodha.check()).queue?.done).toBeLessThan(1_000);
    const { queue } = await until(first.zerodha.check, ({ queue }) => queue?.done === 1_000, 40_000);
    expect(queue).toMatchObject({ parked: 0, queued: 0, running: 0, failed: 0, stale: 0 });
    const runs = asked('/quote').map(({ url }) => url);
    expect(new Set(runs).size).toBe(1_000);
    // Only the read that the killed process was in the middle of was begun a second time.
    expect(runs.length).toBeLessThanOrEqual(1_001);
  });
});

describe('kill -9', { timeout: 60_000 }, () => {
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
    const [one, two] = [await start(), await start()];
    const message = one.zerodha.captured(token());
    await one.backend.kill('SIGKILL');
    await expect(one.zerodha.deliver(message)).rejects.toThrow();
    expect(await two.zerodha.deliver(message)).toMatchObject({ status: 200, answer: { status: 'applied' } });
  });

  it('BCK-05 during the exchange: in progress while its lease lasts, then spent', async () => {
    const { env, reached, server } = await tarPit();
    const [one, two] = [await start(env), await start()];
    const message = one.zerodha.captured(token());
    const lost = one.zerodha.deliver(message).catch(() => 'lost');
    await reached;
    expect(await two.zerodha.deliver(message)).toMatchObject({ status: 409, answer: { reason: 'in_progress' } });
    await one.backend.kill('SIGKILL');
    expect(await lost).toBe('lost');
    expect(await two.zerodha.deliverAtLast(message)).toMatchObject({ status: 410, answer: { reason: 'token_spent' } });
    expect(brokers.kite.exchanges).toEqual([]);
    expect(await two.zerodha.deliver(two.zerodha.captured(token()))).toMatchObject({ status: 200 });
    server.close();
  });

  it('BCK-05 after the exchange: replayed, and the broker is not asked again', async () => {
    const [one, two] = [await start(), await start()];
    const message = one.zerodha.captured(token());
    await one.zerodha.deliver(message);
    await one.backend.kill('SIGKILL');
    expect(await two.zerodha.deliver(message)).toMatchObject({ status: 200, answer: { status: 'replayed' } });
    await live(two);
    expect(brokers.kite.exchanges).toHaveLength(1);
  });

  it.each([1, 4, 8, 16, 32])('BCK-05 %i ms after the delivery was sent: 200 with its session, or 410', async (ms) => {
    const [one, two] = [await start(), await start()];
    const message = one.zerodha.captured(token());
    const first = one.zerodha.deliver(message).catch(() => null);
    await new Promise((wait) => setTimeout(wait, ms));
    await one.backend.kill('SIGKILL');
    await first;
    const { status } = await two.zerodha.deliverAtLast(message);
    const { session } = await two.zerodha.check();
    const accessToken = getValidSession('zerodha', { dataDir: dir.path });
    if (status === 200) {
      expect(session.delivery).toBe(two.zerodha.idOf(message));
      expect(brokers.kite.sessions.has(accessToken ?? '')).toBe(true);
    } else expect([status, session.state, accessToken]).toEqual([410, 'none', null]);
    expect(brokers.kite.exchanges.length).toBeLessThanOrEqual(1);
  });
});
