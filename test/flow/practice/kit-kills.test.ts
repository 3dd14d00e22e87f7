import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCaller, madeUpToken } from '../../conformance/caller.ts';
import { KITS, type RunningKit, startKit, type Worker } from '../../peers/kits.ts';
import { until } from '../../support/until.ts';

/** How many processes are killed a kit; `npm run soak` kills 200. */
const KILLS = Number(process.env.KILLS ?? 20);
const SEED = Number(process.env.SEED ?? Date.now() % 1_000_000);

/** Every process of a server is killed again and again, at random moments, while logins and parked calls come. */
describe.each(KITS)(`${KILLS} kills of $name, SEED=${SEED}`, (kit) => {
  it('lose nothing, act at most once, and leave one feed', { timeout: KILLS * 30_000 }, async () => {
    const running = await startKit(kit, { PRACTICE_SLOW: '0.2' });
    await running.down();
    const told = await story(running);
    const seen = running.seen();
    const count = (kind: string) =>
      seen.filter((line) => line.startsWith(`${kind} `)).map((line) => line.split(' ')[1]);
    const [exchanged, acted] = [count('exchange'), count('act')];
    expect(exchanged.length).toBe(new Set(exchanged).size);
    expect(acted.length).toBe(new Set(acted).size);
    expect(told.calls.filter(({ name, state }) => name === 'quote' && state !== 'done')).toEqual([]);
    expect(told.calls).toHaveLength(told.parked);
    expect(overlaps(seen, told.killedAt)).toEqual([]);
    await running.stop();
  });
});

interface Told {
  calls: { name: string; state: string }[];
  /** How many different calls were parked. */
  parked: number;
  /** When each process was killed, by its id; epoch seconds. */
  killedAt: Map<number, number>;
}

async function story(running: RunningKit): Promise<Told> {
  const [moments = []] = fc.sample(fc.array(fc.nat(1_500), { minLength: KILLS, maxLength: KILLS }), {
    seed: SEED,
    numRuns: 1,
  });
  const workers: Worker[] = await Promise.all([running.worker(), running.worker()]);
  const killedAt = new Map<number, number>();
  const kill = (worker: Worker) => {
    killedAt.set(worker.pid, Date.now() / 1_000);
    return worker.kill();
  };
  const parked = new Set<number>();
  const senderTo = ({ url }: Worker) =>
    createCaller({ url, secret: running.secret, account: 'zerodha', broker: 'zerodha' });

  for (const [round, moment] of moments.entries()) {
    const [first, second] = workers as [Worker, Worker];
    const message = senderTo(first).captured(madeUpToken('Kill'));
    // Not waited for: they are what is killed.
    const sent = Promise.allSettled([senderTo(first).capture(message), senderTo(second).capture(message)]);
    const steps = round % 3 === 0 ? running.steps(['quote', `Q${round}`], ['buy', `B${round}`]) : Promise.resolve([]);
    await new Promise((passed) => setTimeout(passed, moment));
    await kill(first);
    for (const answer of await steps) {
      const number = Number(Object(answer).parked);
      if (number > 0) parked.add(number);
      if (round % 2 === 0 && number > 0) await running.steps(['confirm', number]);
    }
    await sent;
    workers.splice(0, 2, second, await running.worker());
  }
  const [, last] = workers as [Worker, Worker];
  await until(
    () => senderTo(last).capture(senderTo(last).captured(madeUpToken('Last'))),
    ({ outcome }) => outcome.kind === 'applied',
  );
  const calls = await until(
    async () => (await running.steps(['calls']))[0] as Told['calls'],
    (all) => all.every(({ state }) => !['parked', 'queued', 'running'].includes(state)),
  );
  // The second one takes the feed over in between.
  for (const worker of workers) await kill(worker);
  return { calls, parked: parked.size, killedAt };
}

/** Feeds that began while another one ran: not stopped before, and its process not killed. */
function overlaps(seen: readonly string[], killedAt: ReadonlyMap<number, number>): string[] {
  const wrong: string[] = [];
  let running = { token: '', pid: 0, isOver: true };
  for (const [kind, token = '', pid, at] of seen.map((line) => line.split(' '))) {
    if (kind === 'stop' && token === running.token) running.isOver = true;
    if (kind !== 'feed') continue;
    const diedAt = killedAt.get(running.pid) ?? Number.POSITIVE_INFINITY;
    if (!running.isOver && Number(at) < diedAt) wrong.push(`${running.token} ${token}`);
    running = { token, pid: Number(pid), isOver: false };
  }
  return wrong;
}
