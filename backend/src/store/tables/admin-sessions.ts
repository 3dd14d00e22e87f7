import type { Database } from '../sql.ts';

export type AdminSessions = ReturnType<typeof openAdminSessions>;

/** The sign-ins of the administrator that were ended before their time. */
export function openAdminSessions(db: Database) {
  return {
    isEnded: async (id: string): Promise<boolean> =>
      (await db.get('SELECT 1 FROM ended_admin_sessions WHERE id = :id', { id })) !== undefined,
    async end(id: string, expiresAt: number, now: number): Promise<void> {
      await db.run('DELETE FROM ended_admin_sessions WHERE expires_at < :now', { now });
      await db.run('INSERT INTO ended_admin_sessions VALUES (:id, :expires_at) ON CONFLICT DO NOTHING', {
        id,
        expires_at: expiresAt,
      });
    },
  };
}
