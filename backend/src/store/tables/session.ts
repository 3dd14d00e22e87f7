import { brokers } from '../../../../utils/shared/brokers/index.ts';
import { maskUser, type SessionState } from '../../../../utils/shared/contract.ts';
import { suspectUntil } from '../../../../utils/shared/expiry.ts';
import { z } from '../../../../utils/shared/schema.ts';
import { AccountName, brokerOf } from '../../config/account-name.ts';
import { decrypt } from '../encryption.ts';

const Bytes = z.instanceof(Uint8Array);
const Time = z.int();

/** A session as it is stored; times are epoch milliseconds, tokens are encrypted. */
export const SessionRow = z.object({
  account: AccountName,
  generation: z.int(),
  delivery: z.string(),
  user: z.string(),
  access_token: Bytes,
  day_token: z.nullable(Bytes),
  captured_at: Time,
  exchanged_at: Time,
  expires_at: Time,
  verified_at: z.nullable(Time),
  state: z.enum(['exchanged', 'verified', 'rejected']),
  problem: z.nullable(z.string()),
  /** When the broker last said yes or no about the session. */
  checked_at: z.nullable(Time),
  /** Attempts to ask it since then that brought no answer. */
  checks: z.int(),
});
export type SessionRow = z.infer<typeof SessionRow>;

/** The column takes no NULL: this stands where the broker names no user. */
export const NO_USER = '';

/** A session that may be used. All times are epoch milliseconds; `generation` grows with each one applied. */
export interface Session {
  account: AccountName;
  generation: number;
  /** Null where the broker names none. */
  user: string | null;
  accessToken: string;
  /** The token it was made from, where that is good for the day (Breeze's `apisession`). */
  dayToken: string | null;
  exchangedAt: number;
  expiresAt: number;
}

/** The session of a row, or null when `key` does not open its tokens. */
export function openSession(row: SessionRow, key: Buffer): Session | null {
  const { account, generation, exchanged_at: exchangedAt, expires_at: expiresAt } = row;
  const accessToken = decrypt(key, account, row.access_token);
  if (accessToken === null) return null;
  const dayToken = row.day_token === null ? null : decrypt(key, dayTokenPlace(account), row.day_token);
  return {
    account,
    generation,
    user: row.user === NO_USER ? null : row.user,
    accessToken,
    dayToken,
    exchangedAt,
    expiresAt,
  };
}

export function dayTokenPlace(account: AccountName): string {
  return `${account} day`;
}

/** Whether a stored session may be used now, going by the clock and by what the broker last said. */
export function isUsable({ state, expires_at }: SessionRow, now: number): boolean {
  return state !== 'rejected' && expires_at > now;
}

/** Epoch ms from which a check counts, while the broker may still end the session by its morning rule; else null. */
export function doubtUntil(row: Pick<SessionRow, 'account' | 'exchanged_at' | 'verified_at'>): number | null {
  const until = suspectUntil(brokers[brokerOf(row.account)].session, row.exchanged_at);
  return until !== null && (row.verified_at ?? 0) < until ? until : null;
}

/** Where a session stands, as the contract tells it. */
export function stateOf(row: SessionRow | null, now: number): SessionState {
  if (row === null) return NO_SESSION;
  return {
    state: row.expires_at <= now ? 'expired' : row.state,
    delivery: row.delivery,
    user: row.user === NO_USER ? null : maskUser(row.user),
    exchanged_at: iso(row.exchanged_at),
    verified_at: row.verified_at === null ? null : iso(row.verified_at),
    expires_at: iso(row.expires_at),
    problem: row.problem,
    suspect: isUsable(row, now) && doubtUntil(row) !== null,
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
