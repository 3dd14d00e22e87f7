import { parseJson, z } from '../../../../utils/shared/schema.ts';
import { MINUTE } from '../../../../utils/shared/time.ts';
import type { Database } from '../sql.ts';

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
export function openExecutionLogs(db: Database) {
  const THIS = 'operation = :operation AND params = :params';
  return {
    keep: (operation: string, given: unknown, lines: readonly ExecutionLine[], now: number) =>
      db.run(
        `INSERT INTO execution_logs VALUES (:operation, :params, :lines, :now)
         ON CONFLICT (operation, params) DO UPDATE SET lines = excluded.lines, at = excluded.at`,
        { operation, params: JSON.stringify(given), lines: JSON.stringify(lines), now },
      ),

    /** The lines of the earlier attempt, which are forgotten here. */
    async take(operation: string, given: unknown, now: number): Promise<ExecutionLine[]> {
      const params = JSON.stringify(given);
      const found = await db.get(`DELETE FROM execution_logs WHERE ${THIS} RETURNING lines, at`, { operation, params });
      if (found === undefined || Number(found.at) <= now - KEEP_MS) return [];
      return z.parse(z.array(ExecutionLine), parseJson(String(found.lines)));
    },

    purge: (now: number) => db.run('DELETE FROM execution_logs WHERE at <= :before', { before: now - KEEP_MS }),
  };
}
