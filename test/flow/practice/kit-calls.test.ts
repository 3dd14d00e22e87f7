import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SessionReport } from '../../../utils/shared/contract.ts';
import { type Caller, createCaller, madeUpToken } from '../../conformance/caller.ts';
import { KITS, type RunningKit, startKit, type Worker } from '../../peers/kits.ts';
import { until } from '../../support/until.ts';

const ACCOUNT = { account: 'zerodha', broker: 'zerodha' } as const;

/** What a kit tells of a call that was parked. */
interface Call {
  number: number;
  name: string;
  state: string;
  problem: string | null;
  result?: unknown;
}

async function report(caller: Caller): Promise<SessionReport> {
  const { answer } = await caller.check();
  if (answer?.type !== 'session.report') throw new Error(JSON.stringify(answer));
  return answer;
}

async function logIn(caller: Caller, token = madeUpToken('Login')): Promise<string> {
  await until(
    () => caller.capture(caller.captured(token)),
    ({ outcome }) => outcome.kind === 'applied',
  );
  return token;
}

describe.each(KITS)('calls by $name', (kit) => {
  let running: RunningKit;
  let caller: Caller;
  const workers: Worker[] = [];

  async function start(env: Record<string, string> = {}): Promise<void> {
    running = await startKit(kit, env);
    caller = createCaller({ url: running.url, secret: running.secret, ...ACCOUNT });
  }

  async function work(): Promise<Worker> {
    const worker = await running.worker();
    workers.push(worker);
    return worker;
  }

  const calls = async (): Promise<Call[]> => ((await running.steps(['calls']))[0] as Call[]) ?? [];
  const settled = (isSo: (calls: Call[]) => boolean) => until(calls, isSo);
  const states = (all: Call[]) => all.map(({ state }) => state);
  const isLive = ({ feed }: SessionReport) => feed?.state === 'live';

  beforeEach(() => start());
  afterEach(async () => {
    for (const worker of workers.splice(0)) await worker.kill();
    await running.stop();
  });

  it('park without a session, and run once each, in order, after the login', async () => {
    const said = await running.steps(['quote', 'A'], ['quote', 'B'], ['quote', 'C']);
    expect(said).toMatchObject([1, 2, 3].map((parked) => ({ auth_required: true, parked })));
    expect((await report(caller)).queue).toMatchObject({ parked: 3, done: 0 });
    const token = await logIn(caller);
    const all = await settled((some) => some.every(({ state }) => state === 'done'));
    expect(all.map(({ result }) => result)).toEqual(['A', 'B', 'C'].map((name) => ({ name, by: token })));
    expect(running.seen().filter((line) => line.startsWith('read'))).toEqual(['read A', 'read B', 'read C']);
    const { queue } = await report(caller);
    expect(queue).toMatchObject({ parked: 0, done: 3 });
    expect(queue?.latest.map(({ label, state }) => [label.slice(0, 5), state])).toEqual(
      Array(3).fill(['quote', 'done']),
    );
  });

  it('are answered at once while the session lives, by every process', async () => {
    const token = await logIn(caller);
    const [quote, bought, current, parked] = await running.steps(['quote', 'A'], ['buy', 'B'], ['current'], ['calls']);
    expect(quote).toEqual({ name: 'A', by: token });
    expect(bought).toMatchObject({ symbol: 'B' });
    expect(current).toMatchObject({ user: 'AB1234', access_token: token });
    expect(parked).toEqual([]);
  });

  it('park once where the same read waits already', async () => {
    const said = await running.steps(['quote', 'A'], ['quote', 'A'], ['quote', 'B'], ['quote', 'A']);
    expect(said).toMatchObject([1, 1, 2, 1].map((parked) => ({ parked })));
  });

  it('run with the next session, where the present one turns out to be gone', async () => {
    await logIn(caller, madeUpToken('Gone'));
    expect(await running.steps(['quote', 'A'])).toMatchObject([{ auth_required: true, parked: 1 }]);
    await until(
      () => report(caller),
      ({ session }) => session.state === 'verified',
    );
    expect(states(await calls())).toEqual(['parked']);
    const token = await logIn(caller);
    const [call] = await settled((some) => some.every(({ state }) => state === 'done'));
    expect(call?.result).toEqual({ name: 'A', by: token });
  });

  it('that act wait for a person, and run once after the confirmation', async () => {
    await running.steps(['buy', 'A'], ['buy', 'B']);
    await logIn(caller);
    await until(() => report(caller), isLive);
    expect((await report(caller)).queue).toMatchObject({ needs_confirmation: 2 });
    expect(await running.steps(['confirm', 1], ['confirm', 1], ['cancel', 2], ['confirm', 2])).toEqual([
      true,
      false,
      true,
      false,
    ]);
    expect(states(await settled((some) => some[0]?.state === 'done'))).toEqual(['done', 'cancelled']);
    expect(running.seen().filter((line) => line.startsWith('act'))).toHaveLength(1);
  });

  it('that act with one key run once, however often they come', async () => {
    expect(await running.steps(['keyed', 'k1', 'A'], ['keyed', 'k1', 'A'])).toMatchObject([
      { parked: 1 },
      { parked: 1 },
    ]);
    await logIn(caller);
    await running.steps(['confirm', 1]);
    await settled((some) => some[0]?.state === 'done');
    expect(await running.steps(['keyed', 'k1', 'A'])).toEqual([{ key: 'k1', symbol: 'A' }]);
    expect(running.seen().filter((line) => line === 'act k1')).toHaveLength(1);
  });

  it('that act have keys of their own: one key may stand for a purchase and for a sale', async () => {
    const said = await running.steps(['keyed', 'k1', 'A', 'buy'], ['keyed', 'k1', 'A', 'sell']);
    expect(said).toMatchObject([{ parked: 1 }, { parked: 2 }]);
    await logIn(caller);
    await running.steps(['confirm', 1], ['confirm', 2]);
    const all = await settled((some) => some.every(({ state }) => state === 'done'));
    expect(all.map(({ result }) => result)).toEqual([
      { key: 'k1', symbol: 'A' },
      { key: 'k1', sold: 'A' },
    ]);
  });

  it('that act refuse a key under which other arguments were given', async () => {
    await running.steps(['keyed', 'k1', 'A']);
    await expect(running.steps(['keyed', 'k1', 'B'])).rejects.toThrow(/this key is another call/);
    expect(await calls()).toHaveLength(1);
  });

  it('that act run by a confirmation also with the session that was in doubt when they parked', async () => {
    await logIn(caller);
    expect(await running.steps(['buy', 'Doubt'])).toMatchObject([{ auth_required: true, parked: 1 }]);
    await running.steps(['confirm', 1]);
    await settled((some) => some[0]?.state === 'done');
    expect(running.seen().filter((line) => line.startsWith('act'))).toHaveLength(1);
  });

  it('may answer with a list of errors that is no text', async () => {
    await logIn(caller);
    expect(await running.steps(['quote', 'List'])).toEqual([{ Error: ['no text'] }]);
  });

  it('run with a new session of the same token of the day, and so does the feed', async () => {
    await running.stop();
    await start({ OPENING_BELL_BROKER: 'icici' });
    caller = createCaller({ url: running.url, secret: running.secret, account: 'zerodha', broker: 'icici' });
    const token = madeUpToken('Twice');
    await logIn(caller, token);
    await until(() => report(caller), isLive);
    expect(await running.steps(['quote', 'A'])).toMatchObject([{ parked: 1 }]);
    await until(
      () => report(caller),
      ({ session }) => session.state === 'rejected',
    );
    await logIn(caller, token);
    const [call] = await settled((some) => some[0]?.state === 'done');
    expect(call?.result).toEqual({ name: 'A', by: token });
    await until(() => report(caller), isLive);
    expect(running.seen().filter((line) => line.startsWith(`feed ${token}`))).toHaveLength(2);
  });

  it('that act never run after their limit', async () => {
    await running.stop();
    await start({ PRACTICE_WITHIN: '0.5' });
    await running.steps(['buy', 'A']);
    await settled((some) => some[0]?.state === 'stale');
    await logIn(caller);
    expect(await running.steps(['confirm', 1])).toEqual([false]);
    expect(running.seen().filter((line) => line.startsWith('act'))).toEqual([]);
  });

  it.each([
    ['Hang', 'done', null],
    ['Lost', 'failed', /outcome unknown/],
  ])('that act in a process that was killed are looked up and never sent again: %s', async (symbol, state, problem) => {
    await running.down();
    const worker = await work();
    const target = createCaller({ url: worker.url, secret: running.secret, ...ACCOUNT });
    await running.steps(['buy', symbol]);
    await logIn(target);
    await running.steps(['confirm', 1]);
    await until(
      async () => running.seen(),
      (seen) => seen.includes(`hangs ${symbol}`),
    );
    await worker.kill();
    await running.up();
    const [call] = await settled((some) => some[0]?.state === state);
    expect(call?.problem ?? '').toMatch(problem ?? /^$/);
    expect(running.seen().filter((line) => line.startsWith('act'))).toHaveLength(symbol === 'Hang' ? 1 : 0);
    expect(running.seen().filter((line) => line.startsWith('hangs'))).toHaveLength(1);
  });

  it.each([
    ['Cut', 'done', null],
    ['Late', 'done', null],
    ['Poor', 'failed', /the log says why/],
  ])(
    'that act and fail are looked up where it is not clear what became of them: %s',
    async (symbol, state, problem) => {
      await running.steps(['buy', symbol]);
      await logIn(caller);
      await running.steps(['confirm', 1]);
      const [call] = await settled((some) => some[0]?.state === state);
      expect(call?.problem ?? '').toMatch(problem ?? /^$/);
      expect(running.seen().filter((line) => line.startsWith('act'))).toHaveLength(1);
    },
  );

  it('have one feed: a new login stops the old one, and another process takes over from one that died', async () => {
    const worker = await work();
    const first = await logIn(caller);
    await until(() => report(caller), isLive);
    const second = await logIn(caller);
    const feeds = () => running.seen().filter((line) => line.startsWith('feed') || line.startsWith('stop'));
    await until(
      async () => feeds(),
      ({ length }) => length === 3,
    );
    expect(feeds().map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
      `feed ${first}`,
      `stop ${first}`,
      `feed ${second}`,
    ]);
    const leader = Number(feeds()[2]?.split(' ')[2]);
    if (leader === worker.pid) await worker.kill();
    else await running.down();
    await until(
      async () => feeds().filter((line) => line.startsWith(`feed ${second}`)),
      ({ length }) => length === 2,
    );
    if (leader !== worker.pid) await running.up();
  });

  it('report a feed of their own session, from its first moment on: the extension asks no more where there is none', async () => {
    for (const name of ['First', 'Second']) {
      await logIn(caller, madeUpToken(name));
      const wrong = ({ session, feed }: SessionReport) =>
        feed?.state === 'off' || (feed?.first_tick_at ?? '~') < (session.exchanged_at ?? '');
      const told = await until(
        () => report(caller),
        (one) => wrong(one) || isLive(one),
      );
      expect(wrong(told)).toBe(false);
    }
  });

  it('work with several processes: one exchange, one feed, each parked call once', async () => {
    const urls = [running.url, ...(await Promise.all([work(), work(), work()])).map(({ url }) => url)];
    await running.steps(...['A', 'B', 'C', 'D', 'E'].map((name) => ['quote', name] as ['quote', string]));
    const message = caller.captured(madeUpToken('Many'));
    const senders = urls.map((url) => createCaller({ url, secret: running.secret, ...ACCOUNT }));
    const replies = await Promise.all([...senders, ...senders].map((sender) => sender.capture(message)));
    expect(
      replies.filter(({ answer }) => answer?.type === 'session.applied' && answer.status === 'applied'),
    ).toHaveLength(1);
    await settled((some) => some.every(({ state }) => state === 'done'));
    const seen = running.seen();
    expect(seen.filter((line) => line.startsWith('exchange'))).toHaveLength(1);
    expect(seen.filter((line) => line.startsWith('feed'))).toHaveLength(1);
    expect(seen.filter((line) => line.startsWith('read'))).toEqual(
      ['A', 'B', 'C', 'D', 'E'].map((name) => `read ${name}`),
    );
  });
});
