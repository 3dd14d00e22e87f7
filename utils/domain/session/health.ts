import type { FeedState, SessionState } from '../../shared/contract.ts';
import { check, z } from '../../shared/schema.ts';
import { MINUTE, SECOND } from '../../shared/time.ts';
import { fnv1a } from '../base/checksum.ts';
import type { Exchange } from '../base/moments.ts';
import { JUMP_MS } from './clock-jump.ts';

/** Every destination that can tell is asked this often. */
export const HEALTH_MS = 5 * MINUTE;
const JITTER_MS = 30 * SECOND;
/** Two checks and a bit: a proof older than this is no longer one. */
const STALE_MS = 2 * HEALTH_MS + MINUTE;

/** When a settled session is asked about again: later by up to half a minute, so that no two browsers keep step. */
export function healthDue(account: string, now: number): number {
  return now + HEALTH_MS + (fnv1a(`${account}#${Math.floor(now / HEALTH_MS)}`) % JITTER_MS);
}

/** True when a report says nothing of now: too old, from the future, or asked for before the clock was changed. */
export function isDoubted({ at, sentAt }: Exchange, now: number, jumpedAt: number | null): boolean {
  return now - at > STALE_MS || at > now + JUMP_MS || (jumpedAt !== null && (sentAt ?? at) < Math.min(jumpedAt, now));
}

/** What is really known of a session: proven alive, proven over, or neither, with the age of what was last heard. */
export type Truth = 'verified' | 'contradicted' | 'unknown';

export function truthOf({ state }: SessionState, isInDoubt: boolean): Truth {
  if (state === 'rejected' || state === 'expired' || state === 'none') return 'contradicted';
  return state === 'verified' && !isInDoubt ? 'verified' : 'unknown';
}

/** The name of the stand-in that a feed serves instead of the broker's data, or null: every such source says so in its name. */
export function fallbackOf(feed: FeedState | undefined): string | null {
  const source = feed?.source ?? null;
  return source !== null && /fallback|yahoo|delayed|demo|mock/i.test(source) ? source : null;
}

/** The clock difference in whole minutes, from one minute on: positive when the backend is ahead. */
export function skewMinutes(skewMs: number): number {
  return Math.trunc(skewMs / MINUTE);
}

/** What a status page of an older system says of the session. */
export interface StatusReading {
  session: SessionState;
  configuration?: Record<string, boolean>;
  feed?: FeedState;
}

const Moment = z.union([z.string(), z.number()]);
const Flag = z.union([z.boolean(), z.string(), z.number(), z.null()]);

/** The JSON of the older session managers; everything beside `session` may be missing, and more may be there. */
const SessionManager = z.object({
  session: z.object({
    active: z.optional(z.boolean()),
    valid: z.optional(z.boolean()),
    expiresIn: z.optional(z.nullable(Moment)),
    expiresAt: z.optional(z.nullable(Moment)),
    timeToExpiry: z.optional(z.nullable(Moment)),
  }),
  configuration: z.optional(z.record(z.string(), Flag)),
  status: z.optional(z.unknown()),
  lastChecked: z.optional(z.nullable(Moment)),
});

/** Reads a session manager's JSON as it stands at `now`, epoch ms; null when it is none. */
export function readSessionManager(body: unknown, now: number): StatusReading | null {
  const read = check(SessionManager, body);
  if (!read.ok) return null;
  const { session, configuration } = read.value;
  if (session.valid === undefined && session.active === undefined) return null;
  const isAlive = session.valid !== false && session.active !== false;
  const endsAt = momentOf(session.expiresAt) ?? after(session.expiresIn ?? session.timeToExpiry, now);
  const isOver = endsAt !== null && endsAt <= now;
  const flags = Object.entries(configuration ?? {}).map(([name, value]): [string, boolean] => [name, Boolean(value)]);
  return {
    session: stateOf(
      isAlive && !isOver,
      isOver || session.active === true,
      momentOf(read.value.lastChecked),
      endsAt,
      now,
    ),
    configuration: configuration && Object.fromEntries(flags),
  };
}

/** Reads a status page by one JSON path: the value there, as text, must equal `equals` for the session to be alive. */
export function readStatusPath(value: string | undefined, equals: string, now: number): StatusReading | null {
  return value === undefined ? null : { session: stateOf(value === equals, false, null, null, now) };
}

function stateOf(
  isAlive: boolean,
  hasEnded: boolean,
  checkedAt: number | null,
  endsAt: number | null,
  now: number,
): SessionState {
  // A page that looked at the session in the future looked at another clock.
  const verifiedAt = checkedAt !== null && checkedAt <= now ? checkedAt : now;
  return {
    state: isAlive ? 'verified' : hasEnded ? 'expired' : 'none',
    delivery: null,
    user: null,
    exchanged_at: null,
    verified_at: isAlive ? new Date(verifiedAt).toISOString() : null,
    expires_at: endsAt === null ? null : new Date(endsAt).toISOString(),
  };
}

/** A time of this century, as ISO text or epoch milliseconds. */
function momentOf(value: string | number | null | undefined): number | null {
  const at = typeof value === 'number' ? value : typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return at >= Date.UTC(2000) && at < Date.UTC(2100) ? at : null;
}

/** A wait as the older systems write it: seconds as a number, or text like `2h 5m`, `05:30:00` or `330 minutes`. */
function after(value: string | number | null | undefined, now: number): number | null {
  const seconds = typeof value === 'number' ? value : typeof value === 'string' ? secondsIn(value) : null;
  return seconds !== null && Number.isFinite(seconds) && seconds < 1e6 ? now + Math.round(seconds) * SECOND : null;
}

function secondsIn(text: string): number | null {
  const [, h, m, s] = /^(\d+):(\d\d)(?::(\d\d))?$/.exec(text.trim()) ?? [];
  if (h !== undefined) return Number(h) * 3_600 + Number(m) * 60 + Number(s ?? 0);
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)\s*([hms])/gi)];
  const unit: Record<string, number> = { h: 3_600, m: 60, s: 1 };
  if (parts.length === 0) return null;
  return parts.reduce((sum, [, amount, name = '']) => sum + Number(amount) * (unit[name.toLowerCase()] ?? 0), 0);
}
