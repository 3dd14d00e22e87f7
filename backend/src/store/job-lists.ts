import type { DatabaseSync } from 'node:sqlite';
import type { BrokerId, QueueState } from '../../../utils/domain/contract.ts';
import { z } from '../../../utils/domain/schema.ts';
import { entry, Job } from './job.ts';

export type JobLists = ReturnType<typeof openJobLists>;

/** What is shown of the queue. */
export function openJobLists(db: DatabaseSync) {
  const counts = db.prepare(
    'SELECT state, count(*) AS n FROM jobs WHERE account = ? AND parked_at IS NOT NULL GROUP BY state',
  );
  const latest = db.prepare(
    'SELECT * FROM jobs WHERE account = ? AND parked_at IS NOT NULL ORDER BY number DESC LIMIT 20',
  );
  const newest = db.prepare('SELECT * FROM jobs ORDER BY number DESC LIMIT 200');
  const jobsOf = (rows: unknown[]): Job[] => rows.map((row) => z.parse(Job, row));

  return {
    newest: (): Job[] => jobsOf(newest.all()),

    /** The account's requests that once failed for want of a session, as the contract tells them. */
    report(account: BrokerId): QueueState {
      const found = new Map(counts.all(account).map(({ state, n }) => [String(state), Number(n)]));
      const count = (state: Job['state']) => found.get(state) ?? 0;
      return {
        parked: count('parked'),
        queued: count('queued'),
        running: count('running'),
        done: count('done'),
        failed: count('failed'),
        needs_confirmation: count('needs_confirmation'),
        stale: count('stale'),
        cancelled: count('cancelled'),
        latest: jobsOf(latest.all(account)).map(entry),
      };
    },
  };
}
