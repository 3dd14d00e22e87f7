import type { DatabaseSync } from 'node:sqlite';
import type { BrokerId, SessionState } from '../../../utils/domain/contract.ts';
import { z } from '../../../utils/domain/schema.ts';
import { MINUTE } from '../../../utils/domain/time.ts';
import { seal } from '../seal.ts';
import { dayTokenPlace, doubtUntil, isUsable, openSession, type Session, SessionRow, stateOf } from './session.ts';

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
export function openSessions(db: DatabaseSync, key: Buffer) {
  const select = db.prepare('SELECT * FROM sessions WHERE account = ?');
  const replace = db.prepare(
    `INSERT OR REPLACE INTO sessions
       (account, generation, delivery, user, access_token, day_token, captured_at, exchanged_at, expires_at, state, check_at)
     VALUES (:account, :generation, :delivery, :user, :access_token, :day_token, :captured_at, :exchanged_at, :expires_at,
       'exchanged', :exchanged_at)`,
  );
  const verify = db.prepare(
    `UPDATE sessions SET state = 'verified', verified_at = :at, checked_at = :at, checks = 0, problem = NULL,
       check_at = :next, check_owner = NULL WHERE account = :account AND generation = :generation`,
  );
  const reject = db.prepare(
    `UPDATE sessions SET state = 'rejected', problem = ?, check_at = NULL, check_owner = NULL
     WHERE account = ? AND generation = ?`,
  );
  const doubt = db.prepare(
    `UPDATE sessions SET problem = ?, checks = checks + 1, check_at = ?, check_owner = NULL
     WHERE account = ? AND generation = ?`,
  );
  const plan = db.prepare(
    `UPDATE sessions SET check_at = :now WHERE account = :account AND state = 'verified' AND checks = 0 AND check_owner IS NULL
       AND (check_at IS NULL OR check_at > :now) AND coalesce(checked_at, 0) <= :before`,
  );
  const forgetDayToken = db.prepare(
    'UPDATE sessions SET day_token = NULL WHERE expires_at <= ? AND day_token IS NOT NULL',
  );
  const selectPin = db.prepare('SELECT user FROM pins WHERE account = ?');
  const insertPin = db.prepare('INSERT INTO pins VALUES (?, ?) ON CONFLICT DO NOTHING');

  const row = (account: BrokerId): SessionRow | null => {
    const found = select.get(account);
    return found === undefined ? null : z.parse(SessionRow, found);
  };

  return {
    row,

    /** The session that operations may use now, or null. */
    live(account: BrokerId, now: number): Session | null {
      const found = row(account);
      return found !== null && isUsable(found, now) ? openSession(found, key) : null;
    },

    /** After a start: the stored session; one whose key is gone is marked as rejected. */
    recover(account: BrokerId, now: number): Session | 'none' | 'unreadable' {
      const found = row(account);
      if (found === null || found.expires_at <= now) return 'none';
      const session = openSession(found, key);
      if (session !== null) return session;
      reject.run('the key in DATA_DIR does not open the stored session: log in again', account, found.generation);
      return 'unreadable';
    },

    capturedAt: (account: BrokerId): number | null => row(account)?.captured_at ?? null,

    /** The generation of the account's session; 0 where there was none yet. */
    generation: (account: BrokerId): number => row(account)?.generation ?? 0,

    /** Where the session stands, as the contract tells it. */
    state: (account: BrokerId, now: number): SessionState => stateOf(row(account), now),

    /** Replaces the account's session; the broker is due to be asked about it at once. The caller holds the transaction. */
    put(session: NewSession): Session {
      const { account, dayToken = null } = session;
      const generation = (row(account)?.generation ?? 0) + 1;
      replace.run({
        account,
        generation,
        delivery: session.delivery,
        user: session.user,
        access_token: seal(key, account, session.accessToken),
        day_token: dayToken === null ? null : seal(key, dayTokenPlace(account), dayToken),
        captured_at: session.capturedAt,
        exchanged_at: session.exchangedAt,
        expires_at: session.expiresAt,
      });
      insertPin.run(account, session.user);
      return { ...session, dayToken, generation };
    },

    /** Writes a finding down, unless a newer session took the place meanwhile. */
    find({ account, generation }: Pick<Session, 'account' | 'generation'>, finding: Finding): void {
      if (finding.state === 'verified') {
        const found = row(account);
        const next = found === null ? null : doubtUntil({ ...found, verified_at: finding.at });
        verify.run({ account, generation, at: finding.at, next });
      } else if (finding.state === 'rejected') reject.run(finding.problem, account, generation);
      else doubt.run(finding.problem, finding.nextAt, account, generation);
    },

    /** Plans a question to the broker for now, unless its last answer is younger than five minutes. */
    wantCheck(account: BrokerId, now: number): void {
      const found = row(account);
      if (found === null || !isUsable(found, now) || now - (found.checked_at ?? 0) < FRESH_MS) return;
      plan.run({ account, now, before: now - FRESH_MS });
    },

    /** A day token is worth nothing after its day. */
    purge: (now: number) => forgetDayToken.run(now),

    /** The first user ever seen on the account, or null. */
    pin: (account: BrokerId): string | null => {
      const found = selectPin.get(account);
      return found === undefined ? null : String(found.user);
    },
  };
}
