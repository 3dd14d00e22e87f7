import { isRecord } from '../../shared/brokers/verdict.ts';
import type { FeedState, SessionState } from '../../shared/contract.ts';
import { z } from '../../shared/schema.ts';
import { check } from '../base/check.ts';
import { toldDuration, toldMoment } from '../base/told-times.ts';
import { flagsOf } from './flags.ts';

/** What a status page of an older system says of the session. */
export interface StatusReading {
  session: SessionState;
  configuration?: Record<string, boolean>;
  feed?: FeedState;
}

const Moment = z.union([z.string(), z.number()]);

/** The JSON of the older session managers; everything beside `session` may be missing, and more may be there. */
const SessionManager = z.object({
  session: z.object({
    active: z.optional(z.boolean()),
    valid: z.optional(z.boolean()),
    expiresIn: z.optional(z.nullable(Moment)),
    expiresAt: z.optional(z.nullable(Moment)),
    timeToExpiry: z.optional(z.nullable(Moment)),
  }),
  configuration: z.optional(z.unknown()),
  status: z.optional(z.unknown()),
  lastChecked: z.optional(z.nullable(Moment)),
});

/** Reads a session manager's JSON as it stands at `now`, epoch ms; null when it is none. */
export function readSessionManager(body: unknown, now: number): StatusReading | null {
  const read = check(SessionManager, inCamelCase(body));
  if (!read.ok) return null;
  const { session, configuration } = read.value;
  if (session.valid === undefined && session.active === undefined) return null;
  const isAlive = session.valid !== false && session.active !== false;
  const endsAt = endOf(session, now);
  const isOver = endsAt !== null && endsAt <= now;
  const unread = isAlive && endsAt === null ? endIn(session) : null;
  return {
    session: {
      ...stateOf(
        isAlive && !isOver,
        isOver || session.active === true,
        toldMoment(read.value.lastChecked)?.at ?? null,
        endsAt,
        now,
      ),
      ...(unread === null ? {} : { problem: unread }),
    },
    ...(isRecord(configuration) ? { configuration: flagsOf(configuration) } : {}),
  };
}

/** The names of a page that is written in Python: `expires_at`, `last_checked`. */
function inCamelCase(body: unknown): unknown {
  if (!isRecord(body)) return body;
  const { session, ...rest } = renamed(body);
  return { ...rest, session: isRecord(session) ? renamed(session) : session };
}

function renamed(fields: Record<string, unknown>): Record<string, unknown> {
  const camel = (name: string) => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [camel(name), value]));
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

/** What a page says of its session's end, in its own words. */
function endIn({ expiresAt, expiresIn, timeToExpiry }: z.infer<typeof SessionManager>['session']): string | null {
  const told = Object.entries({ expiresAt, expiresIn, timeToExpiry });
  const [name, text] = told.find(([, value]) => value !== undefined && value !== null && value !== '') ?? [];
  return name === undefined ? null : `${name}: ${text}`.slice(0, 200);
}

/** A moment with its zone is exact, and what still remains hangs on no zone; only then counts a moment without one. */
function endOf(
  { expiresAt, expiresIn, timeToExpiry }: z.infer<typeof SessionManager>['session'],
  now: number,
): number | null {
  const told = toldMoment(expiresAt);
  if (told?.hasZone) return told.at;
  const isOver = [expiresAt, expiresIn, timeToExpiry].some((one) => /^\s*expired\b/i.test(String(one)));
  const left = toldDuration(expiresIn) ?? toldDuration(timeToExpiry) ?? (isOver ? 0 : null);
  return left === null ? (told?.at ?? null) : now + left;
}
