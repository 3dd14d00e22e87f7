import type { Database } from '../sql.ts';

export type Spent = ReturnType<typeof openSpent>;

/** The ids of signed texts that count no more before their time: a sign-in that was ended, a one-time key that was used. */
export function openSpent(db: Database) {
  return {
    isSpent: async (id: string): Promise<boolean> =>
      (await db.get('SELECT 1 FROM ended_admin_sessions WHERE id = :id', { id })) !== undefined,
    /** True for the first one that spends it. */
    async spend(id: string, expiresAt: number, now: number): Promise<boolean> {
      await db.run('DELETE FROM ended_admin_sessions WHERE expires_at < :now', { now });
      const added = await db.run('INSERT INTO ended_admin_sessions VALUES (:id, :expires_at) ON CONFLICT DO NOTHING', {
        id,
        expires_at: expiresAt,
      });
      return added === 1;
    },
  };
}
