import { brokers } from '../../../utils/shared/brokers/index.ts';
import {
  type BrokerId,
  type Companions,
  MAX_CLOCK_SKEW_MS,
  Request,
  type SessionCaptured,
  type SessionConsent,
} from '../../../utils/shared/contract.ts';
import { check } from '../../../utils/shared/schema.ts';
import type { Account } from '../config/account.ts';
import { brokerOf } from '../config/account-name.ts';
import { describe } from '../config/problems.ts';
import type { Delivery } from '../store/tables/deliveries.ts';
import { begin } from './attempt.ts';
import { type Capture, type Exchanger, exchange, supersession } from './exchange.ts';
import { type Outcome, type Refusal, refuse } from './outcome.ts';
import { IN_PROGRESS, repeated } from './repeat.ts';
import { type Reporter, report } from './report.ts';
import { deliveryIdOf } from './sign.ts';
import { allowedUser } from './user.ts';

/** A request whose signature holds, with the account and the secret it was signed for. */
export interface Received {
  id: string;
  account: Account;
  secret: string;
  body: unknown;
  /** Aborted when whoever asked is gone. */
  gone?: AbortSignal;
}

/** Everything that happens to a correctly signed request. */
export function createReceiver(deps: Exchanger & Reporter) {
  const { sessions, deliveries, log, now } = deps;

  async function captured({ id, account, secret }: Received, message: SessionCaptured): Promise<Outcome> {
    const refusal =
      mismatch(account, message) ??
      malformed(message, now()) ??
      foreignId(id, secret, message) ??
      unnamedUser(message) ??
      (await foreignUser(account, message));
    if (refusal !== null) return refusal;
    if (message.dry_run === true) {
      log({ event: 'session.dry_run', account: account.name });
      const session = await sessions.state(account.name, now());
      return { ok: true, type: 'session.applied', status: 'dry_run', session };
    }
    const before = await deliveries.find(account.name, id, message.token.value);
    const another = before === null ? null : anotherCompanion(before, message);
    if (another !== null) return another;
    if (before !== null && !(await isNewLogin(before, message))) return repeat(before);
    const capture = captureOf(message);
    const older = await supersession(sessions, account, capture);
    if (older !== null) return older;
    const { kind, token, companions, capturedAt } = capture;
    const attempt = await begin(deps, { id, account: account.name, kind, token, companions, capturedAt }, before);
    return attempt === null ? IN_PROGRESS : exchange(deps, account, attempt, capture);
  }

  /** A consent is made for each press of *Log in*; nothing of it is kept. */
  async function consent(account: Account, message: SessionConsent): Promise<Outcome> {
    const client = message.broker === brokerOf(account.name) ? deps.clients[account.name] : undefined;
    if (!client?.consent) return refuse('bad_request', 'this account begins its logins without a consent');
    const made = await client.consent();
    return made.ok ? { ok: true, type: 'session.consented', consent: made.consent } : refuse(made.reason, made.words);
  }

  /** The id tells the token alone: what came with it must be what came with it before. */
  function anotherCompanion({ with_hash: known }: Delivery, { account, token }: SessionCaptured): Refusal | null {
    if (known === deliveries.companionsHash(account, token.with)) return null;
    return refuse('bad_request', 'token.with is another one than this delivery had before');
  }

  async function repeat(before: Delivery): Promise<Outcome> {
    const outcome = await repeated(before, sessions, now());
    if (outcome.ok) log({ event: 'session.replayed', account: before.account });
    return outcome;
  }

  /**
   * A broker gives the same day token to a second login: worth an exchange when the first one's session is not alive. A
   * token that was older than the session may be the newer one by a later login.
   */
  async function isNewLogin(
    { account, kind, outcome, captured_at }: Delivery,
    message: SessionCaptured,
  ): Promise<boolean> {
    const isLater = Date.parse(message.captured_at) > captured_at;
    if (outcome === 'running' || !isLater) return false;
    return outcome === 'superseded' || (kind === 'day' && (await sessions.live(account, now())) === null);
  }

  async function foreignUser(account: Account, message: SessionCaptured): Promise<Refusal | null> {
    const pins = { configured: account.user, first: await sessions.pin(account.name), expected: message.expected_user };
    return allowedUser(pins).ok
      ? null
      : refuse('wrong_account', `this backend is for another user; ${account.userVariable} names the one it takes`);
  }

  return async (received: Received): Promise<Outcome> => {
    const message = check(Request, received.body, 'request');
    if (!message.ok) return refuse('bad_request', describe(message.problems));
    if (message.value.account !== received.account.name) return NOT_THIS_PAIRING;
    if (message.value.type === 'session.check') {
      return report(deps, received.account, message.value.wait, received.gone);
    }
    if (message.value.type === 'session.consent') return consent(received.account, message.value);
    return captured(received, message.value);
  };
}

const NOT_THIS_PAIRING = refuse('wrong_account', 'this pairing is for another account');

/** A day token is as old as its capture; a session made from a one-time code is as old as its exchange. */
function captureOf({ token, captured_at, expected_user }: SessionCaptured): Capture {
  const capturedAt = Date.parse(captured_at);
  const issuedAt = token.kind === 'day' ? capturedAt : null;
  return {
    kind: token.kind,
    token: token.value,
    companions: token.with,
    capturedAt,
    issuedAt,
    expectedUser: expected_user,
  };
}

function mismatch(account: Account, message: SessionCaptured): Refusal | null {
  return message.broker === brokerOf(account.name) ? null : NOT_THIS_PAIRING;
}

function malformed({ broker, token, captured_at, dry_run }: SessionCaptured, now: number): Refusal | null {
  const expected = brokers[broker].token;
  if (token.kind !== expected.kind) return refuse('bad_request', `token.kind must be "${expected.kind}"`);
  if (!expected.pattern.test(token.value))
    return refuse('bad_request', `token.value is no token of ${brokers[broker].name}`);
  // A made-up token brings nothing beside it.
  const wrong = dry_run === true ? null : wrongCompanion(broker, token.with ?? {});
  if (wrong !== null) return refuse('bad_request', wrong);
  if (Date.parse(captured_at) > now + MAX_CLOCK_SKEW_MS)
    return refuse('stale_timestamp', 'captured_at lies ahead of this clock: one of the two is wrong');
  return null;
}

/** A pin that nobody could hold a login against is refused before the token is spent. */
function unnamedUser({ broker, expected_user }: SessionCaptured): Refusal | null {
  const { name, namesUser } = brokers[broker];
  if (namesUser || expected_user === null) return null;
  return refuse('configuration', `${name} names no user, so expected_user cannot be compared: leave it out`);
}

/** What is wrong with the further values of a redirect, by name; null where each one is there and nothing else. */
function wrongCompanion(broker: BrokerId, given: Companions): string | null {
  const { name: shown, companions } = brokers[broker];
  for (const { name, pattern } of companions) {
    const value = given[name];
    if (value === undefined) return `token.with.${name} is missing`;
    if (!pattern.test(value)) return `token.with.${name} is none of ${shown}`;
  }
  const isForeign = Object.keys(given).some((name) => !companions.some((one) => one.name === name));
  return isForeign ? `token.with holds what ${shown} does not send` : null;
}

function foreignId(id: string, secret: string, { account, broker, token }: SessionCaptured): Refusal | null {
  const own = deliveryIdOf(secret, account, broker satisfies BrokerId, token.value);
  return own === id ? null : refuse('bad_request', 'webhook-id must be the id of this account, broker and token');
}
