import type { DatabaseSync } from 'node:sqlite';
import { BrokerId, maskUser, type SessionState } from '../../../utils/domain/contract.ts';
import { z } from '../../../utils/domain/schema.ts';
import { seal, unseal } from '../seal.ts';

const Row = z.object({
  account: BrokerId,
  generation: z.int(),
  delivery: z.string(),
  user: z.string(),
  access_token: z.instanceof(Uint8Array),
  captured_at: z.int(),
  exchanged_at: z.int(),
  expires_at: z.int(),
  verified_at: z.nullable(z.int()),
  state: z.enum(['exchanged', 'verified', 'rejected']),
  problem: z.nullable(z.string()),
});
type Row = z.infer<typeof Row>;

/** A session that may be used. All times are epoch milliseconds; `generation` grows with each one applied. */
export interface Session {
  account: BrokerId;
  generation: number;
  user: string;
  accessToken: string;
  exchangedAt: number;
  expiresAt: number;
}

export type NewSession = Omit<Session, 'generation'> & { delivery: string; capturedAt: number };

/** What was found out about a session after it was applied. */
export type Finding =
  | { state: 'verified'; at: number }
  | { state: 'rejected'; problem: string }
  | { state: 'unsure'; problem: string };

export type Sessions = ReturnType<typeof openSessions>;

/** The current session of each account. A new one replaces the old one; tokens lie encrypted under `key`. */
export function openSessions(db: DatabaseSync, key: Buffer) {
  const select = db.prepare('SELECT * FROM sessions WHERE account = ?');
  const replace = db.prepare(
    'INSERT OR REPLACE INTO sessions VALUES (:account, :generation, :delivery, :user, :access_token, :captured_at, :exchanged_at, :expires_at, NULL, :state, NULL)',
  );
  const verify = db.prepare(
    "UPDATE sessions SET state = 'verified', verified_at = ?, problem = NULL WHERE account = ? AND generation = ?",
  );
  const reject = db.prepare("UPDATE sessions SET state = 'rejected', problem = ? WHERE account = ? AND generation = ?");
  const doubt = db.prepare('UPDATE sessions SET problem = ? WHERE account = ? AND generation = ?');
  const selectPin = db.prepare('SELECT user FROM pins WHERE account = ?');
  const insertPin = db.prepare('INSERT INTO pins VALUES (?, ?) ON CONFLICT DO NOTHING');

  const row = (account: BrokerId): Row | null => {
    const found = select.get(account);
    return found === undefined ? null : z.parse(Row, found);
  };

  const stored = (account: BrokerId, now: number): Session | null => {
    const found = row(account);
    if (found === null || found.expires_at <= now) return null;
    const accessToken = unseal(key, account, found.access_token);
    if (accessToken === null) return null;
    const { generation, user, exchanged_at: exchangedAt, expires_at: expiresAt } = found;
    return { account, generation, user, accessToken, exchangedAt, expiresAt };
  };

  return {
    /** The session that operations may use now, or null. */
    live: (account: BrokerId, now: number): Session | null =>
      row(account)?.state === 'rejected' ? null : stored(account, now),

    /** After a start: the stored session; one whose key is gone is marked as rejected. */
    recover(account: BrokerId, now: number): Session | 'none' | 'unreadable' {
      const found = row(account);
      if (found === null || found.expires_at <= now) return 'none';
      const session = stored(account, now);
      if (session !== null) return session;
      reject.run('the key in DATA_DIR does not open the stored session: log in again', account, found.generation);
      return 'unreadable';
    },

    capturedAt: (account: BrokerId): number | null => row(account)?.captured_at ?? null,

    /** Where the session stands, as the contract tells it. */
    state(account: BrokerId, now: number): SessionState {
      const found = row(account);
      if (found === null) return NO_SESSION;
      return {
        state: found.expires_at <= now ? 'expired' : found.state,
        delivery: found.delivery,
        user: maskUser(found.user),
        exchanged_at: iso(found.exchanged_at),
        verified_at: found.verified_at === null ? null : iso(found.verified_at),
        expires_at: iso(found.expires_at),
        problem: found.problem,
      };
    },

    /** Replaces the account's session. The caller holds the transaction. */
    put(session: NewSession): Session {
      const generation = (row(session.account)?.generation ?? 0) + 1;
      replace.run({
        account: session.account,
        generation,
        delivery: session.delivery,
        user: session.user,
        access_token: seal(key, session.account, session.accessToken),
        captured_at: session.capturedAt,
        exchanged_at: session.exchangedAt,
        expires_at: session.expiresAt,
        state: 'exchanged',
      });
      insertPin.run(session.account, session.user);
      return { ...session, generation };
    },

    /** Writes a finding down, unless a newer session took the place meanwhile. */
    find({ account, generation }: Session, finding: Finding): void {
      if (finding.state === 'verified') verify.run(finding.at, account, generation);
      else if (finding.state === 'rejected') reject.run(finding.problem, account, generation);
      else doubt.run(finding.problem, account, generation);
    },

    /** The first user ever seen on the account, or null. */
    pin: (account: BrokerId): string | null => {
      const found = selectPin.get(account);
      return found === undefined ? null : String(found.user);
    },
  };
}

const NO_SESSION: SessionState = {
  state: 'none',
  delivery: null,
  user: null,
  exchanged_at: null,
  verified_at: null,
  expires_at: null,
};

function iso(at: number): string {
  return new Date(at).toISOString();
}
