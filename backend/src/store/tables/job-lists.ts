import type { QueueState } from '../../../../utils/shared/contract.ts';
import type { AccountName } from '../../config/account-name.ts';
import type { Database } from '../sql.ts';
import { entry, type Job, jobsOf } from './job.ts';

export type JobLists = ReturnType<typeof openJobLists>;

/** What is shown of the queue. */
export function openJobLists(db: Database) {
  return {
    newest: async (): Promise<Job[]> => jobsOf(await db.all('SELECT * FROM jobs ORDER BY number DESC LIMIT 200')),

    /** The account's requests that once failed for want of a session, as the contract tells them. */
    async report(account: AccountName): Promise<QueueState> {
      const counts = await db.all(
        'SELECT state, count(*) AS n FROM jobs WHERE account = :account AND parked_at IS NOT NULL GROUP BY state',
        { account },
      );
      const latest = await db.all(
        'SELECT * FROM jobs WHERE account = :account AND parked_at IS NOT NULL ORDER BY number DESC LIMIT 20',
        { account },
      );
      const found = new Map(counts.map(({ state, n }) => [String(state), Number(n)]));
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
        latest: jobsOf(latest).map(entry),
      };
    },
  };
}
