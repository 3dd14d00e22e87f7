import type { DatabaseSync } from 'node:sqlite';
import type { BrokerId } from '../../../utils/domain/contract.ts';
import { z } from '../../../utils/domain/schema.ts';
import { HOUR } from '../../../utils/domain/time.ts';
import { transaction } from './database.ts';
import { Job } from './job.ts';
import { ALIVE } from './processes.ts';

const KEEP_MS = 72 * HOUR;

/** The jobs of an account in one state, and what happens to all of them at once. `owner` is this process. */
export function openJobSets(db: DatabaseSync, owner: string) {
  const inState = db.prepare('SELECT * FROM jobs WHERE account = ? AND state = ? ORDER BY number');
  const anyInState = db.prepare('SELECT 1 FROM jobs WHERE account = ? AND state = ? LIMIT 1');
  const uncertain = db.prepare(
    "SELECT * FROM jobs WHERE account = ? AND state = 'failed' AND unknown = 1 ORDER BY number",
  );
  const parkedActs = db.prepare("SELECT * FROM jobs WHERE account = ? AND state = 'parked' AND acts = 1");
  const expireReads = db.prepare(
    `UPDATE jobs SET state = 'stale', finished_at = :now, problem = :problem
     WHERE account = :account AND state = 'parked' AND acts = 0 AND limit_at <= :now RETURNING *`,
  );
  const enqueue = db.prepare(
    "UPDATE jobs SET state = 'queued', not_before = 0, faults = 0 WHERE account = ? AND state = 'parked' AND acts = 0",
  );
  const unqueue = db.prepare(
    "UPDATE jobs SET state = 'parked', parked_at = coalesce(parked_at, created_at) WHERE account = ? AND state = 'queued'",
  );
  const mine = db.prepare("SELECT id FROM jobs WHERE account = ? AND state = 'running' AND owner = ?");
  const disown = db.prepare("UPDATE jobs SET owner = NULL WHERE id = ? AND state = 'running'");
  const ORPHAN = `state = 'running' AND coalesce(owner, '') NOT IN ${ALIVE}`;
  const anyOrphan = db.prepare(`SELECT 1 FROM jobs WHERE account = :account AND ${ORPHAN} LIMIT 1`);
  const requeueReads = db.prepare(
    `UPDATE jobs SET state = 'queued', owner = NULL WHERE account = :account AND ${ORPHAN} AND acts = 0 RETURNING *`,
  );
  const failActs = db.prepare(
    `UPDATE jobs SET state = 'failed', problem = 'outcome unknown', unknown = 1, finished_at = :now
     WHERE account = :account AND ${ORPHAN} AND acts = 1 RETURNING *`,
  );
  const removeOld = db.prepare('DELETE FROM jobs WHERE finished_at < ?');
  const expireOld = db.prepare(
    "UPDATE jobs SET state = 'stale', finished_at = ?, problem = 'no session came' WHERE state = 'parked' AND limit_at < ?",
  );

  const jobsOf = (rows: unknown[]): Job[] => rows.map((row) => z.parse(Job, row));

  return {
    has: (account: BrokerId, state: Job['state']): boolean => anyInState.get(account, state) !== undefined,

    in: (account: BrokerId, state: Job['state']): Job[] => jobsOf(inState.all(account, state)),

    parkedActs: (account: BrokerId): Job[] => jobsOf(parkedActs.all(account)),

    /** Acts of which nobody knows whether they were carried out. */
    uncertain: (account: BrokerId): Job[] => jobsOf(uncertain.all(account)),

    /** Ends the parked reads that are past their limit, and returns them. */
    expireReads: (account: BrokerId, problem: string, now: number): Job[] =>
      jobsOf(expireReads.all({ account, problem, now })),

    /** Every parked read of the account may run. */
    enqueueReads: (account: BrokerId): number => Number(enqueue.run(account).changes),

    /** Parks what is still queued on the account. */
    parkQueued: (account: BrokerId) => unqueue.run(account),

    /** Lets go of what this process is said to be running and is not. */
    disown(account: BrokerId, inFlight: ReadonlySet<string>): void {
      for (const { id } of mine.all(account, owner)) if (!inFlight.has(String(id))) disown.run(String(id));
    },

    /** What dead processes were running: a read goes back into the line, of an act nobody knows the outcome. */
    takeOver(account: BrokerId, now: number): Job[] {
      if (anyOrphan.get({ account, now }) === undefined) return [];
      return transaction(db, () => [
        ...jobsOf(requeueReads.all({ account, now })),
        ...jobsOf(failActs.all({ account, now })),
      ]);
    },

    purge(now: number): void {
      removeOld.run(now - KEEP_MS);
      expireOld.run(now, now - KEEP_MS);
    },
  };
}
