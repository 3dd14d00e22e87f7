import { type Job, publicJob } from '../store/tables/job.ts';
import type { QueueOptions } from './options.ts';
import { type Answered, refuse } from './request.ts';
import type { Runner } from './run.ts';
import { isTradingOver } from './trading.ts';

/**
 * Runs, by a person's will alone, what acts and was parked, or ended nobody knows how. Resolves to a refusal, or to
 * null when the job's own state tells what happened. However many confirm at once, it runs once.
 */
export function createConfirmation({
  jobs,
  sessions,
  runner,
  log,
  now,
  ...markets
}: QueueOptions & { runner: Runner }) {
  return async (job: Job): Promise<Answered | null> => {
    const no = (error: string, authRequired = false) => refuse(409, error, publicJob(job, now()), authRequired);
    const isUncertain = job.state === 'failed' && job.unknown === 1;
    if (job.state !== 'needs_confirmation' && !isUncertain) return no(`this request is ${job.state}`);
    const late = lateness(job);
    if (late !== null) {
      await jobs.turn(job.id, 'stale', late, now());
      return refuse(409, late, publicJob((await jobs.find(job.id)) ?? job, now()));
    }
    const session = await sessions.live(job.account, now());
    if (session === null) return no('there is no session: log in', true);

    if (job.runs > 0) {
      const known = await runner.lookUp(job, session);
      if (known === null && isUncertain) return no('outcome unknown: look at your orders at the broker');
      if (known !== null && !known.ok) return no(`outcome unknown: ${known.words}`);
      if (known?.value.found) {
        await jobs.learn(job, known.value.result, now());
        return null;
      }
    }
    const taken = await jobs.takeConfirmed(job, now());
    if (taken === null) return null;
    log({ event: 'job.confirmed', account: job.account, job: job.number });
    await runner.run(taken, session);
    return null;
  };

  function lateness(job: Job): string | null {
    if (job.limit_at <= now()) return 'this request is too old by now: ask for it again';
    return isTradingOver(job, markets, now()) ? 'the trading session has ended: ask for it again' : null;
  }
}
