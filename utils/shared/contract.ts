/**
 * The delivery contract: one URL, one POST, two message types, requests and answers signed alike
 * (Standard Webhooks v1, https://www.standardwebhooks.com). docs/contract.md tells it to a person.
 */

import { BROKER_IDS } from './brokers/index.ts';
import { toBase32 } from './bytes.ts';
import { wrong } from './problem.ts';
import { z } from './schema.ts';

export const CONTRACT_VERSION = 1;
export const MAX_CLOCK_SKEW_MS = 300_000;
export const MAX_ANSWER_BYTES = 65_536;
/** The longest that a check may ask its receiver to wait for a change. */
export const MAX_WAIT_MS = 5_000;

export const HEADER = { id: 'webhook-id', timestamp: 'webhook-timestamp', signature: 'webhook-signature' } as const;

export const BrokerId = z.enum(BROKER_IDS);
export type BrokerId = z.infer<typeof BrokerId>;

/** `one-time`: an exchanger may see it once. `day`: good for many exchanges until it expires. */
export const TokenKind = z.enum(['one-time', 'day']);
export type TokenKind = z.infer<typeof TokenKind>;

/** The further values of a redirect that an exchange needs, by their names: `userId`. */
export const Companions = z.record(
  z.string().check(z.regex(/^[A-Za-z]{2,30}$/)),
  z.string().check(z.regex(/^[A-Za-z0-9._-]{1,200}$/, wrong('token'))),
);

export type Companions = z.infer<typeof Companions>;

/**
 * What a receiver may understand beyond the first release; it gets only what its signed report names.
 * `token.with`: the further values of a redirect. `session.consent`: the request for a consent. `check.wait`: a check
 * that is answered when there is something to say.
 */
export const GROWTH = ['token.with', 'session.consent', 'check.wait'] as const;
export type Growth = (typeof GROWTH)[number];

/** What the pairing calls the account; part of every delivery id. */
export const AccountName = z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9 ._-]{0,39}$/, wrong('account_name')));

const WITH_OFFSET = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(?:Z|([+-]\d\d)(?::?(\d\d))?)$/i;

/** Python writes UTC as `+00:00` or `+0000`, and Postgres as `+00`; with its offset a time means the same everywhere, and we go on with it in UTC. */
function inUtc(text: string): string {
  const [, date, time, hours = '+00', minutes = '00'] = WITH_OFFSET.exec(text) ?? [];
  if (text.endsWith('Z') || date === undefined) return text;
  const at = Date.parse(`${date}T${time}${hours}:${minutes}`);
  return Number.isNaN(at) ? text : new Date(at).toISOString();
}

/** Of this century: a time that no clock can mean would stop every screen that tries to show it. */
export const Instant = z.string().check(
  z.overwrite(inUtc),
  z.refine((text) => /^20\d\d-.*Z$/.test(text) && !Number.isNaN(Date.parse(text)), wrong('instant')),
);
const MaybeInstant = z.nullable(Instant);

const MOST_WORDS = 200;

/** Words are only shown, so too many of them are cut, and seen to be: a session that lives is not lost for a long sentence. */
function cut(text: string): string {
  return text.length <= MOST_WORDS ? text : `${text.slice(0, MOST_WORDS - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

const Words = z.string().check(z.overwrite(cut), z.maxLength(MOST_WORDS));
const User = z.string().check(z.minLength(1), z.maxLength(40));
/** A broker's user id, whole, as a person names it. */
export const UserId = z.string().check(z.regex(/^[A-Za-z0-9]{2,40}$/, wrong('user')));
const Count = z.int().check(z.nonnegative());

/** Names what a report tells: two reports that tell the same have the same. */
const Revision = z.string().check(z.regex(/^[A-Za-z0-9_-]{1,64}$/));

export const SessionCheck = z.strictObject({
  version: z.literal(CONTRACT_VERSION),
  type: z.literal('session.check'),
  account: AccountName,
  /** Only to a receiver that understands `check.wait`: hold the answer while the revision is still that one, and no longer than this. */
  wait: z.optional(z.strictObject({ after: Revision, ms: z.int().check(z.positive(), z.maximum(MAX_WAIT_MS)) })),
});
export type SessionCheck = z.infer<typeof SessionCheck>;

export const SessionCaptured = z.strictObject({
  version: z.literal(CONTRACT_VERSION),
  type: z.literal('session.captured'),
  account: AccountName,
  broker: BrokerId,
  token: z.strictObject({
    kind: TokenKind,
    value: z.string().check(z.regex(/^[A-Za-z0-9._-]{4,2048}$/, wrong('token'))),
    /** Only to a receiver that understands `token.with`. No part of the delivery's id. */
    with: z.optional(Companions),
  }),
  captured_at: Instant,
  expires_at: Instant,
  /** The broker's user id the person named, or null: then the receiver pins the first one it sees. */
  expected_user: z.nullable(User),
  /** True: check everything, exchange nothing. */
  dry_run: z.optional(z.boolean()),
});
export type SessionCaptured = z.infer<typeof SessionCaptured>;

/** Asks for the consent with which a broker's login begins, when *Log in* is pressed. */
export const SessionConsent = z.strictObject({
  version: z.literal(CONTRACT_VERSION),
  type: z.literal('session.consent'),
  account: AccountName,
  broker: BrokerId,
});
export type SessionConsent = z.infer<typeof SessionConsent>;

export const Request = z.discriminatedUnion('type', [SessionCheck, SessionCaptured, SessionConsent]);

/** Where the receiver's session stands, and which delivery it came from. `user` is masked: `AB****`. */
export const SessionState = z.object({
  state: z.enum(['none', 'exchanged', 'verified', 'rejected', 'expired']),
  delivery: z.nullable(z.string().check(z.maxLength(64))),
  user: z.nullable(User),
  exchanged_at: MaybeInstant,
  verified_at: MaybeInstant,
  expires_at: MaybeInstant,
  /** Why it is rejected or not yet verified, in words. */
  problem: z.optional(z.nullable(Words)),
  /** True while the broker may still end it by a rule of its own, until it was asked again after that. */
  suspect: z.optional(z.boolean()),
});
export type SessionState = z.infer<typeof SessionState>;

/** `subscribed`: the broker accepted the subscription, no tick yet, which is normal outside market hours. */
export const FeedState = z.object({
  state: z.enum(['off', 'connecting', 'subscribed', 'live', 'refused', 'no_market_data']),
  first_tick_at: MaybeInstant,
  last_tick_at: MaybeInstant,
  source: z.nullable(Words),
  problem: z.optional(z.nullable(Words)),
});
export type FeedState = z.infer<typeof FeedState>;

export const JOB_STATES = [
  'parked',
  'queued',
  'running',
  'done',
  'failed',
  'stale',
  'cancelled',
  'needs_confirmation',
] as const;

const MOST_JOBS = 20;

/** Counts of the requests that failed for want of a session, and the latest twenty of them. */
export const QueueState = z.object({
  parked: Count,
  queued: Count,
  running: Count,
  done: Count,
  failed: Count,
  needs_confirmation: Count,
  stale: z.optional(Count),
  cancelled: z.optional(Count),
  latest: z
    .array(
      z.object({
        id: z.string().check(z.maxLength(64)),
        label: Words,
        state: z.enum(JOB_STATES),
        parked_at: Instant,
        finished_at: MaybeInstant,
        took_ms: z.nullable(Count),
        problem: z.optional(z.nullable(Words)),
      }),
    )
    .check(
      z.overwrite((latest) => latest.slice(0, MOST_JOBS)),
      z.maxLength(MOST_JOBS),
    ),
});
export type QueueState = z.infer<typeof QueueState>;

/** Answer to `session.check`: from the receiver's memory, never by calling the broker. A receiver without a feed or a queue leaves them out. */
export const SessionReport = z.object({
  type: z.literal('session.report'),
  id: z.string(),
  account: AccountName,
  server_time: Instant,
  session: SessionState,
  feed: z.optional(FeedState),
  queue: z.optional(QueueState),
  configuration: z.optional(z.record(z.string(), z.boolean())),
  /** The parts of this contract that came after the first release and that this receiver understands; see {@link GROWTH}. */
  understands: z.optional(z.array(Words).check(z.maxLength(20))),
  /** What the next check may wait after; left out where it may not. */
  revision: z.optional(Revision),
  /** For how long this answer was held. */
  waited_ms: z.optional(Count),
});
export type SessionReport = z.infer<typeof SessionReport>;

/** Answer to `session.captured`, sent as soon as the exchange is committed. */
export const SessionApplied = z.object({
  type: z.literal('session.applied'),
  id: z.string(),
  status: z.enum(['applied', 'replayed', 'dry_run']),
  server_time: Instant,
  session: SessionState,
});
export type SessionApplied = z.infer<typeof SessionApplied>;

/** Answer to `session.consent`: the consent that the broker made. */
export const SessionConsented = z.object({
  type: z.literal('session.consented'),
  id: z.string(),
  consent: z.string().check(z.regex(/^[A-Za-z0-9._-]{1,200}$/)),
  server_time: Instant,
});
export type SessionConsented = z.infer<typeof SessionConsented>;

/** Every reason to refuse, with the HTTP status it travels under. */
export const REFUSAL_STATUS = {
  bad_request: 400,
  bad_signature: 401,
  stale_timestamp: 401,
  wrong_account: 409,
  superseded: 409,
  in_progress: 409,
  token_spent: 410,
  configuration: 422,
  rate_limited: 429,
  unavailable: 503,
} as const;
export type RefusalReason = keyof typeof REFUSAL_STATUS;

export const SessionRefused = z.object({
  type: z.literal('session.refused'),
  id: z.string(),
  reason: z.enum(Object.keys(REFUSAL_STATUS) as [RefusalReason, ...RefusalReason[]]),
  message: z.optional(Words),
  server_time: Instant,
});
export type SessionRefused = z.infer<typeof SessionRefused>;

export const Answer = z.discriminatedUnion('type', [SessionReport, SessionApplied, SessionConsented, SessionRefused]);
export type Answer = z.infer<typeof Answer>;

/** The text that is signed: HMAC-SHA256 of it under the pairing secret, base64, behind `v1,`. `timestamp` is in seconds. */
export function signedText(id: string, timestamp: number | string, body: string): string {
  return `${id}.${timestamp}.${body}`;
}

/** The text whose HMAC names a delivery: the same token by any channel, in any browser, has the same id. */
export function deliveryText(account: string, broker: BrokerId, token: string): string {
  return ['id', account, broker, token].join('\0');
}

/** A delivery's id from the HMAC-SHA256 of {@link deliveryText} under the pairing secret: `ob_` and 26 base32 letters. */
export function deliveryId(mac: Uint8Array): string {
  return `ob_${toBase32(mac).slice(0, 26)}`;
}

/** `AB1234` as `AB****`, the only form in which a user id leaves the receiver. */
export function maskUser(user: string): string {
  return user.slice(0, 2) + '*'.repeat(Math.max(user.length - 2, 2));
}
