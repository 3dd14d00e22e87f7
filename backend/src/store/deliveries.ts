import type { DatabaseSync } from 'node:sqlite';
import { BrokerId, TokenKind } from '../../../utils/domain/contract.ts';
import { z } from '../../../utils/domain/schema.ts';
import { HOUR } from '../../../utils/domain/time.ts';
import { tokenHash } from '../seal.ts';
import { transaction } from './database.ts';
import { ALIVE } from './processes.ts';

/** At least 48 hours by the contract. */
const KEEP_MS = 72 * HOUR;

const FinalRefusal = z.enum(['wrong_account', 'token_spent', 'configuration']);
export type FinalRefusal = z.infer<typeof FinalRefusal>;

const Row = z.object({
  id: z.string(),
  account: BrokerId,
  kind: TokenKind,
  captured_at: z.int(),
  outcome: z.enum(['running', 'applied', ...FinalRefusal.options]),
  message: z.nullable(z.string()),
});
export type Delivery = z.infer<typeof Row>;

export interface NewDelivery {
  id: string;
  account: BrokerId;
  kind: TokenKind;
  token: string;
  capturedAt: number;
}

export type Deliveries = ReturnType<typeof openDeliveries>;

/**
 * The journal of exchanges: a row is written before the broker is asked, and holds the final answer afterwards.
 * A running one belongs to `owner`, this process; whoever lost it to another process writes nothing more.
 */
export function openDeliveries(db: DatabaseSync, key: Buffer, owner: string) {
  const byId = db.prepare('SELECT * FROM deliveries WHERE id = ?');
  const select = db.prepare('SELECT * FROM deliveries WHERE account = ? AND (id = ? OR token_hash = ?)');
  const insert = db.prepare(
    "INSERT INTO deliveries VALUES (?, ?, ?, ?, ?, 'running', NULL, ?, ?) ON CONFLICT DO NOTHING",
  );
  const finish = db.prepare(
    "UPDATE deliveries SET outcome = ?, message = ?, at = ?, owner = NULL WHERE id = ? AND owner = ? AND outcome = 'running'",
  );
  const remove = db.prepare("DELETE FROM deliveries WHERE id = ? AND (outcome <> 'running' OR owner = ?)");
  const earlier = db.prepare(
    `SELECT 1 FROM deliveries WHERE account = :account AND outcome = 'running' AND owner IN ${ALIVE}
     AND rowid < (SELECT rowid FROM deliveries WHERE id = :id) LIMIT 1`,
  );
  const orphans = db.prepare(
    `SELECT * FROM deliveries WHERE outcome = 'running' AND coalesce(owner, '') NOT IN ${ALIVE}`,
  );
  const own = db.prepare('UPDATE deliveries SET owner = ? WHERE id = ?');
  const removeMendable = db.prepare("DELETE FROM deliveries WHERE outcome = 'configuration'");
  const removeOld = db.prepare("DELETE FROM deliveries WHERE outcome <> 'running' AND at < ?");

  /** Closes an exchange that ended without an answer. Whether the broker saw the token cannot be known, so a one-time token is spent. */
  const interrupt = (id: string, kind: TokenKind, now: number): void => {
    if (kind === 'one-time') finish.run('token_spent', 'the backend stopped during the exchange', now, id, owner);
    else remove.run(id, owner);
  };

  return {
    read: (id: string): Delivery | null => {
      const found = byId.get(id);
      return found === undefined ? null : z.parse(Row, found);
    },

    /** The delivery of this id or, during a rotation of secrets, of this token under another id. */
    find(account: BrokerId, id: string, token: string): Delivery | null {
      const found = select.get(account, id, tokenHash(key, account, token));
      return found === undefined ? null : z.parse(Row, found);
    },

    /** Writes the intent down; false when another request did so first. */
    begin: ({ id, account, kind, token, capturedAt }: NewDelivery, now: number): boolean =>
      insert.run(id, account, tokenHash(key, account, token), kind, capturedAt, now, owner).changes === 1,

    /** True when no process still exchanges a token of this account that came before. */
    isFirst: (account: BrokerId, id: string, now: number): boolean => earlier.get({ account, id, now }) === undefined,

    /** Writes the final answer; false when another process took the exchange for dead meanwhile. */
    finish: (id: string, outcome: 'applied' | FinalRefusal, message: string | null, now: number): boolean =>
      finish.run(outcome, message, now, id, owner).changes === 1,

    /** Forgets a delivery, so that it can be tried again. */
    forget: (id: string) => remove.run(id, owner),

    interrupt,

    /** Closes what processes that are not alive left open, and returns it. */
    takeOver(now: number): Delivery[] {
      if (orphans.get({ now }) === undefined) return [];
      return transaction(db, () => {
        const found = orphans.all({ now }).map((row) => z.parse(Row, row));
        for (const { id, kind } of found) {
          own.run(owner, id);
          interrupt(id, kind, now);
        }
        return found;
      });
    },

    /** Forgets what was refused for its configuration: a restart may have mended that. */
    forgetMendable: () => removeMendable.run(),

    purge: (now: number) => removeOld.run(now - KEEP_MS),
  };
}
