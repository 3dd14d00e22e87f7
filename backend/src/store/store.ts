import { dataKey } from '../secrets.ts';
import { openAlertMarks } from './alert-marks.ts';
import { openCheckClaims } from './checks.ts';
import { openCredentials } from './credentials.ts';
import { openDatabase } from './database.ts';
import { openDeliveries } from './deliveries.ts';
import { openExecutionLogs } from './execution-logs.ts';
import { openJobLists } from './job-lists.ts';
import { openJobs } from './jobs.ts';
import { openProcesses } from './processes.ts';
import { openSessions } from './sessions.ts';

export type Store = ReturnType<typeof openStore>;

/** All that is kept in DATA_DIR, for this process among those that share it. */
export function openStore(dataDir: string) {
  const key = dataKey(dataDir);
  const db = openDatabase(dataDir);
  const processes = openProcesses(db);
  const sessions = openSessions(db, key);
  const deliveries = openDeliveries(db, key, processes.id);
  const jobs = openJobs(db, processes.id);
  const logs = openExecutionLogs(db);
  const marks = openAlertMarks(db);

  return {
    key,
    db,
    processes,
    sessions,
    deliveries,
    claims: openCheckClaims(db, processes.id),
    jobs,
    lists: openJobLists(db),
    credentials: openCredentials(db, key),
    logs,
    marks,

    /** Forgets what is no longer needed. */
    purge(now: number): void {
      for (const part of [sessions, deliveries, jobs, logs, marks]) part.purge(now);
    },

    /** Ends this process's part in the store. */
    close(): void {
      processes.leave();
      db.close();
    },
  };
}
