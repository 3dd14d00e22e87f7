import type { BrokerId } from '../../../utils/domain/contract.ts';
import type { Job } from '../store/job.ts';
import type { QueueOptions } from './queue.ts';
import type { Runner } from './run.ts';
import { isTradingOver } from './trading.ts';

const TRADING_OVER = 'the trading session has ended';

export interface LineOptions extends QueueOptions {
  runner: Runner;
}

/**
 * The line of an account. It goes by states alone, never by events: parked reads run where a verified session lives,
 * whoever parked them and whoever verified it, so that no crash leaves anything behind.
 */
export function createLine({ jobs, sessions, runner, log, now }: LineOptions) {
  let isStopping = false;
  const draining = new Map<BrokerId, Promise<void>>();

  function pulse(account: BrokerId): void {
    if (isStopping) return;
    for (const job of jobs.in(account, 'needs_confirmation')) retire(job, 'nobody confirmed it in time');
    const session = sessions.live(account, now());
    if (session !== null && sessions.row(account)?.state === 'verified') release(account);
    if (!jobs.has(account, 'queued') || draining.has(account)) return;
    draining.set(
      account,
      drain(account)
        .catch(() => log({ event: 'pulse.failed' }))
        .finally(() => draining.delete(account)),
    );
  }

  /** What waited for a session: reads go into the line, what acts waits for a person, what is too old ends. */
  function release(account: BrokerId): void {
    if (!jobs.has(account, 'parked')) return;
    for (const job of jobs.expireReads(account, 'too old when a session came', now())) ended(job, 'stale');
    for (const job of jobs.parkedActs(account)) {
      if (retire(job, 'when a session came')) continue;
      jobs.turn(job.id, 'needs_confirmation', 'waits for a confirmation', now());
      ended(job, 'needs_confirmation');
    }
    jobs.enqueueReads(account);
  }

  /** Ends a job that is past its limit; true when it was. */
  function retire(job: Job, when: string): boolean {
    const isLate = job.limit_at <= now();
    const isOver = job.acts === 1 && isTradingOver(job.created_at, now());
    if (!isLate && !isOver) return false;
    if (jobs.turn(job.id, 'stale', isLate ? `too old ${when}` : TRADING_OVER, now())) ended(job, 'stale');
    return true;
  }

  function ended({ account, number }: Job, state: 'stale' | 'needs_confirmation'): void {
    log({ event: 'job.finished', account, job: number, state });
  }

  async function drain(account: BrokerId): Promise<void> {
    while (!isStopping) {
      const session = sessions.live(account, now());
      if (session === null) return void jobs.parkQueued(account);
      const job = jobs.takeNext(account, now());
      if (job === null) return;
      if (job.limit_at <= now()) {
        if (jobs.end(job, { state: 'stale', problem: 'too old when its turn came' }, now())) ended(job, 'stale');
      } else await runner.run(job, session);
    }
  }

  return {
    pulse,
    async stop(): Promise<void> {
      isStopping = true;
      await Promise.all(draining.values());
    },
  };
}
