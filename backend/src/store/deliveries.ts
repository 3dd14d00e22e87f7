import type { DatabaseSync } from 'node:sqlite';
import { BrokerId, TokenKind } from '../../../utils/domain/contract.ts';
import { z } from '../../../utils/domain/schema.ts';
import { HOUR } from '../../../utils/domain/time.ts';
import { tokenHash } from '../seal.ts';

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

/** The journal of exchanges: a row is written before the broker is asked, and holds the final answer afterwards. */
export function openDeliveries(db: DatabaseSync, key: Buffer) {
  const select = db.prepare('SELECT * FROM deliveries WHERE account = ? AND (id = ? OR token_hash = ?)');
  const insert = db.prepare("INSERT INTO deliveries VALUES (?, ?, ?, ?, ?, 'running', NULL, ?) ON CONFLICT DO NOTHING");
  const finish = db.prepare('UPDATE deliveries SET outcome = ?, message = ?, at = ? WHERE id = ?');
  const remove = db.prepare('DELETE FROM deliveries WHERE id = ?');
  const running = db.prepare("SELECT * FROM deliveries WHERE outcome = 'running'");
  const removeMendable = db.prepare("DELETE FROM deliveries WHERE outcome = 'configuration'");
  const removeOld = db.prepare("DELETE FROM deliveries WHERE outcome <> 'running' AND at < ?");

  /** Closes an exchange that ended without an answer. Whether the broker saw the token cannot be known, so a one-time token is spent. */
  const interrupt = (id: string, kind: TokenKind, now: number): void => {
    if (kind === 'one-time') finish.run('token_spent', 'the backend stopped during the exchange', now, id);
    else remove.run(id);
  };

  return {
    /** The delivery of this id or, during a rotation of secrets, of this token under another id. */
    find(account: BrokerId, id: string, token: string): Delivery | null {
      const found = select.get(account, id, tokenHash(key, account, token));
      return found === undefined ? null : z.parse(Row, found);
    },

    /** Writes the intent down; false when another request did so first. */
    begin: ({ id, account, kind, token, capturedAt }: NewDelivery, now: number): boolean =>
      insert.run(id, account, tokenHash(key, account, token), kind, capturedAt, now).changes === 1,

    finish: (id: string, outcome: 'applied' | FinalRefusal, message: string | null, now: number) =>
      finish.run(outcome, message, now, id),

    /** Forgets a delivery, so that it can be tried again. */
    forget: (id: string) => remove.run(id),

    interrupt,

    /** After a start: what a crash left open is closed, and what a changed configuration may have mended is forgotten. Returns the former. */
    recover(now: number): Delivery[] {
      removeMendable.run();
      const interrupted = running.all().map((row) => z.parse(Row, row));
      for (const { id, kind } of interrupted) interrupt(id, kind, now);
      return interrupted;
    },

    purge: (now: number) => removeOld.run(now - KEEP_MS),
  };
}
