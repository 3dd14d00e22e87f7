import { setTimeout as sleep } from 'node:timers/promises';
import { brokers } from '../../../utils/domain/brokers/index.ts';
import type { TokenKind } from '../../../utils/domain/contract.ts';
import { sessionExpiry } from '../../../utils/domain/session.ts';
import { SECOND } from '../../../utils/domain/time.ts';
import type { Account } from '../config.ts';
import { insist } from '../insist.ts';
import type { Log } from '../log.ts';
import type { Deliveries, Delivery, FinalRefusal, NewDelivery } from '../store/deliveries.ts';
import type { NewSession, Session, Sessions } from '../store/sessions.ts';
import type { Exchange } from './client.ts';
import type { Clients } from './clients.ts';
import { type Outcome, type Refusal, refuse } from './outcome.ts';
import { IN_PROGRESS, repeated } from './repeat.ts';
import { allowedUser, sameUser } from './user.ts';

const TURN_POLL_MS = 50;
// Within the fifteen seconds that the sender waits for its answer, the broker's own seven counted.
const TURN_WAIT_MS = 7 * SECOND;

export interface Exchanger {
  sessions: Sessions;
  deliveries: Deliveries;
  /** Writes the answer and the session, or neither: null when another process took this exchange for dead meanwhile. */
  apply(session: NewSession): Promise<Session | null>;
  clients: Clients;
  log: Log;
  now(): number;
  /** Called with each new session once it is committed. */
  applied(session: Session): void;
}

/** A token to exchange; times are epoch ms. */
export interface Capture {
  kind: TokenKind;
  token: string;
  /** Decides which of two is the newer one. */
  capturedAt: number;
  /** From when the session's life is counted; null: from its exchange. */
  issuedAt: number | null;
  expectedUser: string | null;
}

/** Exchanges a token whose intent is in the journal, and writes the final answer together with the session. */
export async function exchange(deps: Exchanger, account: Account, id: string, capture: Capture): Promise<Outcome> {
  const { sessions, deliveries, log, now } = deps;
  const client = deps.clients[account.name];
  if (client === null) throw new Error(`no client for ${account.name}`);

  if (!(await isMyTurn(deps, account, id))) {
    await deliveries.forget(id);
    return IN_PROGRESS;
  }
  const older = await supersession(sessions, account, capture);
  if (older !== null) {
    await deliveries.forget(id);
    return older;
  }
  const startedAt = now();
  const result = await client.exchange(capture.token);
  if (!result.ok && (result.reason === 'rate_limited' || result.reason === 'unavailable')) {
    // Nothing is known about the token, so nothing is remembered: the sender comes back with the same id.
    await deliveries.forget(id);
    return refuse(result.reason, result.words, result.reason === 'rate_limited' ? 30 : 5);
  }
  const refusal = await insist(() => refusalOf(result, sessions, account, capture));
  if (refusal !== null) {
    await insist(() => deliveries.finish(id, refusal.reason, refusal.words, now()));
    return refuse(refusal.reason, refusal.words);
  }
  const session = result.ok ? await commit(deps, account, id, capture, result) : null;
  if (session === null) return lost(deps, id);
  log({ event: 'session.applied', account: account.name, generation: session.generation, ms: now() - startedAt });
  deps.applied(session);
  return {
    ok: true,
    type: 'session.applied',
    status: 'applied',
    session: await insist(() => sessions.state(account.name, now())),
  };
}

/** Writes the intent down, in the place of what was answered `before`; false when another request did so first. */
export async function begin(
  { deliveries, now }: Exchanger,
  delivery: NewDelivery,
  before: Delivery | null,
): Promise<boolean> {
  const at = now();
  try {
    return await deliveries.begin(delivery, at, before);
  } catch (error) {
    void insist(() => deliveries.withdraw(delivery.id, at), Number.POSITIVE_INFINITY);
    throw error;
  }
}

/**
 * Closes the journal's entry where the exchange threw, however long the store is away: while it stands open, the account
 * takes no other token.
 */
export async function closing<T>(
  { deliveries, now }: Pick<Exchanger, 'deliveries' | 'now'>,
  { id, kind }: { id: string; kind: TokenKind },
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    void insist(() => deliveries.interrupt(id, kind, now()), Number.POSITIVE_INFINITY);
    throw error;
  }
}

/** Tokens of one account are exchanged one after the other, whichever process got them: the last exchange is the one that lives. */
async function isMyTurn({ deliveries, now }: Exchanger, { name }: Account, id: string): Promise<boolean> {
  const until = now() + TURN_WAIT_MS;
  while (!(await deliveries.isFirst(name, id, now()))) {
    if (now() > until) return false;
    await sleep(TURN_POLL_MS);
  }
  return true;
}

async function refusalOf(
  result: Exchange,
  sessions: Sessions,
  account: Account,
  capture: Capture,
): Promise<{ reason: FinalRefusal; words: string } | null> {
  if (!result.ok)
    return { reason: result.reason === 'configuration' ? 'configuration' : 'token_spent', words: result.words };
  const allowed = allowedUser({
    configured: account.user,
    first: await sessions.pin(account.name),
    expected: capture.expectedUser,
  });
  if (allowed.ok && (allowed.user === null || sameUser(allowed.user, result.user))) return null;
  const words = `this login is of another user; ${account.userVariable} names the one this backend takes`;
  return { reason: 'wrong_account', words };
}

function commit(
  { apply, now }: Exchanger,
  account: Account,
  id: string,
  capture: Capture,
  { user, accessToken }: Extract<Exchange, { ok: true }>,
): Promise<Session | null> {
  const exchangedAt = now();
  // The token is spent by now: a database that is away for a moment must not cost the login.
  return insist(() =>
    apply({
      account: account.name,
      delivery: id,
      user,
      accessToken,
      dayToken: capture.kind === 'day' ? capture.token : null,
      capturedAt: capture.capturedAt,
      exchangedAt,
      expiresAt: sessionExpiry(brokers[account.name].session, Math.min(capture.issuedAt ?? exchangedAt, exchangedAt)),
    }),
  );
}

async function lost({ deliveries, sessions, now }: Exchanger, id: string): Promise<Outcome> {
  const delivery = await deliveries.read(id);
  return delivery === null ? IN_PROGRESS : repeated(delivery, sessions, now());
}

/** A refusal when the account has a session from a newer capture than this one. */
export async function supersession(
  sessions: Sessions,
  account: Account,
  capture: Pick<Capture, 'capturedAt'>,
): Promise<Refusal | null> {
  const current = await sessions.capturedAt(account.name);
  return current !== null && capture.capturedAt < current ? refuse('superseded', 'a newer login is in use') : null;
}
