import type { DatabaseSync } from 'node:sqlite';
import { parseJson, z } from '../../../utils/domain/schema.ts';
import { MINUTE } from '../../../utils/domain/time.ts';

const KEEP_MS = 15 * MINUTE;

export const ExecutionLine = z.object({
  step: z.string(),
  status: z.enum(['success', 'error', 'info']),
  message: z.string(),
  at: z.string(),
});
export type ExecutionLine = z.infer<typeof ExecutionLine>;

export type ExecutionLogs = ReturnType<typeof openExecutionLogs>;

/** The execution log of each operation that stopped for want of a session, until its retry goes on with it. */
export function openExecutionLogs(db: DatabaseSync) {
  const select = db.prepare('SELECT lines FROM execution_logs WHERE operation = ? AND params = ? AND at > ?');
  const replace = db.prepare('INSERT OR REPLACE INTO execution_logs VALUES (?, ?, ?, ?)');
  const remove = db.prepare('DELETE FROM execution_logs WHERE operation = ? AND params = ?');
  const removeOld = db.prepare('DELETE FROM execution_logs WHERE at <= ?');

  return {
    keep: (operation: string, params: unknown, lines: readonly ExecutionLine[], now: number) =>
      replace.run(operation, JSON.stringify(params), JSON.stringify(lines), now),

    /** The lines of the earlier attempt, which are forgotten here. */
    take(operation: string, params: unknown, now: number): ExecutionLine[] {
      const text = JSON.stringify(params);
      const found = select.get(operation, text, now - KEEP_MS);
      remove.run(operation, text);
      return found === undefined ? [] : z.parse(z.array(ExecutionLine), parseJson(String(found.lines)));
    },

    purge: (now: number) => removeOld.run(now - KEEP_MS),
  };
}
