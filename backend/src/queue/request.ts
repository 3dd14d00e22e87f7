import { z } from '../../../utils/shared/schema.ts';
import type { Job, PublicJob } from '../store/tables/job.ts';
import { publicJob } from '../store/tables/job.ts';

const Key = z.string().check(z.regex(/^[A-Za-z0-9_.:-]{1,64}$/, 'must be 1 to 64 letters, digits or _ . : -'));

export const JobRequest = z.strictObject({
  type: z.string().check(z.maxLength(40)),
  account: z.string().check(z.maxLength(60)),
  params: z.optional(z.unknown()),
  /** A request of this key that has not ended is not added a second time. */
  dedupe_key: z.optional(Key),
  /** A request of this key is never added a second time; what acts has to name one. */
  idempotency_key: z.optional(Key),
});
export type JobRequest = z.infer<typeof JobRequest>;

/** What a caller is told: the older dashboards read `success`, `auth_required` and `error`. */
export type Submission =
  | { success: true; result: unknown; job: PublicJob }
  | { success: false; auth_required: boolean; error: string; job: PublicJob | null };

/** An answer of the queue, with its HTTP status. */
export interface Answered {
  status: 200 | 400 | 404 | 409;
  submission: Submission;
}

export function refuse(
  status: Answered['status'],
  error: string,
  job: PublicJob | null = null,
  auth_required = false,
): Answered {
  return { status, submission: { success: false, auth_required, error, job } };
}

/** Where a job stands, as the answer to whoever asked for it. */
export function submissionOf(row: Job, now: number): Submission {
  const job = publicJob(row, now);
  if (row.state === 'done') return { success: true, result: job.result, job };
  const error = row.problem ?? (WORDS[row.state] || row.state);
  return { success: false, auth_required: row.state === 'parked', error, job };
}

const WORDS: Partial<Record<Job['state'], string>> = {
  queued: 'this request is already waiting',
  running: 'this request is running',
  cancelled: 'this request was cancelled',
};
