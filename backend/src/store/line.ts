import type { AccountName } from '../config/account-name.ts';
import type { Database, Sql } from './sql.ts';
import { type Job, jobsOf } from './tables/job.ts';

/** A job that has come into the line. */
export type Queued = Pick<Job, 'id' | 'number' | 'not_before'>;

/**
 * How what is queued gets to a process that runs it. The rows alone say what is to be done and who does it; a line
 * may lose or repeat what it was told, and nothing is lost or run twice by that.
 */
export interface Line {
  /** Tells of jobs within the transaction that queued them. */
  announce(tx: Sql, account: AccountName, queued: readonly Queued[]): Promise<void>;
  /** Takes the first of the line for `owner`, if its time has come: no other process gets it. */
  take(account: AccountName, owner: string, now: number): Promise<Job | null>;
}

/** The line of processes on one machine, which look into the rows themselves. */
export function openLine(db: Database): Line {
  return {
    announce: async () => {},
    // The head of the line alone: what has to wait holds up those behind it, so the order is kept.
    take: async (account, owner, now) =>
      jobsOf(
        await db.lazily.all(
          `UPDATE jobs SET state = 'running', owner = :owner, started_at = :now, runs = runs + 1
           WHERE number = (SELECT number FROM jobs WHERE account = :account AND state = 'queued' ORDER BY number LIMIT 1)
             AND not_before <= :now RETURNING *`,
          { account, owner, now },
        ),
      )[0] ?? null,
  };
}
