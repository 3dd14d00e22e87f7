import { setImmediate as nextTurn } from 'node:timers/promises';
import type { AccountName } from '../config/account-name.ts';
import { pulseFailed } from '../log/log.ts';
import type { Job } from '../store/tables/job.ts';
import type { Fate } from '../store/tables/job-sets.ts';
import type { Ending } from '../store/tables/jobs.ts';
import type { QueueOptions } from './options.ts';
import type { Runner } from './run.ts';
import { createSingle } from './single.ts';
import { isTradingOver } from './trading.ts';

export interface LineOptions extends QueueOptions {
  runner: Runner;
}

/**
 * The line of an account. It goes by states alone, never by events: parked reads run where a verified session lives,
 * whoever parked them and whoever verified it, so that no crash leaves anything behind.
 */
export function createLine({ jobs, sessions, runner, log, now, ...markets }: LineOptions) {
  let isStopping = false;
  const releasing = createSingle(pulseFailed(log));
  const draining = createSingle(pulseFailed(log));

  const isVerified = async (account: AccountName): Promise<boolean> =>
    (await sessions.live(account, now())) !== null && (await sessions.row(account))?.state === 'verified';

  async function pulse(account: AccountName): Promise<void> {
    if (isStopping) return;
    await move(account, 'needs_confirmation', (job) => lateness(job, 'nobody confirmed it in time'));
    if ((await jobs.has(account, 'parked')) && (await isVerified(account)))
      releasing.run(account, () => release(account));
    if (await jobs.has(account, 'queued')) draining.run(account, () => drain(account));
  }

  /** What waited for a session: reads go into the line, what acts waits for a person, what is too old ends. */
  async function release(account: AccountName): Promise<void> {
    const fate = (job: Job): Fate => {
      const late = lateness(job, 'too old when a session came');
      if (late !== null) return late;
      return job.acts === 1
        ? { state: 'needs_confirmation', problem: 'waits for a confirmation' }
        : { state: 'queued', problem: null };
    };
    // Some at a time: a hundred thousand of them must not hold up who asks how the session stands.
    while ((await move(account, 'parked', fate)) > 0) {
      // Whoever released them also runs some, the others as soon as they hear of it.
      draining.run(account, () => drain(account));
      await nextTurn();
      if (isStopping || !(await isVerified(account))) return;
    }
  }

  /** The end of a job that is past its limit, or that acts and has missed its trading session; else null. */
  function lateness(job: Job, tooLate: string): Fate | null {
    if (job.limit_at <= now()) return { state: 'stale', problem: tooLate };
    const isOver = job.acts === 1 && isTradingOver(job, markets, now());
    return isOver ? { state: 'stale', problem: 'the trading session has ended' } : null;
  }

  async function move(
    account: AccountName,
    from: 'parked' | 'needs_confirmation',
    fate: (job: Job) => Fate | null,
  ): Promise<number> {
    const moved = await jobs.move(account, from, fate, now());
    for (const { number, to } of moved)
      if (to !== 'queued') log({ event: 'job.finished', account, job: number, state: to });
    return moved.length;
  }

  async function drain(account: AccountName): Promise<void> {
    while (!isStopping) {
      const session = await sessions.live(account, now());
      if (session === null) return unqueue(account);
      const job = await jobs.takeNext(account, now());
      if (job === null) return;
      await (job.limit_at > now() ? runner.run(job, session) : runner.end(job, TOO_OLD));
    }
  }

  async function unqueue(account: AccountName): Promise<void> {
    while (!isStopping && (await jobs.parkQueued(account)) > 0) await nextTurn();
  }

  return {
    pulse,
    async stop(): Promise<void> {
      isStopping = true;
      await Promise.all([releasing.settled(), draining.settled()]);
    },
  };
}

const TOO_OLD: Ending = { state: 'stale', problem: 'too old when its turn came' };
