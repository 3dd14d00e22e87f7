import { request } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SessionReport } from '../../../utils/shared/contract.ts';
import { type PracticeBrokers, startPracticeBrokers } from '../../brokers/index.ts';
import { createSender, KITE, type Sender, type Spawned, spawnBackend, temporaryDir, until } from './harness.ts';

const LONGEST = 5_000;
// As many of one account as may wait at once.
const PLACES = 4;

let brokers: PracticeBrokers;
let dir: ReturnType<typeof temporaryDir>;
let running: Spawned[];
let sender: Sender;

const start = async () => {
  const backend = await spawnBackend({ ...brokers.nodeEnv, DATA_DIR: dir.path }, dir.path);
  running.push(backend);
  return createSender(backend.url, dir.path, 'zerodha');
};

beforeAll(async () => {
  brokers = await startPracticeBrokers();
  brokers.kite.register(KITE);
});
afterAll(() => brokers.close());
beforeEach(async () => {
  dir = temporaryDir();
  running = [];
  sender = await start();
});
afterEach(async () => {
  for (const backend of running) await backend.kill('SIGTERM');
  dir.remove();
  brokers.kite.endSession();
});

const asking = (after: string, ms: number) =>
  JSON.stringify({ version: 1, type: 'session.check', account: 'zerodha', wait: { after, ms } });

async function wait(after = '', ms = LONGEST, by = sender): Promise<SessionReport> {
  const { answer } = await by.post(asking(after, ms));
  if (answer.type !== 'session.report') throw new Error(JSON.stringify(answer));
  return answer;
}

/**
 * Takes all places of the account, again and again until `signal` says that it is over: they are taken once a check with
 * the present revision is told that it may not wait.
 */
async function fill(after: string, signal: AbortSignal, by = sender) {
  const keep = async () => {
    for (;;) {
      const told = await wait(after, LONGEST, by).catch(() => null);
      if (signal.aborted) return told;
    }
  };
  const held = Array.from({ length: PLACES }, keep);
  await until(
    () => wait(after, 1),
    ({ revision }) => revision === undefined,
  );
  return held;
}

/** Sends on connections of their own, which the signal closes. */
const closedBy = (signal: AbortSignal) =>
  createSender(running[0]?.url ?? '', dir.path, 'zerodha', (url, { body, ...init }) => {
    const sent = request(url, { ...init, agent: false, signal }).end(body);
    return new Promise((_, fail) => sent.on('error', fail));
  });

describe('a check that waits', () => {
  it('is answered when a delivery, its verification and its first tick come, each with another revision', async () => {
    const { revision, understands } = await sender.check();
    expect(understands).toContain('check.wait');
    const held = [wait(revision), wait(revision)];
    const message = sender.captured(brokers.kite.issue(KITE.apiKey));
    await sender.deliver(message);
    const seen = await Promise.all(held);
    expect(seen.map(({ session }) => session.delivery)).toEqual(Array(2).fill(sender.idOf(message)));
    const revisions = [revision];
    for (let told = seen[0]; told !== undefined; ) {
      expect(revisions).not.toContain(told.revision);
      revisions.push(told.revision);
      told = told.feed?.first_tick_at ? undefined : await wait(told.revision);
    }
    expect((await sender.check()).session.state).toBe('verified');
  });

  it('is answered at once where the revision is another one already', async () => {
    expect((await wait('another')).waited_ms).toBeUndefined();
  });

  it('is answered by the same revision when its time is over', async () => {
    const { revision = '' } = await sender.check();
    const told = await wait(revision, 1);
    expect([told.revision, typeof told.waited_ms]).toEqual([revision, 'number']);
  });

  it('is answered when another process on the same store takes a delivery', async () => {
    const other = await start();
    const { revision } = await sender.check();
    const held = wait(revision);
    const message = other.captured(brokers.kite.issue(KITE.apiKey));
    await other.deliver(message);
    expect((await held).session.delivery).toBe(other.idOf(message));
  });

  it('is answered at once and without a revision beside as many as may wait; a closed connection leaves its place', async () => {
    const { revision = '' } = await sender.check();
    const closing = new AbortController();
    await fill(revision, closing.signal, closedBy(closing.signal));
    closing.abort();
    await until(
      () => wait(revision, 1),
      (told) => told.revision === revision,
    );
  });

  it('is answered when the backend stops, which it does not hold up', async () => {
    const { revision = '' } = await sender.check();
    const stopping = new AbortController();
    const held = await fill(revision, stopping.signal);
    stopping.abort();
    expect(await running.pop()?.kill('SIGTERM')).toBe(0);
    for (const told of await Promise.all(held)) expect(told).toMatchObject({ session: { state: 'none' } });
  });

  it('is refused as bad_request where it may wait for longer than five seconds, for no time, or after no revision', async () => {
    const wrong = [{ after: 'known', ms: LONGEST + 1 }, { after: 'known', ms: 0 }, { ms: 1 }, { after: 'a b', ms: 1 }];
    for (const asked of wrong) {
      const check = { version: 1, type: 'session.check', account: 'zerodha', wait: asked };
      const { answer } = await sender.post(JSON.stringify(check));
      expect([asked, answer]).toMatchObject([asked, { type: 'session.refused', reason: 'bad_request' }]);
    }
  });
});
