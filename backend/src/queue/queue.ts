import { check } from '../../../utils/shared/schema.ts';
import type { AccountName } from '../config/account-name.ts';
import { describe } from '../config/problems.ts';
import { type Job, type PublicJob, publicJob } from '../store/tables/job.ts';
import { createConfirmation } from './confirm.ts';
import { createLine } from './line.ts';
import { createLookUps } from './look-up.ts';
import type { Operation } from './operation.ts';
import type { QueueOptions } from './options.ts';
import { type Answered, JobRequest, refuse, submissionOf } from './request.ts';
import { createRunner } from './run.ts';

export type Queue = ReturnType<typeof createQueue>;

/** Runs operations with the account's session; what fails for want of one waits here and runs, in order, when one lives again. */
export function createQueue(options: QueueOptions) {
  const { jobs, lists, sessions, clients, operations, log, now } = options;
  const runner = createRunner(options);
  const line = createLine({ ...options, runner });
  const lookUps = createLookUps({ ...options, runner });
  const confirm = createConfirmation({ ...options, runner });

  /** Runs at once when a session lives, else parks. */
  async function submit(input: unknown): Promise<Answered> {
    const request = check(JobRequest, input, 'request');
    if (!request.ok) return refuse(400, describe(request.problems));
    const { type, params = {}, dedupe_key: dedupeKey = null } = request.value;
    const idempotencyKey = request.value.idempotency_key ?? null;
    const operation = operations.find(({ name }) => name === type);
    if (operation === undefined) return refuse(400, `type must be one of: ${operations.map(nameOf).join(', ')}`);
    const names = Object.keys(clients).filter((name): name is AccountName => clients[name as AccountName] !== null);
    const account = names.find((name) => name === request.value.account);
    if (account === undefined) return refuse(400, `account must be one of: ${names.join(', ')}`);
    const prepared = operation.prepare(params);
    if (!prepared.ok) return refuse(400, describe(prepared.problems));
    if (operation.acts && idempotencyKey === null)
      return refuse(400, 'idempotency_key is missing: what acts must name one');

    const { label, params: checked } = prepared.value;
    // One moment for both: a request's limit is counted from when it came.
    const at = now();
    const limitAt = at + operation.staleAfterMs;
    const session = await sessions.live(account, at);
    const { job, isNew } = await jobs.add(
      { account, type, label, acts: operation.acts, params: checked, dedupeKey, idempotencyKey, limitAt },
      session === null ? 'there is no session: log in' : null,
      at,
    );
    if (!isNew && job.idempotency_key === idempotencyKey && job.params !== JSON.stringify(checked))
      return refuse(409, 'idempotency_key was used for another request', publicJob(job, now()));
    if (isNew && session === null) log({ event: 'job.parked', account, job: job.number });
    if (isNew && session !== null) await runner.run(job, session);
    return answer(job);
  }

  async function answer({ id }: Job): Promise<Answered> {
    const job = await jobs.find(id);
    return job === null ? NOT_FOUND : { status: 200, submission: submissionOf(job, now()) };
  }

  return {
    submit,
    /** Runs, by a person's will, what waits for a confirmation; refused when it is too old. */
    async confirm(id: string): Promise<Answered> {
      const job = await jobs.find(id);
      if (job === null) return NOT_FOUND;
      return (await confirm(job)) ?? answer(job);
    },

    async cancel(id: string): Promise<Answered> {
      const job = await jobs.find(id);
      if (job === null) return NOT_FOUND;
      if (!(await jobs.turn(id, 'cancelled', null, now())))
        return refuse(409, `this request is ${job.state}`, publicJob(job, now()));
      log({ event: 'job.finished', account: job.account, job: job.number, state: 'cancelled' });
      return answer(job);
    },

    async find(id: string): Promise<PublicJob | null> {
      const job = await jobs.find(id);
      return job === null ? null : publicJob(job, now());
    },

    list: async () => (await lists.newest()).map((job) => publicJob(job, now())),

    /** Does what is due on the account; harmless at any time and in any number of processes. */
    async pulse(account: AccountName): Promise<void> {
      await line.pulse(account);
      await lookUps.pulse(account);
    },

    /** Takes over what processes that are not alive were running, and what this one lost track of when its store failed. */
    async takeOver(account: AccountName): Promise<void> {
      await jobs.disown(account);
      for (const job of await jobs.takeOver(account, now()))
        log({ event: 'job.taken_over', account, job: job.number, acts: job.acts === 1 });
    },

    /** Lets the job that runs now end; the others wait for the next start. */
    stop: async (): Promise<void> => {
      await Promise.all([line.stop(), lookUps.stop()]);
    },
  };
}

const NOT_FOUND = refuse(404, 'there is no such request');
const nameOf = ({ name }: Operation) => name;
