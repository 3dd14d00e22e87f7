import { type Companions, TokenKind } from '../../../../utils/shared/contract.ts';
import { z } from '../../../../utils/shared/schema.ts';
import { HOUR } from '../../../../utils/shared/time.ts';
import { AccountName } from '../../config/account-name.ts';
import { tokenHash } from '../encryption.ts';
import type { Database, Sql } from '../sql.ts';
import { aliveIn } from './processes.ts';

/** At least 48 hours by the contract. */
const KEEP_MS = 72 * HOUR;

const FinalRefusal = z.enum(['wrong_account', 'token_spent', 'superseded']);
export type FinalRefusal = z.infer<typeof FinalRefusal>;

const Row = z.object({
  id: z.string(),
  account: AccountName,
  kind: TokenKind,
  captured_at: z.int(),
  // Until 2026-11 a refusal for the configuration was kept.
  outcome: z.enum(['running', 'applied', 'configuration', ...FinalRefusal.options]),
  message: z.nullable(z.string()),
  /** Of the further values that came with the token; null where there were none. */
  with_hash: z.nullable(z.string()),
  at: z.int(),
});
export type Delivery = z.infer<typeof Row>;

export interface NewDelivery {
  id: string;
  account: AccountName;
  kind: TokenKind;
  token: string;
  companions?: Companions;
  capturedAt: number;
}

/**
 * One try of a delivery: its moment tells it from the next one of the same id. What an old try writes late, after an
 * outage of the store, must never close or take back the one that came after it.
 */
export interface Attempt {
  id: string;
  kind: TokenKind;
  /** Epoch ms of its intent. */
  at: number;
}

export type Deliveries = ReturnType<typeof openDeliveries>;

/**
 * The journal of exchanges: a row is written before the broker is asked, and holds the final answer afterwards.
 * A running one belongs to `owner`, this process; whoever lost it to another process writes nothing more.
 */
export function openDeliveries(db: Database, key: Buffer, owner: string) {
  const IS_ORPHAN = `outcome = 'running' AND coalesce(owner, '') NOT IN ${aliveIn(db)}`;
  const delivery = (row: unknown): Delivery | null => (row === undefined ? null : z.parse(Row, row));

  const finish = async (
    sql: Sql,
    { id, at }: Pick<Attempt, 'id' | 'at'>,
    outcome: 'applied' | FinalRefusal,
    message: string | null,
    now: number,
  ): Promise<boolean> =>
    (await sql.run(
      `UPDATE deliveries SET outcome = :outcome, message = :message, at = :now, owner = NULL
       WHERE id = :id AND at = :at AND owner = :owner AND outcome = 'running'`,
      { id, at, outcome, message, now, owner },
    )) === 1;

  /**
   * Closes an exchange that ended without an answer. Whether the broker saw the token cannot be known, so a one-time
   * token is spent; its moment stays, for a process that was taken for dead and knows better.
   */
  const interrupt = async (sql: Sql, attempt: Attempt): Promise<void> => {
    if (attempt.kind === 'one-time')
      await finish(sql, attempt, 'token_spent', 'the backend stopped during the exchange', attempt.at);
    else await withdraw(sql, attempt);
  };
  const withdraw = async (sql: Sql, { id, at }: Attempt): Promise<void> => {
    await sql.run(
      `DELETE FROM deliveries WHERE id = :id AND at = :at
         AND (outcome = 'running' AND owner = :owner OR outcome = 'token_spent')`,
      { id, at, owner },
    );
  };

  /** Recognises the further values of a redirect, in whatever order they came. */
  const companionsHash = (account: string, companions: Companions = {}): string | null => {
    const pairs = Object.entries(companions).sort(([one], [other]) => (one < other ? -1 : 1));
    return pairs.length === 0 ? null : tokenHash(key, account, JSON.stringify(pairs));
  };

  return {
    companionsHash,

    read: async (id: string): Promise<Delivery | null> =>
      delivery(await db.get('SELECT * FROM deliveries WHERE id = :id', { id })),

    /** The delivery of this id or, during a rotation of secrets, of this token under another id. */
    find: async (account: AccountName, id: string, token: string): Promise<Delivery | null> =>
      delivery(
        await db.get('SELECT * FROM deliveries WHERE account = :account AND (id = :id OR token_hash = :token_hash)', {
          account,
          id,
          token_hash: tokenHash(key, account, token),
        }),
      ),

    /**
     * Writes the intent down, in the place of `before` where that is given and still stands as it was read; false when
     * another request did so first. Those of an account get their places in that order.
     */
    begin: (
      { id, account, kind, token, companions, capturedAt }: NewDelivery,
      at: number,
      before: Delivery | null = null,
    ): Promise<boolean> =>
      db.transaction(account, async (tx) => {
        if (before !== null)
          await tx.run("DELETE FROM deliveries WHERE id = :id AND outcome <> 'running' AND at = :at", {
            id: before.id,
            at: before.at,
          });
        const added = await tx.run(
          `INSERT INTO deliveries (id, account, token_hash, with_hash, kind, captured_at, outcome, at, owner)
           VALUES (:id, :account, :token_hash, :with_hash, :kind, :captured_at, 'running', :at, :owner)
           ON CONFLICT DO NOTHING`,
          {
            id,
            account,
            token_hash: tokenHash(key, account, token),
            with_hash: companionsHash(account, companions),
            kind,
            captured_at: capturedAt,
            at,
            owner,
          },
        );
        return added === 1;
      }),

    /** True when no process still exchanges a token of this account that came before. */
    isFirst: async (account: AccountName, id: string, now: number): Promise<boolean> =>
      (await db.get(
        `SELECT 1 FROM deliveries WHERE account = :account AND outcome = 'running' AND owner IN ${aliveIn(db)}
         AND rowid < (SELECT rowid FROM deliveries WHERE id = :id) LIMIT 1`,
        { account, id, now },
      )) === undefined,

    /** Writes the final answer, within `sql`; false when another process took the exchange for dead meanwhile. */
    finishIn: finish,
    finish: (attempt: Attempt, outcome: FinalRefusal, message: string, now: number) =>
      finish(db, attempt, outcome, message, now),

    /** Takes an attempt back of which the broker kept nothing, so that the delivery can be tried again. */
    withdraw: (attempt: Attempt) => withdraw(db, attempt),

    /**
     * The same where the beginning failed: what was asked to be kept may still be under way, so it waits for its turn on
     * the account, which comes once that is seen or gone.
     */
    withdrawBeginning: (account: AccountName, attempt: Attempt): Promise<void> =>
      db.transaction(account, (tx) => withdraw(tx, attempt)),

    interrupt: (attempt: Attempt) => interrupt(db, attempt),

    /** Closes what processes that are not alive left open, and returns it. */
    async takeOver(now: number): Promise<Delivery[]> {
      if ((await db.get(`SELECT 1 FROM deliveries WHERE ${IS_ORPHAN}`, { now })) === undefined) return [];
      return db.transaction('deliveries', async (tx) => {
        const rows = await tx.all(`UPDATE deliveries SET owner = :owner WHERE ${IS_ORPHAN} RETURNING *`, {
          now,
          owner,
        });
        const found = rows.map((row) => z.parse(Row, row));
        for (const delivery of found) await interrupt(tx, delivery);
        return found;
      });
    },

    /** Forgets what an older version kept of a refusal for the configuration. */
    forgetMendable: () => db.run("DELETE FROM deliveries WHERE outcome = 'configuration'"),

    purge: (now: number) =>
      db.run("DELETE FROM deliveries WHERE outcome <> 'running' AND at < :before", { before: now - KEEP_MS }),
  };
}
