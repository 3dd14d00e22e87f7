import { BrokerId, JOB_STATES, type QueueState } from '../../../utils/domain/contract.ts';
import { parseJson, z } from '../../../utils/domain/schema.ts';

/** A job as it is stored; times are epoch milliseconds. */
export const Job = z.object({
  number: z.int(),
  id: z.string(),
  account: BrokerId,
  type: z.string(),
  label: z.string(),
  acts: z.int(),
  params: z.string(),
  state: z.enum(JOB_STATES),
  retries: z.int(),
  created_at: z.int(),
  parked_at: z.nullable(z.int()),
  started_at: z.nullable(z.int()),
  finished_at: z.nullable(z.int()),
  result: z.nullable(z.string()),
  problem: z.nullable(z.string()),
});
export type Job = z.infer<typeof Job>;

/** A job as the queue's own routes show it. */
export function publicJob({ id, account, type, label, state, result, problem, ...times }: Job) {
  const at = (time: number | null) => (time === null ? null : new Date(time).toISOString());
  return {
    id,
    account,
    type,
    label,
    state,
    result: result === null ? null : parseJson(result),
    problem,
    created_at: at(times.created_at),
    parked_at: at(times.parked_at),
    started_at: at(times.started_at),
    finished_at: at(times.finished_at),
  };
}

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
