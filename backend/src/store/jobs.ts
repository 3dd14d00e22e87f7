import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { BrokerId } from '../../../utils/domain/contract.ts';
import { z } from '../../../utils/domain/schema.ts';
import { lazily, transaction } from './database.ts';
import { Job } from './job.ts';
import { openJobSets } from './job-sets.ts';

export interface NewJob {
  account: BrokerId;
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

/**
 * The durable queue, shared by all processes on this database: every change of a job's state is on disk before anything
 * follows from it. A running job belongs to `owner`, this process; whoever lost it to another one writes nothing more.
 */
export function openJobs(db: DatabaseSync, owner: string) {
  const insert = db.prepare(
    `INSERT INTO jobs (id, account, type, label, acts, params, dedupe_key, idempotency_key, limit_at, created_at,
       state, owner, runs, started_at, parked_at, problem)
     VALUES (:id, :account, :type, :label, :acts, :params, :dedupe_key, :idempotency_key, :limit_at, :now,
       :state, :owner, :runs, :started_at, :parked_at, :problem)`,
  );
  const byId = db.prepare('SELECT * FROM jobs WHERE id = ?');
  const byIdempotencyKey = db.prepare('SELECT * FROM jobs WHERE account = ? AND type = ? AND idempotency_key = ?');
  const byDedupeKey = db.prepare(
    `SELECT * FROM jobs WHERE account = ? AND type = ? AND dedupe_key = ?
     AND state IN ('parked', 'queued', 'running', 'needs_confirmation') ORDER BY number LIMIT 1`,
  );
  // The head of the line alone: what has to wait holds up those behind it, so the order is kept.
  const takeNext = db.prepare(
    `UPDATE jobs SET state = 'running', owner = :owner, started_at = :now, runs = runs + 1
     WHERE number = (SELECT number FROM jobs WHERE account = :account AND state = 'queued' ORDER BY number LIMIT 1)
       AND not_before <= :now RETURNING *`,
  );
  const takeConfirmed = db.prepare(
    `UPDATE jobs SET state = 'running', owner = :owner, started_at = :now, finished_at = NULL, problem = NULL, unknown = 0,
       runs = runs + 1
     WHERE id = :id AND runs = :runs AND (state = 'needs_confirmation' OR (state = 'failed' AND unknown = 1)) RETURNING *`,
  );
  // Its owner may still tell how an act ended that others already called unknown.
  const MINE =
    "id = :id AND owner = :owner AND runs = :runs AND (state IN ('running', 'needs_confirmation') OR unknown = 1)";
  const finish = db.prepare(
    `UPDATE jobs SET state = :state, result = :result, problem = :problem, unknown = :unknown, finished_at = :now
     WHERE ${MINE}`,
  );
  const park = db.prepare(
    `UPDATE jobs SET state = 'parked', retries = retries + (parked_at IS NOT NULL), parked_at = coalesce(parked_at, :now),
       problem = :problem, unknown = 0, finished_at = NULL, owner = NULL WHERE ${MINE}`,
  );
  const putBack = db.prepare(
    `UPDATE jobs SET state = 'queued', problem = :problem, not_before = :not_before, faults = faults + :fault, owner = NULL
     WHERE ${MINE}`,
  );
  const hold = db.prepare(
    `UPDATE jobs SET state = 'needs_confirmation', parked_at = coalesce(parked_at, created_at), problem = :problem,
       unknown = 0, finished_at = NULL
     WHERE id = :id AND (state = 'parked' OR (state = 'failed' AND unknown = 1))`,
  );
  const close = db.prepare(
    `UPDATE jobs SET state = :state, problem = :problem, finished_at = :now
     WHERE id = :id AND state IN ('parked', 'queued', 'needs_confirmation')`,
  );
  const learn = db.prepare(
    `UPDATE jobs SET state = 'done', result = :result, problem = NULL, unknown = 0, finished_at = :now
     WHERE id = :id AND runs = :runs AND (state = 'needs_confirmation' OR (state = 'failed' AND unknown = 1))`,
  );

  const job = (row: unknown): Job | null => (row === undefined ? null : z.parse(Job, row));

  const end = ({ id, runs }: Job, ending: Ending, now: number): boolean => {
    const mine = { id, runs, owner };
    switch (ending.state) {
      case 'done':
        return (
          finish.run({ ...mine, state: 'done', result: text(ending.result), problem: null, unknown: 0, now })
            .changes === 1
        );
      case 'failed':
      case 'stale': {
        const { state, problem, unknown = false } = ending;
        return finish.run({ ...mine, state, result: null, problem, unknown: Number(unknown), now }).changes === 1;
      }
      case 'parked':
        return park.run({ ...mine, problem: ending.problem, now }).changes === 1;
      case 'queued': {
        const { problem, notBefore, isFault } = ending;
        return putBack.run({ ...mine, problem, not_before: notBefore, fault: Number(isFault) }).changes === 1;
      }
    }
  };

  return {
    ...openJobSets(db, owner),

    find: (id: string): Job | null => job(byId.get(id)),

    /**
     * Writes a job down, running already or parked with the reason, unless its key names one that is there: for an
     * idempotency key any earlier one, for a dedupe key one that has not ended.
     */
    add(wanted: NewJob, parkedFor: string | null, now: number): { job: Job; isNew: boolean } {
      const { account, type, dedupeKey, idempotencyKey } = wanted;
      return transaction(db, () => {
        const earlier =
          (idempotencyKey === null ? null : job(byIdempotencyKey.get(account, type, idempotencyKey))) ??
          (dedupeKey === null ? null : job(byDedupeKey.get(account, type, dedupeKey)));
        if (earlier !== null) return { job: earlier, isNew: false };
        const id = `job_${randomUUID()}`;
        const runs = parkedFor === null;
        insert.run({
          id,
          account,
          type,
          label: wanted.label,
          acts: Number(wanted.acts),
          params: JSON.stringify(wanted.params),
          dedupe_key: dedupeKey,
          idempotency_key: idempotencyKey,
          limit_at: wanted.limitAt,
          now,
          state: runs ? 'running' : 'parked',
          owner: runs ? owner : null,
          runs: Number(runs),
          started_at: runs ? now : null,
          parked_at: runs ? null : now,
          problem: parkedFor,
        });
        return { job: z.parse(Job, byId.get(id)), isNew: true };
      });
    },

    /** Takes the first of the line, if its time has come: no other process gets it. The line holds reads alone, which may run again. */
    takeNext: (account: BrokerId, now: number): Job | null =>
      lazily(db, () => job(takeNext.get({ account, now, owner }))),

    /** Takes a job that a person confirmed; null when it has changed since `seen` was read. */
    takeConfirmed: (seen: Job, now: number): Job | null =>
      job(takeConfirmed.get({ id: seen.id, runs: seen.runs, now, owner })),

    /** Writes down how a run ended; false when this process has lost the job to another one. */
    end(job: Job, ending: Ending, now: number): boolean {
      return job.acts === 1 ? end(job, ending, now) : lazily(db, () => end(job, ending, now));
    },

    /** Changes a job that nobody runs; false when it is in no state for that. */
    turn(id: string, state: Turn, problem: string | null, now: number): boolean {
      if (state === 'needs_confirmation') return hold.run({ id, problem }).changes === 1;
      return close.run({ id, state, problem, now }).changes === 1;
    },

    /** Writes down that the broker turned out to have carried an act out. */
    learn: ({ id, runs }: Job, result: unknown, now: number): boolean =>
      learn.run({ id, runs, result: text(result), now }).changes === 1,
  };
}

function text(result: unknown): string {
  return JSON.stringify(result ?? null);
}
