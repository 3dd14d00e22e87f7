import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { BrokerId, QueueState } from '../../../utils/domain/contract.ts';
import { z } from '../../../utils/domain/schema.ts';
import { HOUR } from '../../../utils/domain/time.ts';
import { entry, Job, publicJob } from './job.ts';

const KEEP_MS = 72 * HOUR;

export interface NewJob {
  account: BrokerId;
  type: string;
  label: string;
  acts: boolean;
  params: unknown;
  dedupeKey: string | null;
}

/** How a job leaves the queue. */
export type Ending =
  | { state: 'done'; result: unknown }
  | { state: 'failed' | 'stale' | 'needs_confirmation'; problem: string };

export type Jobs = ReturnType<typeof openJobs>;

/** The durable queue: every change of a job's state is on disk before anything follows from it. */
export function openJobs(db: DatabaseSync) {
  const insert = db.prepare(
    `INSERT INTO jobs (id, account, type, label, acts, params, dedupe_key, state, created_at)
     VALUES (:id, :account, :type, :label, :acts, :params, :dedupe_key, 'queued', :created_at)`,
  );
  const byId = db.prepare('SELECT * FROM jobs WHERE id = ?');
  const open = db.prepare(
    "SELECT * FROM jobs WHERE account = ? AND type = ? AND dedupe_key = ? AND state IN ('parked', 'queued', 'running', 'needs_confirmation') ORDER BY number LIMIT 1",
  );
  const waiting = db.prepare("SELECT * FROM jobs WHERE account = ? AND state IN ('parked', 'queued') ORDER BY number");
  const queued = db.prepare("SELECT * FROM jobs WHERE account = ? AND state = 'queued' ORDER BY number LIMIT 1");
  const enqueue = db.prepare("UPDATE jobs SET state = 'queued' WHERE id = ? AND state = 'parked'");
  const start = db.prepare("UPDATE jobs SET state = 'running', started_at = ? WHERE id = ? AND state = 'queued'");
  const park = db.prepare(
    "UPDATE jobs SET state = 'parked', retries = retries + (parked_at IS NOT NULL), parked_at = coalesce(parked_at, ?), problem = ? WHERE id = ?",
  );
  const unqueue = db.prepare(
    "UPDATE jobs SET state = 'parked', parked_at = coalesce(parked_at, created_at) WHERE account = ? AND state = 'queued'",
  );
  const end = db.prepare('UPDATE jobs SET state = ?, result = ?, problem = ?, finished_at = ? WHERE id = ?');
  const hold = db.prepare(
    "UPDATE jobs SET state = 'needs_confirmation', parked_at = coalesce(parked_at, created_at), problem = ? WHERE id = ?",
  );
  const counts = db.prepare(
    'SELECT state, count(*) AS n FROM jobs WHERE account = ? AND parked_at IS NOT NULL GROUP BY state',
  );
  const latest = db.prepare(
    'SELECT * FROM jobs WHERE account = ? AND parked_at IS NOT NULL ORDER BY number DESC LIMIT 20',
  );
  const newest = db.prepare('SELECT * FROM jobs ORDER BY number DESC LIMIT 200');
  const requeueReads = db.prepare("UPDATE jobs SET state = 'queued' WHERE state = 'running' AND acts = 0");
  const failActs = db.prepare(
    "UPDATE jobs SET state = 'failed', problem = 'outcome unknown', finished_at = ? WHERE state = 'running' AND acts = 1",
  );
  const removeOld = db.prepare('DELETE FROM jobs WHERE finished_at < ?');

  const read = (id: string): Job => z.parse(Job, byId.get(id));

  return {
    read,

    add({ account, type, label, acts, params, dedupeKey }: NewJob, now: number): Job {
      const id = `job_${randomUUID()}`;
      insert.run({
        id,
        account,
        type,
        label,
        acts: Number(acts),
        params: JSON.stringify(params),
        dedupe_key: dedupeKey,
        created_at: now,
      });
      return read(id);
    },

    /** An earlier job of this key that has not ended yet, or null. */
    findOpen(account: BrokerId, type: string, dedupeKey: string): Job | null {
      const found = open.get(account, type, dedupeKey);
      return found === undefined ? null : z.parse(Job, found);
    },

    /** The jobs that a new session may release, oldest first. */
    waiting: (account: BrokerId): Job[] => waiting.all(account).map((row) => z.parse(Job, row)),

    nextQueued(account: BrokerId): Job | null {
      const found = queued.get(account);
      return found === undefined ? null : z.parse(Job, found);
    },

    enqueue: (id: string) => enqueue.run(id),

    /** Takes a queued job; false when it is not queued any more, so that no job runs twice. */
    start: (id: string, now: number): boolean => start.run(now, id).changes === 1,

    park: (id: string, problem: string, now: number) => park.run(now, problem, id),

    /** Parks what is still queued on the account. */
    parkQueued: (account: BrokerId) => unqueue.run(account),

    end(id: string, ending: Ending, now: number): void {
      if (ending.state === 'needs_confirmation') hold.run(ending.problem, id);
      else if (ending.state === 'done') end.run('done', JSON.stringify(ending.result ?? null), null, now, id);
      else end.run(ending.state, null, ending.problem, now, id);
    },

    /** After a start: a read that was cut off runs again, an act never does. */
    recover(now: number): void {
      requeueReads.run();
      failActs.run(now);
    },

    purge: (now: number) => removeOld.run(now - KEEP_MS),

    /** The account's requests that once failed for want of a session, as the contract tells them. */
    report(account: BrokerId): QueueState {
      const state: QueueState = {
        parked: 0,
        queued: 0,
        running: 0,
        done: 0,
        failed: 0,
        needs_confirmation: 0,
        latest: [],
      };
      for (const row of counts.all(account)) {
        const name = String(row.state);
        if (name in state && name !== 'latest') Object.assign(state, { [name]: Number(row.n) });
      }
      return { ...state, latest: latest.all(account).map((row) => entry(z.parse(Job, row))) };
    },

    list: () => newest.all().map((row) => publicJob(z.parse(Job, row))),
  };
}
