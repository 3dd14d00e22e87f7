import type { DatabaseSync } from 'node:sqlite';
import type { BrokerId } from '../../../utils/domain/contract.ts';
import { SECOND } from '../../../utils/domain/time.ts';
import { ALIVE } from './processes.ts';

/** Longer than the broker may take to answer: after that somebody else may ask. */
const CLAIM_MS = 15 * SECOND;

export type CheckClaims = ReturnType<typeof openCheckClaims>;

/** Who asks the broker about a session: of all processes one at a time, and only when it is due. */
export function openCheckClaims(db: DatabaseSync, owner: string) {
  const isDue = db.prepare(
    'SELECT 1 FROM sessions WHERE account = :account AND check_at <= :now AND expires_at > :now',
  );
  const claim = db.prepare(
    `UPDATE sessions SET check_at = :until, check_owner = :owner
     WHERE account = :account AND check_at <= :now AND expires_at > :now AND state <> 'rejected'`,
  );
  const orphans = db.prepare(`SELECT 1 FROM sessions WHERE check_owner IS NOT NULL AND check_owner NOT IN ${ALIVE}`);
  const release = db.prepare(
    `UPDATE sessions SET check_at = :now, check_owner = NULL WHERE check_owner IS NOT NULL AND check_owner NOT IN ${ALIVE}`,
  );

  return {
    /** True when a check is due and this process is now the one to make it. */
    take(account: BrokerId, now: number): boolean {
      if (isDue.get({ account, now }) === undefined) return false;
      return claim.run({ account, now, owner, until: now + CLAIM_MS }).changes === 1;
    },

    /** Makes the checks due again that processes which are not alive had taken. */
    takeOver(now: number): void {
      if (orphans.get({ now }) !== undefined) release.run({ now });
    },
  };
}
