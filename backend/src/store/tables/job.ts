import { JOB_STATES, type QueueState } from '../../../../utils/shared/contract.ts';
import { parseJson, z } from '../../../../utils/shared/schema.ts';
import { AccountName } from '../../config/account-name.ts';

const Time = z.int();
const MaybeTime = z.nullable(Time);

/** A job as it is stored; times are epoch milliseconds. */
export const Job = z.object({
  number: z.int(),
  id: z.string(),
  account: AccountName,
  type: z.string(),
  label: z.string(),
  acts: z.int(),
  params: z.string(),
  idempotency_key: z.nullable(z.string()),
  state: z.enum(JOB_STATES),
  /** How often it was parked again after it had been released. */
  retries: z.int(),
  /** How often it was begun. */
  runs: z.int(),
  /** Epoch ms before which it is not to be run. */
  not_before: Time,
  /** Faults of the network since it was released. */
  faults: z.int(),
  /** 1 when nobody knows whether it was carried out. */
  unknown: z.int(),
  created_at: Time,
  /** When it has become worthless. */
  limit_at: Time,
  parked_at: MaybeTime,
  started_at: MaybeTime,
  finished_at: MaybeTime,
  result: z.nullable(z.string()),
  problem: z.nullable(z.string()),
});
export type Job = z.infer<typeof Job>;

export function jobsOf(rows: readonly unknown[]): Job[] {
  return rows.map((row) => z.parse(Job, row));
}

/** A job as the queue's own routes show it. */
export function publicJob({ id, account, type, label, state, result, problem, acts, ...job }: Job, now: number) {
  const at = (time: number | null) => (time === null ? null : new Date(time).toISOString());
  return {
    id,
    account,
    type,
    label,
    acts: acts === 1,
    state,
    result: result === null ? null : parseJson(result),
    problem,
    outcome_unknown: job.unknown === 1,
    age_ms: Math.max(now - job.created_at, 0),
    created_at: at(job.created_at),
    limit_at: at(job.limit_at),
    parked_at: at(job.parked_at),
    started_at: at(job.started_at),
    finished_at: at(job.finished_at),
  };
}
export type PublicJob = ReturnType<typeof publicJob>;

/** A job as the contract's report shows it. */
export function entry({ id, label, state, problem, ...times }: Job): QueueState['latest'][number] {
  const { parked_at: parked, started_at: started, finished_at: finished, created_at: created } = times;
  return {
    id,
    label,
    state,
    parked_at: new Date(parked ?? created).toISOString(),
    finished_at: finished === null ? null : new Date(finished).toISOString(),
    took_ms: finished === null || started === null ? null : Math.max(finished - started, 0),
    problem,
  };
}
