import type { DatabaseSync } from 'node:sqlite';
import { HOUR } from '../../../utils/domain/time.ts';

const KEEP_MS = 72 * HOUR;

export type AlertMarks = ReturnType<typeof openAlertMarks>;

/** What was told of which session, so that neither a restart nor another process on the same data tells it again. */
export function openAlertMarks(db: DatabaseSync) {
  const insert = db.prepare('INSERT INTO alert_marks VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING');
  const removeOld = db.prepare('DELETE FROM alert_marks WHERE at < ?');
  return {
    /** True for the first one that asks. `session`: the time of its exchange, which names it. */
    first: (alert: string, account: string, session: string, now: number): boolean =>
      insert.run(alert, account, session, now).changes === 1,
    purge: (now: number) => removeOld.run(now - KEEP_MS),
  };
}
