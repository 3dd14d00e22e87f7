import { SECOND } from '../../../utils/shared/time.ts';
import type { Reply } from '../brokers/client.ts';
import type { Job } from '../store/tables/job.ts';
import type { Ending } from '../store/tables/jobs.ts';

// One after the other for a read that met a fault of the network, then it has failed.
const FAULT_PAUSES_MS = [2 * SECOND, 4 * SECOND, 8 * SECOND];
const LIMITED_PAUSE_MS = 2 * SECOND;

/**
 * How a run ends, by what the broker answered to it. Of an act without a clear answer nobody knows the outcome; a read
 * that had waited for a session is not given up for a fault that passes.
 */
export function judge(job: Job, reply: Reply<unknown>, isSessionGone: boolean, now: number): Ending {
  if (reply.ok) return { state: 'done', result: reply.value };
  if (isSessionGone) return { state: job.retries > 0 ? 'failed' : 'parked', problem: reply.words };
  return job.acts === 1 ? afterAct(reply) : afterRead(job, reply, now);
}

type Failure = Extract<Reply<unknown>, { ok: false }>;

function afterAct({ status, body, words: problem }: Failure): Ending {
  const isUnknown = status === 0 || status >= 500 || body === null;
  return isUnknown
    ? { state: 'failed', problem: `outcome unknown: ${problem}`.slice(0, 200), unknown: true }
    : { state: 'failed', problem };
}

function afterRead(job: Job, { status, words: problem }: Failure, now: number): Ending {
  const hasWaited = job.parked_at !== null;
  // The age limit ends this: a job that is taken after it ends as stale.
  if (hasWaited && status === 429)
    return { state: 'queued', problem, notBefore: now + LIMITED_PAUSE_MS, isFault: false };
  const pause = FAULT_PAUSES_MS[job.faults];
  if (hasWaited && (status === 0 || status >= 500) && pause !== undefined)
    return { state: 'queued', problem, notBefore: now + pause, isFault: true };
  return { state: 'failed', problem };
}
