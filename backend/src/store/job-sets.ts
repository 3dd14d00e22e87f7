import type { DatabaseSync } from 'node:sqlite';
import type { BrokerId } from '../../../utils/domain/contract.ts';
import { z } from '../../../utils/domain/schema.ts';
import { HOUR } from '../../../utils/domain/time.ts';
import { transaction } from './database.ts';
import { Job } from './job.ts';
import { ALIVE } from './processes.ts';

const KEEP_MS = 72 * HOUR;
/** How many jobs are moved at once: enough to be quick, few enough that nobody waits for it. */
const SOME = 500;

/** What becomes of a job that waits. */
export type Fate = { state: 'queued'; problem: null } | { state: 'stale' | 'needs_confirmation'; problem: string };

/** The jobs of an account in one state, and what happens to all of them at once. `owner` is this process. */
export function openJobSets(db: DatabaseSync, owner: string) {
  const oldest = db.prepare(`SELECT * FROM jobs WHERE account = ? AND state = ? ORDER BY number LIMIT ${SOME}`);
  const anyInState = db.prepare('SELECT 1 FROM jobs WHERE account = ? AND state = ? LIMIT 1');
  const uncertain = db.prepare(
    "SELECT * FROM jobs WHERE account = ? AND state = 'failed' AND unknown = 1 ORDER BY number",
  );
  const enqueue = db.prepare(
    "UPDATE jobs SET state = 'queued', not_before = 0, faults = 0 WHERE number = ? AND state = 'parked'",
  );
  const hold = db.prepare(
    "UPDATE jobs SET state = 'needs_confirmation', problem = ? WHERE number = ? AND state = 'parked'",
  );
  const expire = db.prepare(
    "UPDATE jobs SET state = 'stale', problem = ?, finished_at = ? WHERE number = ? AND state = ?",
  );
  const unqueue = db.prepare(
    `UPDATE jobs SET state = 'parked', parked_at = coalesce(parked_at, created_at)
     WHERE number IN (SELECT number FROM jobs WHERE account = ? AND state = 'queued' ORDER BY number DESC LIMIT ${SOME})`,
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

    /** Acts of which nobody knows whether they were carried out. */
    uncertain: (account: BrokerId): Job[] => jobsOf(uncertain.all(account)),

    /**
     * Decides about the oldest jobs in one state, a few hundred of them, as one transaction; null leaves a job where it is.
     * Returns what was moved.
     */
    move(
      account: BrokerId,
      from: 'parked' | 'needs_confirmation',
      fate: (job: Job) => Fate | null,
      now: number,
    ): { number: number; to: Fate['state'] }[] {
      const fates = jobsOf(oldest.all(account, from)).map((job) => ({ number: job.number, fate: fate(job) }));
      if (fates.every((one) => one.fate === null)) return [];
      const write = (number: number, { state, problem }: Fate) => {
        if (state === 'queued') return enqueue.run(number);
        return state === 'stale' ? expire.run(problem, now, number, from) : hold.run(problem, number);
      };
      return transaction(db, () =>
        fates.flatMap(({ number, fate }) =>
          fate !== null && write(number, fate).changes === 1 ? [{ number, to: fate.state }] : [],
        ),
      );
    },

    /** Parks some of what is still queued on the account, the last first, and returns how many that were. */
    parkQueued: (account: BrokerId): number => Number(unqueue.run(account).changes),

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
