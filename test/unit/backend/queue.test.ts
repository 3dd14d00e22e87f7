import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Reply } from '../../../backend/src/brokers/client.ts';
import type { LookedUp } from '../../../backend/src/queue/operation.ts';
import type { MarketId } from '../../../utils/shared/market.ts';
import { MINUTE, SECOND } from '../../../utils/shared/time.ts';
import { hasTradingEnded } from '../../../utils/shared/trading-session.ts';
import { temporaryDir } from '../../flow/backend/harness.ts';
import {
  type Broker,
  DONE,
  GONE,
  LIMITED,
  NO_ANSWER,
  openQueue,
  type QueueWorld,
  REFUSED,
} from '../../support/backend/queue-world.ts';
import { ist } from '../../support/samples/samples.ts';

const FRIDAY_10_30_IST = Date.parse('2026-11-20T05:00:00Z');

let dir: ReturnType<typeof temporaryDir>;
let broker: Broker;
let open: QueueWorld[];
let one: QueueWorld;

beforeEach(async () => {
  dir = temporaryDir();
  broker = { now: FRIDAY_10_30_IST, answers: [], ran: [], lookUp: null, gate: Promise.resolve() };
  open = [];
  one = await another();
});
afterEach(() => {
  for (const world of open) if (world.db.isOpen) world.db.close();
  dir.remove();
});

/** One more process on the same store. */
async function another(): Promise<QueueWorld> {
  const world = await openQueue(dir.path, broker);
  open.push(world);
  return world;
}

async function verified(world = one): Promise<void> {
  await world.logIn();
  await world.pulse();
}

const only = async (world = one) => (await world.lists.newest())[0] ?? expect.fail('no job');

describe('the queue', () => {
  it('runs what waited, in the order in which it came', async () => {
    await one.submit('read', 'a');
    await one.submit('read', 'b');
    expect(await one.told()).toEqual(['read a parked', 'read b parked']);
    await verified();
    expect(await one.told()).toEqual(['read a done', 'read b done']);
    expect(broker.ran).toEqual(['a', 'b']);
  });

  it('lets go of many some at a time, so that nobody waits for it, and in their order', async () => {
    const names = Array.from({ length: 1_100 }, (_, i) => String(i));
    one.db.exec('PRAGMA synchronous = OFF');
    for (const name of names) await one.submit('read', name);
    const parked = async () => (await one.lists.report('zerodha')).parked;
    const seen = new Set<number>();
    await one.logIn();
    await one.queue.pulse('zerodha');
    for (let left = await parked(); left > 0; left = await parked()) {
      seen.add(left);
      await new Promise((turn) => setImmediate(turn));
    }
    expect([...seen]).toEqual([600, 100]);
    while (broker.ran.length < names.length) await one.pulse();
    expect(broker.ran).toEqual(names);
  });

  it('leaves what is older than 15 minutes', async () => {
    await one.submit('read', 'old');
    broker.now += 10 * MINUTE;
    await one.submit('read', 'young');
    broker.now += 6 * MINUTE;
    await verified();
    expect(await one.told()).toEqual(['read old stale', 'read young done']);
    expect(broker.ran).toEqual(['young']);
  });

  it('parks again once what finds no living session, then gives up', async () => {
    await one.submit('read', 'a');
    for (const state of ['parked', 'failed', 'failed']) {
      broker.answers = [GONE];
      await verified();
      expect(await one.told()).toEqual([`read a ${state}`]);
    }
    expect(broker.ran).toEqual(['a', 'a']);
  });

  it('stops at the first answer that the session is gone, and keeps the rest', async () => {
    await one.submit('read', 'a');
    await one.submit('read', 'b');
    broker.answers = [GONE];
    await verified();
    expect(await one.told()).toEqual(['read a parked', 'read b parked']);
    expect(await one.sessions.state('zerodha', broker.now)).toMatchObject({ state: 'rejected', problem: 'Incorrect' });
    await verified();
    expect(await one.told()).toEqual(['read a done', 'read b done']);
  });

  it('BCK-12 parks for no other error', async () => {
    await one.logIn();
    broker.answers = [LIMITED];
    expect(await one.submit('read', 'a')).toMatchObject({
      submission: { success: false, auth_required: false, error: 'Too many requests' },
    });
    expect(await one.told()).toEqual(['read a failed']);
    expect(await one.sessions.state('zerodha', broker.now)).toMatchObject({ state: 'verified' });
  });

  it('runs again what was asked with a session that a newer one has replaced meanwhile', async () => {
    const old = await one.logIn();
    broker.answers = [GONE];
    const asked = one.submit('read', 'a');
    await one.logIn();
    await asked;
    await one.pulse();
    expect(await one.told()).toEqual(['read a done']);
    expect((await one.sessions.live('zerodha', broker.now))?.generation).toBe(old.generation + 1);
  });

  it('waits, in order, where the broker says that it is asked too often', async () => {
    await one.submit('read', 'a');
    await one.submit('read', 'b');
    broker.answers = [LIMITED];
    await verified();
    expect(await one.told()).toEqual(['read a queued', 'read b queued']);
    broker.now += 2 * SECOND;
    await one.pulse();
    expect(broker.ran).toEqual(['a', 'a', 'b']);
    expect(await one.told()).toEqual(['read a done', 'read b done']);
  });

  it('tries a read that waited three times more when the network fails, after 2, 4 and 8 seconds', async () => {
    await one.submit('read', 'a');
    broker.answers = [NO_ANSWER, NO_ANSWER, NO_ANSWER, NO_ANSWER];
    await verified();
    for (const [seconds, runs, state] of [
      [1, 1, 'queued'],
      [1, 2, 'queued'],
      [4, 3, 'queued'],
      [8, 4, 'failed'],
    ] as const) {
      broker.now += seconds * SECOND;
      await one.pulse();
      expect([broker.ran.length, ...(await one.told())]).toEqual([runs, `read a ${state}`]);
    }
  });

  it('ends what a person cancels, and runs it no more', async () => {
    await one.submit('read', 'a');
    expect(await one.queue.cancel((await only()).id)).toMatchObject({
      status: 200,
      submission: { success: false, auth_required: false, job: { state: 'cancelled' } },
    });
    expect(await one.queue.cancel((await only()).id)).toMatchObject({ status: 409 });
    await verified();
    expect(broker.ran).toEqual([]);
    expect(await one.lists.report('zerodha')).toMatchObject({ parked: 0, cancelled: 1 });
  });

  it('survives an operation that throws', async () => {
    await one.logIn();
    await one.submit('read', 'throw');
    await one.submit('order', 'throw');
    expect(await one.lists.newest()).toMatchObject([
      { type: 'order', state: 'failed', unknown: 1 },
      { type: 'read', state: 'failed', unknown: 0 },
    ]);
  });

  it('keeps a result, and shows it by its id', async () => {
    await one.logIn();
    await one.submit('read', 'a');
    broker.now += MINUTE;
    expect(await one.queue.find((await only()).id)).toMatchObject({ state: 'done', result: 'fine', age_ms: MINUTE });
    expect(await one.queue.find('job_x')).toBeNull();
  });
});

describe('ORD what acts', () => {
  const confirm = async (world = one) => world.queue.confirm((await only(world)).id);

  it('runs at once when a session lives', async () => {
    await one.logIn();
    expect(await one.submit('order', 'buy')).toMatchObject({ submission: { success: true, result: 'fine' } });
  });

  it('needs an idempotency key', async () => {
    await one.logIn();
    const request = { type: 'order', account: 'zerodha', params: { what: 'buy' } };
    expect(await one.queue.submit(request)).toMatchObject({
      status: 400,
      submission: { error: 'idempotency_key is missing: what acts must name one' },
    });
    expect(broker.ran).toEqual([]);
  });

  it('ORD-02 never runs by itself after it was parked, and by a person once', async () => {
    await one.submit('order', 'buy');
    await verified();
    expect(await one.told()).toEqual(['order buy needs_confirmation']);
    expect(broker.ran).toEqual([]);
    broker.now += MINUTE;
    expect(await one.queue.find((await only()).id)).toMatchObject({
      age_ms: MINUTE,
      limit_at: '2026-11-20T05:02:00.000Z',
    });
    expect(await confirm()).toMatchObject({ status: 200, submission: { success: true, result: 'fine' } });
    expect(await confirm()).toMatchObject({ status: 409, submission: { error: 'this request is done' } });
    expect(broker.ran).toEqual(['buy']);
  });

  it.each<[string, () => Promise<unknown>]>([
    ['parked', async () => {}],
    [
      'without a session',
      async () => one.sessions.recordFinding(await one.logIn(), { state: 'rejected', problem: 'x' }),
    ],
  ])('is not confirmed while it is %s', async (_name, prepare) => {
    await one.submit('order', 'buy');
    await prepare();
    expect(await confirm()).toMatchObject({ status: 409, submission: { success: false } });
    expect(broker.ran).toEqual([]);
  });

  it.each([
    ['two minutes', FRIDAY_10_30_IST, 2 * MINUTE],
    ['the end of the trading session', Date.parse('2026-11-20T10:09:30Z'), MINUTE],
  ])('is refused after %s', async (_name, at, waited) => {
    broker.now = at;
    await one.submit('order', 'buy');
    await verified();
    broker.now += waited;
    expect(await confirm()).toMatchObject({ status: 409, submission: { job: { state: 'stale' } } });
    expect(broker.ran).toEqual([]);
  });

  it('is stale when nobody confirms it in time', async () => {
    await one.submit('order', 'buy');
    await verified();
    broker.now += 2 * MINUTE;
    await one.pulse();
    expect(await one.told()).toEqual(['order buy stale']);
  });

  it('ORD-04 is sent once for 50 retries over three processes, whatever they find', async () => {
    const worlds = [one, await another(), await another()];
    await one.logIn();
    let release = () => {};
    broker.gate = new Promise((resolve) => {
      release = resolve;
    });
    const asked = Array.from({ length: 50 }, (_, i) => worlds[i % 3]?.submit('order', 'buy', 'key-1'));
    release();
    const told = await Promise.all(asked);
    expect(broker.ran).toEqual(['buy']);
    expect(new Set(told.map((answer) => answer?.submission.job?.id)).size).toBe(1);
    expect(await one.submit('order', 'buy', 'key-1')).toMatchObject({ submission: { success: true, result: 'fine' } });
    expect(await one.submit('order', 'sell', 'key-1')).toMatchObject({
      status: 409,
      submission: { error: 'idempotency_key was used for another request' },
    });
    expect(broker.ran).toEqual(['buy']);
  });

  it('ORD-04 is sent once for 50 confirmations over three processes', async () => {
    const worlds = [one, await another(), await another()];
    await one.submit('order', 'buy');
    await verified();
    const { id } = await only();
    await Promise.all(Array.from({ length: 50 }, (_, i) => worlds[i % 3]?.queue.confirm(id)));
    expect(broker.ran).toEqual(['buy']);
  });

  it.each([
    ['no answer', NO_ANSWER, true],
    ['a fault of the broker', { ...REFUSED, status: 503 }, true],
    ['an answer nobody can read', { ...REFUSED, body: null }, true],
    ['a refusal', REFUSED, false],
    ['a rate limit', LIMITED, false],
  ] as const)('ORD-03 after %s: the outcome is unknown or not', async (_name, answer, isUnknown) => {
    await one.logIn();
    broker.answers = [answer];
    await one.submit('order', 'buy');
    expect(await one.queue.find((await only()).id)).toMatchObject({ state: 'failed', outcome_unknown: isUnknown });
    await one.pulse();
    const error = isUnknown ? 'outcome unknown: look at your orders at the broker' : 'this request is failed';
    expect(await confirm()).toMatchObject({ status: 409, submission: { error } });
    expect(broker.ran).toEqual(['buy']);
  });

  it.each<[string, Reply<LookedUp>, string, string | null]>([
    ['knows it', { ok: true, value: { found: true, result: 'order 7' } }, 'done', 'order 7'],
    ['does not know it', { ok: true, value: { found: false } }, 'needs_confirmation', null],
    ['cannot be asked', { ok: false, status: 0, body: null, words: 'no answer' }, 'failed', null],
  ])('ORD-03 looks an unknown outcome up: the broker %s', async (_name, answer, state, result) => {
    await one.logIn();
    broker.answers = [NO_ANSWER];
    broker.lookUp = () => answer;
    await one.submit('traced', 'buy');
    await one.pulse();
    expect(await one.queue.find((await only()).id)).toMatchObject({ state, result });
    expect(broker.ran).toEqual(['buy']);
    const answered = await confirm();
    if (state === 'needs_confirmation') expect(broker.ran).toEqual(['buy', 'buy']);
    else expect([answered.status, ...broker.ran]).toEqual([409, 'buy']);
  });
});

describe('processes that share the queue', () => {
  it('each run what is queued, and none of it twice', async () => {
    const worlds = [one, await another(), await another()];
    for (let i = 0; i < 30; i++) await one.submit('read', String(i));
    await one.logIn();
    await Promise.all(worlds.map((world) => world.pulse()));
    await Promise.all(worlds.map((world) => world.queue.stop()));
    expect(broker.ran.toSorted()).toEqual(Array.from({ length: 30 }, (_, i) => String(i)).toSorted());
    expect(await one.lists.report('zerodha')).toMatchObject({ done: 30, parked: 0, queued: 0 });
  });

  it.each([
    ['read', 'queued', ['a', 'a'], 'done'],
    ['order', 'failed', ['a'], 'failed'],
  ] as const)('when one dies, another takes its %s over after its lease, not before', async (type, state, ran, end) => {
    const two = await another();
    await one.logIn();
    broker.gate = new Promise(() => {});
    void one.submit(type, 'a');
    const { processes } = two;
    for (const [seconds, expected] of [
      [1, 'running'],
      [5, state],
    ] as const) {
      broker.now += seconds * SECOND;
      await processes.beat(broker.now);
      await two.queue.takeOver('zerodha');
      expect(await two.told()).toEqual([`${type} a ${expected}`]);
    }
    broker.gate = Promise.resolve();
    await two.pulse();
    expect(await two.told()).toEqual([`${type} a ${end}`]);
    expect(broker.ran).toEqual(ran);
    if (type === 'order') expect(await only(two)).toMatchObject({ problem: 'outcome unknown', unknown: 1 });
  });

  it('a slow one that was taken for dead says nothing about a read, and still says how an act ended', async () => {
    const two = await another();
    await one.logIn();
    let release = () => {};
    broker.gate = new Promise((resolve) => {
      release = resolve;
    });
    const read = one.submit('read', 'a');
    const order = one.submit('order', 'b');
    broker.now += 6 * SECOND;
    await two.processes.beat(broker.now);
    await two.queue.takeOver('zerodha');
    expect(await two.told()).toEqual(['read a queued', 'order b failed']);
    broker.answers = [DONE, DONE];
    release();
    await Promise.all([read, order]);
    expect(await two.told()).toEqual(['read a queued', 'order b done']);
  });

  it('a slow one whose act the broker did not know yet is believed over that', async () => {
    const two = await another();
    await one.logIn();
    let release = () => {};
    broker.gate = new Promise((resolve) => {
      release = resolve;
    });
    const sent = one.submit('traced', 'buy');
    broker.now += 6 * SECOND;
    await two.processes.beat(broker.now);
    await two.queue.takeOver('zerodha');
    await two.pulse();
    expect(await two.told()).toEqual(['traced buy needs_confirmation']);
    release();
    await sent;
    expect(await two.told()).toEqual(['traced buy done']);
    expect(broker.ran).toEqual(['buy']);
  });

  it('one whose store failed while it wrote an ending down takes its own job up again', async () => {
    await one.logIn();
    await one.submit('read', 'a');
    one.db.exec("UPDATE jobs SET state = 'running', result = NULL, finished_at = NULL");
    await one.queue.takeOver('zerodha');
    await one.pulse();
    expect(broker.ran).toEqual(['a', 'a']);
    expect(await one.told()).toEqual(['read a done']);
  });

  it('one that begins takes nobody for dead at once: an outage may just have ended', async () => {
    const { processes } = await another();
    expect(processes.mayTakeOver(broker.now)).toBe(false);
    expect(processes.mayTakeOver(broker.now + 5 * SECOND)).toBe(true);
  });

  it('after a sleep of the machine nobody is taken for dead at once', async () => {
    const two = await another();
    broker.now += 60 * MINUTE;
    await two.processes.beat(broker.now);
    expect(two.processes.mayTakeOver(broker.now)).toBe(false);
    expect(two.processes.mayTakeOver(broker.now + 5 * SECOND)).toBe(true);
  });
});

describe('the end of the trading session', () => {
  it.each([
    ['during the session', '2026-11-20T05:00:00Z', '2026-11-20T10:09:59Z', false],
    ['after its end', '2026-11-20T05:00:00Z', '2026-11-20T10:10:00Z', true],
    ['before the opening it was meant for', '2026-11-20T03:00:00Z', '2026-11-20T03:40:00Z', false],
    ['before the opening, in that session', '2026-11-20T03:00:00Z', '2026-11-20T09:00:00Z', false],
    ['before the opening, after that session', '2026-11-20T03:00:00Z', '2026-11-20T10:10:00Z', true],
    ['in the evening, in the next session', '2026-11-20T12:00:00Z', '2026-11-23T05:00:00Z', false],
    ['during the session, in the next one', '2026-11-20T05:00:00Z', '2026-11-23T05:00:00Z', true],
  ])('asked for %s', (_name, askedAt, now, isOver) => {
    expect(hasTradingEnded(Date.parse(askedAt), Date.parse(now))).toBe(isOver);
  });

  it.each<[type: string, account: MarketId | undefined, asked: string, confirmed: string, state: string]>([
    ['order', undefined, '15:39:30', '15:40:20', 'stale'],
    ['order', 'nse-equity', '15:14:30', '15:15:20', 'stale'],
    ['order', 'mcx', '15:39:30', '15:40:20', 'done'],
    ['order', 'currency', '15:39:30', '15:40:20', 'done'],
    ['order', 'currency', '16:59:30', '17:00:20', 'stale'],
    ['order', 'mcx-agri-late', '20:59:30', '21:00:20', 'stale'],
    ['order', 'mcx', '23:54:30', '23:55:20', 'stale'],
    ['metal', undefined, '15:39:30', '15:40:20', 'done'],
    ['metal', 'currency', '16:59:30', '17:00:20', 'done'],
    ['rupee', undefined, '15:39:30', '15:40:20', 'done'],
    ['rupee', 'mcx', '16:59:30', '17:00:20', 'stale'],
  ])('is that of its own market: %s, account %s, %s to %s: %s', async (type, account, asked, confirmed, state) => {
    broker.market = account;
    broker.now = ist(`2026-11-20 ${asked}`);
    const world = await another();
    const { submission } = await world.submit(type, 'a');
    broker.now = ist(`2026-11-20 ${confirmed}`);
    await world.logIn();
    await world.pulse();
    await world.queue.confirm(submission.job?.id ?? '');
    expect(await world.told()).toEqual([`${type} a ${state}`]);
    expect(broker.ran).toEqual(state === 'done' ? ['a'] : []);
  });
});
