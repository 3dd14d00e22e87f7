import { randomUUID } from 'node:crypto';
import { z } from '../../../../utils/shared/schema.ts';
import type { AccountName } from '../../config/account-name.ts';
import { createHolding } from '../holding.ts';
import type { Line } from '../line.ts';
import type { Database, Sql, Values } from '../sql.ts';
import { Job } from './job.ts';
import { openJobSets } from './job-sets.ts';

export interface NewJob {
  account: AccountName;
  type: string;
  label: string;
  acts: boolean;
  params: unknown;
  dedupeKey: string | null;
  idempotencyKey: string | null;
  /** Epoch ms at which it has become worthless. */
  limitAt: number;
}

/** How a run ends: for good, or back in the line for a session (`parked`) or for another time (`queued`). */
export type Ending =
  | { state: 'done'; result: unknown }
  | { state: 'failed' | 'stale'; problem: string; unknown?: boolean }
  | { state: 'parked'; problem: string }
  | { state: 'queued'; problem: string; notBefore: number; isFault: boolean };

/** What a job that nobody runs may become without being run. */
export type Turn = 'stale' | 'cancelled' | 'needs_confirmation';

export type Jobs = ReturnType<typeof openJobs>;

// Its owner may still tell how an act ended that others already called unknown.
const MINE =
  "id = :id AND owner = :owner AND runs = :runs AND (state IN ('running', 'needs_confirmation') OR unknown = 1)";
const FINISH = `UPDATE jobs SET state = :state, result = :result, problem = :problem, unknown = :unknown, finished_at = :now
  WHERE ${MINE}`;
const PARK = `UPDATE jobs SET state = 'parked', retries = retries + CASE WHEN parked_at IS NULL THEN 0 ELSE 1 END,
  parked_at = coalesce(parked_at, :now), problem = :problem, unknown = 0, finished_at = NULL, owner = NULL WHERE ${MINE}`;
const PUT_BACK = `UPDATE jobs SET state = 'queued', problem = :problem, not_before = :not_before, faults = faults + :fault,
  owner = NULL WHERE ${MINE} RETURNING *`;
const UNCERTAIN = "(state = 'needs_confirmation' OR (state = 'failed' AND unknown = 1))";

/**
 * The durable queue, shared by all processes on this database: every change of a job's state is on disk before anything
 * follows from it. A running job belongs to `owner`, this process; whoever lost it to another one writes nothing more.
 */
export function openJobs(db: Database, owner: string, line: Line) {
  const holding = createHolding();

  const find = async (id: string): Promise<Job | null> =>
    one(await db.get('SELECT * FROM jobs WHERE id = :id', { id }));

  async function end(sql: Sql, { id, runs }: Job, ending: Exclude<Ending, { state: 'queued' }>, now: number) {
    const mine = { id, runs, owner, now };
    if (ending.state === 'parked') return (await sql.run(PARK, { ...mine, problem: ending.problem })) === 1;
    const said =
      ending.state === 'done'
        ? { result: text(ending.result), problem: null, unknown: 0 }
        : { result: null, problem: ending.problem, unknown: Number(ending.unknown ?? false) };
    return (await sql.run(FINISH, { ...mine, ...said, state: ending.state })) === 1;
  }

  const putBack = ({ id, runs, account }: Job, { problem, notBefore, isFault }: Extract<Ending, { state: 'queued' }>) =>
    db.transaction(account, async (tx) => {
      const values = { id, runs, owner, problem, not_before: notBefore, fault: Number(isFault) };
      const job = one(await tx.get(PUT_BACK, values));
      if (job !== null) await line.announce(tx, account, [job]);
      return job !== null;
    });

  return {
    ...openJobSets({ db, line, holding, owner }),

    find,

    /**
     * Writes a job down, running already or parked with the reason, unless its key names one that is there: for an
     * idempotency key any earlier one, for a dedupe key one that has not ended.
     */
    async add(wanted: NewJob, parkedFor: string | null, now: number): Promise<{ job: Job; isNew: boolean }> {
      const { account, dedupeKey, idempotencyKey } = wanted;
      const insert = async (sql: Sql) => z.parse(Job, await sql.get(INSERT, rowOf(wanted, parkedFor, owner, now)));
      const add = async () => {
        if (dedupeKey === null && idempotencyKey === null) return { job: await insert(db), isNew: true };
        return db.transaction(account, async (tx) => {
          const known = await earlier(tx, wanted);
          return { job: known ?? (await insert(tx)), isNew: known === null };
        });
      };
      return holding.hold(add, ({ job, isNew }) => (isNew && parkedFor === null ? job : null));
    },

    /** Takes the first of the line, if its time has come: no other process gets it. The line holds reads alone, which may run again. */
    takeNext: (account: AccountName, now: number): Promise<Job | null> =>
      holding.hold(() => line.take(account, owner, now), itself),

    /** Takes a job that a person confirmed; null when it has changed since `seen` was read. */
    takeConfirmed: ({ id, runs }: Job, now: number): Promise<Job | null> =>
      holding.hold(async () => one(await db.get(TAKE_CONFIRMED, { id, runs, now, owner })), itself),

    /** This process no longer runs a job that it took. */
    letGo: holding.letGo,

    /** Writes down how a run ended; false when this process has lost the job to another one. */
    async end(job: Job, ending: Ending, now: number): Promise<boolean> {
      if (ending.state === 'queued') return putBack(job, ending);
      return end(job.acts === 1 ? db : db.lazily, job, ending, now);
    },

    /** Changes a job that nobody runs; false when it is in no state for that. */
    async turn(id: string, state: Turn, problem: string | null, now: number): Promise<boolean> {
      if (state === 'needs_confirmation') return (await db.run(HOLD, { id, problem })) === 1;
      return (await db.run(CLOSE, { id, state, problem, now })) === 1;
    },

    /** Writes down that the broker turned out to have carried an act out. */
    learn: async ({ id, runs }: Job, result: unknown, now: number): Promise<boolean> =>
      (await db.run(
        `UPDATE jobs SET state = 'done', result = :result, problem = NULL, unknown = 0, finished_at = :now
         WHERE id = :id AND runs = :runs AND ${UNCERTAIN}`,
        { id, runs, result: text(result), now },
      )) === 1,
  };
}

const INSERT = `INSERT INTO jobs (id, account, type, label, acts, params, dedupe_key, idempotency_key, limit_at, created_at,
    state, owner, runs, started_at, parked_at, problem)
  VALUES (:id, :account, :type, :label, :acts, :params, :dedupe_key, :idempotency_key, :limit_at, :now,
    :state, :owner, :runs, :started_at, :parked_at, :problem) RETURNING *`;
const TAKE_CONFIRMED = `UPDATE jobs SET state = 'running', owner = :owner, started_at = :now, finished_at = NULL, problem = NULL,
    unknown = 0, runs = runs + 1
  WHERE id = :id AND runs = :runs AND ${UNCERTAIN} RETURNING *`;
const HOLD = `UPDATE jobs SET state = 'needs_confirmation', parked_at = coalesce(parked_at, created_at), problem = :problem,
    unknown = 0, finished_at = NULL
  WHERE id = :id AND (state = 'parked' OR (state = 'failed' AND unknown = 1))`;
const CLOSE = `UPDATE jobs SET state = :state, problem = :problem, finished_at = :now
  WHERE id = :id AND state IN ('parked', 'queued', 'needs_confirmation')`;

function rowOf(wanted: NewJob, parkedFor: string | null, owner: string, now: number): Values {
  const runs = parkedFor === null;
  return {
    id: `job_${randomUUID()}`,
    account: wanted.account,
    type: wanted.type,
    label: wanted.label,
    acts: Number(wanted.acts),
    params: JSON.stringify(wanted.params),
    dedupe_key: wanted.dedupeKey,
    idempotency_key: wanted.idempotencyKey,
    limit_at: wanted.limitAt,
    now,
    state: runs ? 'running' : 'parked',
    owner: runs ? owner : null,
    runs: Number(runs),
    started_at: runs ? now : null,
    parked_at: runs ? null : now,
    problem: parkedFor,
  };
}

async function earlier(tx: Sql, { account, type, dedupeKey, idempotencyKey }: NewJob): Promise<Job | null> {
  const same = 'SELECT * FROM jobs WHERE account = :account AND type = :type AND';
  const byIdempotencyKey =
    idempotencyKey === null
      ? undefined
      : await tx.get(`${same} idempotency_key = :key`, { account, type, key: idempotencyKey });
  if (byIdempotencyKey !== undefined || dedupeKey === null) return one(byIdempotencyKey);
  const isOpen = "state IN ('parked', 'queued', 'running', 'needs_confirmation')";
  return one(
    await tx.get(`${same} dedupe_key = :key AND ${isOpen} ORDER BY number LIMIT 1`, { account, type, key: dedupeKey }),
  );
}

const itself = (job: Job | null) => job;

function one(row: unknown): Job | null {
  return row === undefined ? null : z.parse(Job, row);
}

function text(result: unknown): string {
  return JSON.stringify(result ?? null);
}
