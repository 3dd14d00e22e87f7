import { brokers } from '../../../utils/domain/brokers/index.ts';
import { BrokerId } from '../../../utils/domain/contract.ts';
import { check, parseJson, z } from '../../../utils/domain/schema.ts';
import { MINUTE } from '../../../utils/domain/time.ts';
import { describe } from '../describe.ts';
import { createLock } from '../lock.ts';
import type { Log } from '../log.ts';
import type { BrokerClient, Reply } from '../session/client.ts';
import { type Job, publicJob } from '../store/job.ts';
import type { Jobs } from '../store/jobs.ts';
import type { Session, Sessions } from '../store/sessions.ts';
import type { Operation } from './operation.ts';

/** An answer that is older than this helps nobody: the request ends as stale. */
const MAX_AGE_MS = 15 * MINUTE;

const JobRequest = z.strictObject({
  type: z.string().check(z.maxLength(40)),
  account: BrokerId,
  params: z.optional(z.unknown()),
  dedupe_key: z.optional(
    z.string().check(z.regex(/^[A-Za-z0-9_.:-]{1,64}$/, 'must be 1 to 64 letters, digits or _ . : -')),
  ),
});

/** What a caller is told: the older dashboards read `success`, `auth_required` and `error`. */
export type Submission =
  | { success: true; result: unknown; job: ReturnType<typeof publicJob> }
  | { success: false; auth_required: boolean; error: string; job: ReturnType<typeof publicJob> | null };

export interface QueueOptions {
  jobs: Jobs;
  sessions: Sessions;
  clients: Record<BrokerId, BrokerClient | null>;
  operations: readonly Operation[];
  log: Log;
  now(): number;
}

export type Queue = ReturnType<typeof createQueue>;

/** Runs operations with the account's session; what fails for want of one waits here and runs, in order, when one lives again. */
export function createQueue({ jobs, sessions, clients, operations, log, now }: QueueOptions) {
  const draining = createLock();
  let isStopping = false;

  /** Runs at once when a session lives, else parks. `valid` is false when the request itself is wrong. */
  async function submit(input: unknown): Promise<{ valid: boolean; submission: Submission }> {
    const request = check(JobRequest, input, 'request');
    if (!request.ok) return invalid(describe(request.problems));
    const { type, account, params = {}, dedupe_key: dedupeKey = null } = request.value;
    const operation = operations.find(({ name }) => name === type);
    if (operation === undefined)
      return invalid(`type must be one of: ${operations.map(({ name }) => name).join(', ')}`);
    if (clients[account] === null) return invalid('account is not configured here');
    const prepared = operation.prepare(params);
    if (!prepared.ok) return invalid(describe(prepared.problems));

    const earlier = dedupeKey === null ? null : jobs.findOpen(account, type, dedupeKey);
    if (earlier !== null) return { valid: true, submission: tell(earlier) };
    const { label, params: checked } = prepared.value;
    const job = jobs.add({ account, type, label, acts: operation.acts, params: checked, dedupeKey }, now());
    const session = sessions.live(account, now());
    if (session === null) park(job, 'there is no session: log in');
    else await run(job, session);
    return { valid: true, submission: tell(jobs.read(job.id)) };
  }

  /** A session of the account was verified: everything young enough runs, one after the other; what acts waits for a person. */
  function release(account: BrokerId): void {
    for (const job of jobs.waiting(account)) {
      if (now() - (job.parked_at ?? job.created_at) > MAX_AGE_MS)
        end(job, { state: 'stale', problem: 'older than 15 minutes when a session came' });
      else if (job.acts === 1) end(job, { state: 'needs_confirmation', problem: 'waits for a confirmation' });
      else jobs.enqueue(job.id);
    }
    void draining.run(account, () => drain(account));
  }

  async function drain(account: BrokerId): Promise<void> {
    while (!isStopping) {
      const job = jobs.nextQueued(account);
      if (job === null) return;
      const session = sessions.live(account, now());
      if (session === null) return void jobs.parkQueued(account);
      await run(job, session);
    }
  }

  async function run(job: Job, session: Session): Promise<void> {
    if (!jobs.start(job.id, now())) return;
    const reply = await execute(job, session);
    if (reply.ok) return end(job, { state: 'done', result: reply.value });
    const { account } = job;
    if (brokers[account].classify(reply.status, reply.body) !== 'auth-required')
      return end(job, { state: 'failed', problem: reply.words });

    sessions.find(session, { state: 'rejected', problem: reply.words });
    log({ event: 'session.rejected', account, generation: session.generation, by: 'operation' });
    if (job.retries > 0) return end(job, { state: 'failed', problem: reply.words });
    park(job, reply.words);
    // A newer session may have come, and released the queue, while this request still ran with the old one.
    const current = sessions.live(account, now());
    if (
      current !== null &&
      current.generation > session.generation &&
      sessions.state(account, now()).state === 'verified'
    )
      release(account);
  }

  async function execute(job: Job, session: Session): Promise<Reply<unknown>> {
    const prepared = operations.find(({ name }) => name === job.type)?.prepare(parseJson(job.params));
    const api = clients[job.account]?.open(session.accessToken);
    if (prepared?.ok && api !== undefined) return prepared.value.run(api);
    return { ok: false, status: 0, body: null, words: 'this backend does not know this operation any more' };
  }

  function park(job: Job, problem: string): void {
    jobs.park(job.id, problem, now());
    log({ event: 'job.parked', account: job.account, job: job.number });
  }

  function end(job: Job, ending: Parameters<Jobs['end']>[1]): void {
    jobs.end(job.id, ending, now());
    log({ event: 'job.finished', account: job.account, job: job.number, state: ending.state });
  }

  return {
    submit,
    release,
    list: () => jobs.list(),
    /** Lets the job that runs now end; the others wait for the next start. */
    async stop(): Promise<void> {
      isStopping = true;
      await draining.settled();
    },
  };
}

function invalid(error: string): { valid: boolean; submission: Submission } {
  return { valid: false, submission: { success: false, auth_required: false, error, job: null } };
}

function tell(row: Job): Submission {
  const job = publicJob(row);
  if (row.state === 'done') return { success: true, result: job.result, job };
  const error = row.problem ?? (row.state === 'failed' ? 'failed' : 'this request is already waiting');
  return { success: false, auth_required: row.state === 'parked', error, job };
}
