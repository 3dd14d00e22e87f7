import type { Broker } from '../../shared/brokers/broker.ts';
import { tokenExpiry } from '../../shared/brokers/token-life.ts';
import {
  BrokerId,
  CONTRACT_VERSION,
  type Companions,
  type Growth,
  SessionCaptured,
  TokenKind,
} from '../../shared/contract.ts';
import { check, parseJson, z } from '../../shared/schema.ts';
import { type Account, type Destination, Id } from '../accounts/settings.ts';
import { backoff } from '../base/backoff.ts';
import type { Outcome } from './answers.ts';
import { plainBody } from './plain.ts';
import { CONSEQUENCES, Trouble, type TroubleCode } from './trouble.ts';

/** How a token came to us; the popup says it. `observed`: it went to the backend's own callback, and we only saw it pass. */
export const Via = z.enum(['redirect', 'page', 'paste', 'observed']);
export type Via = z.infer<typeof Via>;

/** Names a delivery in the popup, the log and the backend; it says nothing of the token. */
export const DeliveryId = z.string().check(z.regex(/^ob_[a-z2-7]{26}$/));

/**
 * One captured token on its way to one destination: an entry of the outbox.
 * `waiting`: sent by itself when its time comes. `held`: waits for a person's click. `observed`: never sent, since the
 * backend's own callback takes it; it waits for the backend's report. `ended`: the body is gone.
 */
export const Delivery = z.strictObject({
  id: DeliveryId,
  account: Id,
  destination: Id,
  broker: BrokerId,
  kind: TokenKind,
  via: Via,
  capturedAt: z.int(),
  /** The destination's clock less ours, as it was last proven before the capture. */
  skewMs: z.optional(z.int()),
  expiresAt: z.int(),
  /** The request body, fixed at capture, or the callback's URL of an observed one; null once the delivery ended. It holds the token. */
  body: z.nullable(z.string()),
  state: z.enum(['waiting', 'held', 'observed', 'ended']),
  /** Whether the callback of an observed login answered, as far as the browser showed it. */
  callback: z.optional(z.strictObject({ answered: z.boolean(), at: z.int() })),
  failures: z.int(),
  nextAttemptAt: z.int(),
  /** Written before a call and cleared by its result; `worker` names the life of the background that sends. */
  sending: z.nullable(z.strictObject({ worker: z.string(), at: z.int() })),
  trouble: z.nullable(Trouble),
  endedAt: z.nullable(z.int()),
  end: z.nullable(z.enum(['applied', 'accepted', 'failed'])),
});
export type Delivery = z.infer<typeof Delivery>;

export interface Captured {
  id: string;
  account: Account;
  destination: Destination;
  broker: Broker;
  token: string;
  companions?: Companions;
  via: Via;
  now: number;
  /** The destination's clock less ours, where it proved it: the newest login wins, whoever's clock is fast. */
  skewMs?: number;
}

/** A new outbox entry for a captured token, due at once. */
export function newDelivery(captured: Captured): Delivery {
  const { id, account, destination, broker, via, now, skewMs } = captured;
  return {
    id,
    via,
    account: account.id,
    destination: destination.id,
    broker: account.broker,
    kind: broker.token.kind,
    capturedAt: now,
    skewMs,
    expiresAt: tokenExpiry(broker, now, captured.token),
    body: bodyOf(captured),
    state: 'waiting',
    failures: 0,
    nextAttemptAt: now,
    sending: null,
    trouble: null,
    endedAt: null,
    end: null,
  };
}

/** An entry for a login that the backend's own callback takes: its URL is kept to be opened again, should nobody answer. */
export function newObserved(seen: Pick<Captured, 'id' | 'account' | 'broker' | 'now' | 'skewMs'> & Observed): Delivery {
  const { id, account, broker, now, skewMs, destination, url } = seen;
  return {
    id,
    via: 'observed',
    account: account.id,
    // Without a destination nobody can be asked, and the account itself is all there is to name.
    destination: destination?.id ?? account.id,
    broker: account.broker,
    kind: broker.token.kind,
    capturedAt: now,
    skewMs,
    expiresAt: tokenExpiry(broker, now),
    body: url,
    state: 'observed',
    failures: 0,
    nextAttemptAt: now,
    sending: null,
    trouble: null,
    endedAt: null,
    end: null,
  };
}

interface Observed {
  destination: Destination | null;
  /** The callback's URL with the token, or null where it came in a form. */
  url: string | null;
}

/** An observed login after the browser saw its callback answer, or fail to. */
export function answeredBy(delivery: Delivery, answered: boolean, now: number): Delivery {
  return { ...delivery, callback: { answered, at: now } };
}

function bodyOf({ account, destination, broker, token, companions, now, skewMs = 0 }: Captured): string {
  if (destination.kind === 'plain') return plainBody(destination, token);
  const message: SessionCaptured = {
    version: CONTRACT_VERSION,
    type: 'session.captured',
    account: account.name,
    broker: account.broker,
    token: { kind: broker.token.kind, value: token, ...(companions ? { with: companions } : {}) },
    captured_at: new Date(now + skewMs).toISOString(),
    expires_at: new Date(tokenExpiry(broker, now, token) + skewMs).toISOString(),
    expected_user: account.expectedUser,
  };
  return JSON.stringify(message);
}

/** The bytes for a receiver: what it does not understand is left out, and then they are those of the first release. */
export function bodyFor({ body }: Pick<Delivery, 'body'>, understands: readonly string[]): string | null {
  if (body === null || understands.includes('token.with' satisfies Growth)) return body;
  const message = check(SessionCaptured, parseJson(body));
  if (!message.ok || message.value.token.with === undefined) return body;
  const { with: _companions, ...token } = message.value.token;
  return JSON.stringify({ ...message.value, token });
}

/** The entry after a call's outcome: total over every outcome there is. */
export function settleDelivery(delivery: Delivery, outcome: Outcome, isSigned: boolean, now: number): Delivery {
  const idle: Delivery = { ...delivery, sending: null };
  // Signed and named, but no acknowledgement: without a wait it would be sent again at once, and without end.
  const afterNoAnswer = () => afterTrouble(idle, { code: 'not_contract', at: now }, null, isSigned, now);
  switch (outcome.kind) {
    case 'applied':
      return outcome.answer.status === 'dry_run' ? afterNoAnswer() : end(idle, 'applied', null, now);
    case 'accepted':
      return end(idle, 'accepted', null, now);
    case 'reported':
      return afterNoAnswer();
    case 'trouble':
      return afterTrouble(idle, outcome.trouble, outcome.retryAfterMs, isSigned, now);
  }
}

function afterTrouble(
  delivery: Delivery,
  trouble: Trouble,
  retryAfterMs: number | null,
  isSigned: boolean,
  now: number,
): Delivery {
  if (!isSigned && delivery.kind === 'one-time' && mayHaveTaken(trouble.code)) {
    const code = trouble.code === 'rule_failed' ? trouble.code : 'outcome_unknown';
    return end(delivery, 'failed', { ...trouble, code }, now);
  }
  const { then } = CONSEQUENCES[trouble.code];
  if (then === 'end') return end(delivery, 'failed', trouble, now);
  if (then === 'hold') return { ...delivery, state: 'held', trouble };
  const failures = delivery.failures + 1;
  return {
    ...delivery,
    failures,
    trouble,
    state: 'waiting',
    nextAttemptAt: now + backoff(failures, delivery.id, retryAfterMs),
  };
}

/**
 * A plain destination does not know delivery ids, so a one-time token that it may have taken is never sent again.
 * A 429 and a 4xx say that it was not taken; everything that is no answer, a 5xx included, says nothing.
 */
function mayHaveTaken(code: TroubleCode): boolean {
  const refused: TroubleCode[] = ['http_busy', 'http_client_error', 'other_login', 'unnamed_refusal'];
  const untaken: TroubleCode[] = [...refused, 'certificate', 'no_permission', 'no_key', 'no_cookies', 'not_made'];
  return ![...untaken, 'logged_out', 'csrf_refused', 'no_tab'].includes(code);
}

/** Ends a delivery and drops its token. */
export function end(
  delivery: Delivery,
  how: NonNullable<Delivery['end']>,
  trouble: Trouble | null,
  now: number,
): Delivery {
  return { ...delivery, state: 'ended', end: how, body: null, sending: null, trouble, endedAt: now };
}

/** Ends a delivery for a reason of ours. */
export function fail(delivery: Delivery, code: TroubleCode, now: number): Delivery {
  return end(delivery, 'failed', { code, at: now }, now);
}
