import { HOUR } from '../../../../utils/shared/time.ts';
import type { Database } from '../sql.ts';

const KEEP_MS = 72 * HOUR;

export type AlertMarks = ReturnType<typeof openAlertMarks>;

/** What was told of which session, so that neither a restart nor another process on the same data tells it again. */
export function openAlertMarks(db: Database) {
  return {
    /** True for the first one that asks. `session`: the time of its exchange, which names it. */
    first: async (alert: string, account: string, session: string, now: number): Promise<boolean> =>
      (await db.run('INSERT INTO alert_marks VALUES (:alert, :account, :session, :now) ON CONFLICT DO NOTHING', {
        alert,
        account,
        session,
        now,
      })) === 1,
    purge: (now: number) => db.run('DELETE FROM alert_marks WHERE at < :before', { before: now - KEEP_MS }),
  };
}
