import type { Line } from './line.ts';
import type { SharedSecrets } from './postgres/shared-secrets.ts';
import type { Database } from './sql.ts';
import { openAlertMarks } from './tables/alert-marks.ts';
import { openCheckClaims } from './tables/checks.ts';
import { openCredentials } from './tables/credentials.ts';
import { type Attempt, openDeliveries } from './tables/deliveries.ts';
import { openExecutionLogs } from './tables/execution-logs.ts';
import { openFeedPrices } from './tables/feed-prices.ts';
import { openFeedSeats } from './tables/feed-seats.ts';
import { openJobLists } from './tables/job-lists.ts';
import { openJobs } from './tables/jobs.ts';
import { openProcesses } from './tables/processes.ts';
import { type NewSession, openSessions, type Session } from './tables/sessions.ts';
import { openSpent } from './tables/spent.ts';

/** What another process's writing may be about: the latest prices of a feed, or anything else. */
export type News = 'prices' | 'work';

/** What the store stands on. */
export interface Ground {
  db: Database;
  line: Line;
  /** Calls `changed` when another process has written what may be news, sooner than anybody looks by himself. */
  listen(changed: (news: News) => void): void;
  /** How often to look by oneself what is due, in ms. */
  lookEveryMs: number;
  /** Throws a sentence when this machine's secrets are others than those of the machines that share the database. */
  agree(secrets: SharedSecrets): Promise<void>;
  close(): Promise<void>;
}

export type Store = ReturnType<typeof openStore>;

/** All that is kept, for this process among those that share it. Tokens are encrypted under `key`. */
export function openStore({ db, line, listen, lookEveryMs, agree, close }: Ground, key: Buffer) {
  const processes = openProcesses(db);
  const sessions = openSessions(db, key);
  const deliveries = openDeliveries(db, key, processes.id);
  const jobs = openJobs(db, processes.id, line);
  const logs = openExecutionLogs(db);
  const marks = openAlertMarks(db);

  return {
    key,
    processes,
    sessions,
    deliveries,
    claims: openCheckClaims(db, processes.id),
    jobs,
    lists: openJobLists(db),
    credentials: openCredentials(db, key),
    logs,
    marks,
    spent: openSpent(db),
    seats: openFeedSeats(db, processes.id),
    prices: openFeedPrices(db, processes.id),
    listen,
    lookEveryMs,
    agree,
    canWrite: db.canWrite,

    /** Writes the final answer of a delivery and its session, or neither: null when another process took the exchange for dead meanwhile. */
    apply: (session: NewSession, { at }: Pick<Attempt, 'at'>): Promise<Session | null> =>
      db.transaction(session.account, async (tx) => {
        const { delivery, exchangedAt } = session;
        const isOurs = await deliveries.finishIn(tx, { id: delivery, at }, 'applied', null, exchangedAt);
        return isOurs ? sessions.putIn(tx, session) : null;
      }),

    /** Forgets what is no longer needed. */
    async purge(now: number): Promise<void> {
      for (const part of [sessions, deliveries, jobs, logs, marks]) await part.purge(now);
    },

    /** Ends this process's part in the store. */
    async close(): Promise<void> {
      await processes.leave().catch(() => undefined);
      await close();
    },
  };
}
