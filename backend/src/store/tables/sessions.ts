import type { SessionState } from '../../../../utils/shared/contract.ts';
import { z } from '../../../../utils/shared/schema.ts';
import { MINUTE } from '../../../../utils/shared/time.ts';
import type { AccountName } from '../../config/account-name.ts';
import { encrypt } from '../encryption.ts';
import type { Database, Sql } from '../sql.ts';
import {
  dayTokenPlace,
  doubtUntil,
  isUsable,
  NO_USER,
  openSession,
  type Session,
  SessionRow,
  stateOf,
} from './session.ts';

export type { Session } from './session.ts';

// Brokers count calls by the minute and by the day: what was asked within five minutes is not asked again.
const FRESH_MS = 5 * MINUTE;

export type NewSession = Omit<Session, 'generation' | 'dayToken'> & {
  dayToken?: string | null;
  delivery: string;
  capturedAt: number;
};

/** What was found out about a session after it was applied; `nextAt`: when the broker is to be asked again. */
export type Finding =
  | { state: 'verified'; at: number }
  | { state: 'rejected'; problem: string }
  | { state: 'unsure'; problem: string; nextAt: number };

export type Sessions = ReturnType<typeof openSessions>;

/** The current session of each account. A new one replaces the old one; tokens lie encrypted under `key`. */
export function openSessions(db: Database, key: Buffer) {
  const THIS = 'account = :account AND generation = :generation';

  const rowIn = async (sql: Sql, account: AccountName): Promise<SessionRow | null> => {
    const found = await sql.get('SELECT * FROM sessions WHERE account = :account', { account });
    return found === undefined ? null : z.parse(SessionRow, found);
  };
  const row = (account: AccountName) => rowIn(db, account);

  const reject = (account: AccountName, generation: number, problem: string) =>
    db.run(
      `UPDATE sessions SET state = 'rejected', problem = :problem, check_at = NULL, check_owner = NULL
       WHERE ${THIS} AND state <> 'rejected'`,
      { account, generation, problem },
    );

  /** Resolves to the number of rows that it changed. */
  async function write({ account, generation }: Pick<Session, 'account' | 'generation'>, finding: Finding) {
    if (finding.state === 'rejected') return reject(account, generation, finding.problem);
    if (finding.state === 'unsure')
      return db.run(
        `UPDATE sessions SET problem = :problem, checks = checks + 1, check_at = :next, check_owner = NULL
         WHERE ${THIS} AND state <> 'rejected'`,
        { account, generation, problem: finding.problem, next: finding.nextAt },
      );
    const found = await row(account);
    const next = found === null ? null : doubtUntil({ ...found, verified_at: finding.at });
    return db.run(
      `UPDATE sessions SET state = 'verified', verified_at = :at, checked_at = :at, checks = 0, problem = NULL,
         check_at = :next, check_owner = NULL WHERE ${THIS} AND state <> 'rejected'`,
      { account, generation, at: finding.at, next },
    );
  }

  return {
    row,

    /** The session that operations may use now, or null. */
    async live(account: AccountName, now: number): Promise<Session | null> {
      const found = await row(account);
      return found !== null && isUsable(found, now) ? openSession(found, key) : null;
    },

    /** After a start: the stored session; one whose key is gone is marked as rejected. */
    async recover(account: AccountName, now: number): Promise<Session | 'none' | 'unreadable'> {
      const found = await row(account);
      if (found === null || found.expires_at <= now) return 'none';
      const session = openSession(found, key);
      if (session !== null) return session;
      await reject(account, found.generation, 'the key in DATA_DIR does not open the stored session: log in again');
      return 'unreadable';
    },

    capturedAt: async (account: AccountName): Promise<number | null> => (await row(account))?.captured_at ?? null,

    /** The generation of the account's session; 0 where there was none yet. */
    generation: async (account: AccountName): Promise<number> => (await row(account))?.generation ?? 0,

    /** Where the session stands, as the contract tells it. */
    state: async (account: AccountName, now: number): Promise<SessionState> => stateOf(await row(account), now),

    /** Replaces the account's session, within `tx`, a transaction on the account; the broker is due to be asked about it at once. */
    async putIn(tx: Sql, session: NewSession): Promise<Session> {
      const { account, dayToken = null } = session;
      const generation = ((await rowIn(tx, account))?.generation ?? 0) + 1;
      await tx.run('DELETE FROM sessions WHERE account = :account', { account });
      await tx.run(INSERT, {
        account,
        generation,
        delivery: session.delivery,
        user: session.user ?? NO_USER,
        access_token: encrypt(key, account, session.accessToken),
        day_token: dayToken === null ? null : encrypt(key, dayTokenPlace(account), dayToken),
        captured_at: session.capturedAt,
        exchanged_at: session.exchangedAt,
        expires_at: session.expiresAt,
      });
      const { user } = session;
      if (user !== null)
        await tx.run('INSERT INTO pins VALUES (:account, :user) ON CONFLICT DO NOTHING', { account, user });
      return { ...session, dayToken, generation };
    },

    /**
     * Writes a finding down; false when a newer session took the place meanwhile, or this one was rejected, which it
     * stays: a question that was on its way before is answered too late.
     */
    recordFinding: async (session: Pick<Session, 'account' | 'generation'>, finding: Finding): Promise<boolean> =>
      (await write(session, finding)) === 1,

    /** Plans a question to the broker for now, unless its last answer is younger than five minutes. */
    async wantCheck(account: AccountName, now: number): Promise<void> {
      const found = await row(account);
      if (found === null || !isUsable(found, now) || now - (found.checked_at ?? 0) < FRESH_MS) return;
      await db.run(
        `UPDATE sessions SET check_at = :now WHERE account = :account AND state = 'verified' AND checks = 0
           AND check_owner IS NULL AND (check_at IS NULL OR check_at > :now) AND coalesce(checked_at, 0) <= :before`,
        { account, now, before: now - FRESH_MS },
      );
    },

    /** A day token is worth nothing after its day. */
    purge: (now: number) =>
      db.run('UPDATE sessions SET day_token = NULL WHERE expires_at <= :now AND day_token IS NOT NULL', { now }),

    /** The first user ever seen on the account, or null. */
    pin: async (account: AccountName): Promise<string | null> => {
      const found = await db.get('SELECT "user" FROM pins WHERE account = :account', { account });
      return found === undefined ? null : String(found.user);
    },
  };
}

const INSERT = `INSERT INTO sessions
    (account, generation, delivery, "user", access_token, day_token, captured_at, exchanged_at, expires_at, state, check_at)
  VALUES (:account, :generation, :delivery, :user, :access_token, :day_token, :captured_at, :exchanged_at, :expires_at,
    'exchanged', :exchanged_at)`;
