import { SECOND } from '../../../../utils/shared/time.ts';
import type { AccountName } from '../../config/account-name.ts';
import type { Database } from '../sql.ts';
import { aliveIn } from './processes.ts';

/** Longer than the broker may take to answer: after that somebody else may ask. */
const CLAIM_MS = 15 * SECOND;

export type CheckClaims = ReturnType<typeof openCheckClaims>;

/** Who asks the broker about a session: of all processes one at a time, and only when it is due. */
export function openCheckClaims(db: Database, owner: string) {
  const IS_DUE = 'account = :account AND check_at <= :now AND expires_at > :now';
  const IS_ORPHAN = `check_owner IS NOT NULL AND check_owner NOT IN ${aliveIn(db)}`;

  return {
    /** True when a check is due and this process is now the one to make it. */
    async take(account: AccountName, now: number): Promise<boolean> {
      if ((await db.get(`SELECT 1 FROM sessions WHERE ${IS_DUE}`, { account, now })) === undefined) return false;
      const taken = await db.run(
        `UPDATE sessions SET check_at = :until, check_owner = :owner WHERE ${IS_DUE} AND state <> 'rejected'`,
        { account, now, owner, until: now + CLAIM_MS },
      );
      return taken === 1;
    },

    /** Makes the checks due again that processes which are not alive had taken. */
    async takeOver(now: number): Promise<void> {
      if ((await db.get(`SELECT 1 FROM sessions WHERE ${IS_ORPHAN}`, { now })) === undefined) return;
      await db.run(`UPDATE sessions SET check_at = :at, check_owner = NULL WHERE ${IS_ORPHAN}`, { now, at: now });
    },
  };
}
