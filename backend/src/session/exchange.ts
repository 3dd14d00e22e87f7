import { setTimeout as sleep } from 'node:timers/promises';
import { brokers } from '../../../utils/shared/brokers/index.ts';
import type { Companions, TokenKind } from '../../../utils/shared/contract.ts';
import { sessionExpiry } from '../../../utils/shared/expiry.ts';
import { MINUTE, SECOND } from '../../../utils/shared/time.ts';
import type { Exchange } from '../brokers/client.ts';
import type { Clients } from '../brokers/clients.ts';
import type { Account } from '../config/account.ts';
import { brokerOf } from '../config/account-name.ts';
import { insist } from '../config/insist.ts';
import type { Log } from '../log/log.ts';
import type { Attempt, Deliveries, FinalRefusal } from '../store/tables/deliveries.ts';
import type { NewSession, Session, Sessions } from '../store/tables/sessions.ts';
import { closing, passOver, takeBack } from './attempt.ts';
import { type Outcome, type Refusal, refuse } from './outcome.ts';
import { IN_PROGRESS, repeated } from './repeat.ts';
import { allowedUser, sameUser } from './user.ts';
import { accountOfUser } from './whose.ts';

const OLDER = 'a newer login is in use';
const TURN_POLL_MS = 50;
// Within the fifteen seconds that the sender waits for its answer, the broker's own seven counted.
const TURN_WAIT_MS = 7 * SECOND;
const RETRY_AFTER_SECONDS = { rate_limited: 30, unavailable: 5, configuration: undefined } as const;

export interface Exchanger {
  /** Every account of this backend. */
  accounts: readonly Account[];
  sessions: Sessions;
  deliveries: Deliveries;
  /** Writes the answer and the session, or neither: null when another process took this exchange for dead meanwhile. */
  apply(session: NewSession, attempt: Attempt): Promise<Session | null>;
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
  /** The further values of its redirect. */
  companions?: Companions;
  /** Decides which of two is the newer one. */
  capturedAt: number;
  /** From when the session's life is counted; null: from its exchange. */
  issuedAt: number | null;
  expectedUser: string | null;
}

/** Exchanges a token whose intent is in the journal, and writes the final answer together with the session. */
export async function exchange(
  deps: Exchanger,
  account: Account,
  attempt: Attempt,
  capture: Capture,
): Promise<Outcome> {
  const hindrance = await hindranceOf(deps, account, attempt, capture);
  return hindrance ?? closing(deps, attempt, () => ask(deps, account, attempt, capture));
}

/**
 * Why the broker is not asked now, or null. It has not seen the token, so nothing is remembered, whatever fails; except
 * that the token is older than the session, which stays true.
 */
export async function hindranceOf(
  deps: Exchanger,
  account: Account,
  attempt: Attempt,
  capture: Capture,
): Promise<Refusal | null> {
  let isSettled = false;
  try {
    if (!(await isMyTurn(deps, account, attempt.id))) return IN_PROGRESS;
    const older = await supersession(deps.sessions, account, capture);
    isSettled = true;
    if (older !== null) await passOver(deps, attempt, OLDER);
    return older;
  } finally {
    if (!isSettled) await takeBack(deps, attempt);
  }
}

async function ask(deps: Exchanger, account: Account, attempt: Attempt, capture: Capture): Promise<Outcome> {
  const { sessions, deliveries, log, now } = deps;
  const client = deps.clients[account.name];
  if (!client) throw new Error(`no client for ${account.name}`);

  const startedAt = now();
  const result = await client.exchange(capture.token, capture.companions);
  if (!result.ok && result.isUsedUp) {
    await insist(() => deliveries.finish(attempt, 'token_spent', result.words, now()));
    // Another login will not help before the key is mended; this token will not help after it.
    return refuse(result.reason === 'configuration' ? 'configuration' : 'token_spent', result.words);
  }
  const passing = result.ok ? null : passingReason(result, now() - capture.capturedAt);
  if (!result.ok && passing !== null) {
    // Nothing is known about the token, so nothing is remembered: the sender comes back with the same id, by itself or,
    // where the API key was refused, once a person has mended that.
    await takeBack(deps, attempt);
    return refuse(passing, result.words, RETRY_AFTER_SECONDS[passing]);
  }
  const refusal = await insist(() => refusalOf(result, deps, account, capture));
  if (refusal !== null) {
    await insist(() => deliveries.finish(attempt, refusal.reason, refusal.words, now()));
    return refuse(refusal.reason, refusal.words);
  }
  const session = result.ok ? await commit(deps, account, attempt, capture, result) : null;
  if (session === null) return lost(deps, attempt.id);
  log({ event: 'session.applied', account: account.name, generation: session.generation, ms: now() - startedAt });
  deps.applied(session);
  return {
    ok: true,
    type: 'session.applied',
    status: 'applied',
    session: await insist(() => sessions.state(account.name, now())),
  };
}

// A broker that is busy for longer than this has been called often enough.
const DOUBT_MS = 10 * MINUTE;

/** Why a refused exchange may come out otherwise at another time; null where the token is spent. `age` is the token's. */
function passingReason(
  { reason }: Extract<Exchange, { ok: false }>,
  age: number,
): 'configuration' | 'rate_limited' | 'unavailable' | null {
  if (reason === 'doubtful') return age < DOUBT_MS ? 'unavailable' : null;
  return reason === 'token_spent' ? null : reason;
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
  { accounts, sessions }: Pick<Exchanger, 'accounts' | 'sessions'>,
  account: Account,
  capture: Capture,
): Promise<{ reason: FinalRefusal; words: string } | null> {
  if (!result.ok) return { reason: 'token_spent', words: result.words };
  const allowed = allowedUser({
    configured: account.user,
    first: await sessions.pin(account.name),
    expected: capture.expectedUser,
  });
  if (allowed.ok && (allowed.user === null || (result.user !== null && sameUser(allowed.user, result.user))))
    return null;
  const whose = result.user === null ? null : await accountOfUser(result.user, account.name, { accounts, sessions });
  const user = whose === null ? 'another user' : `the user of ${whose}`;
  const words = `this login is of ${user}; ${account.userVariable} names the one this backend takes`;
  return { reason: 'wrong_account', words };
}

function commit(
  { apply, now }: Exchanger,
  account: Account,
  attempt: Attempt,
  capture: Capture,
  { user, accessToken, expiresAt: told }: Extract<Exchange, { ok: true }>,
): Promise<Session | null> {
  const exchangedAt = now();
  // The token is spent by now: a database that is away for a moment must not cost the login.
  const session: NewSession = {
    account: account.name,
    delivery: attempt.id,
    user,
    accessToken,
    dayToken: capture.kind === 'day' ? capture.token : null,
    capturedAt: capture.capturedAt,
    exchangedAt,
    expiresAt: Math.min(
      sessionExpiry(brokers[brokerOf(account.name)].session, Math.min(capture.issuedAt ?? exchangedAt, exchangedAt)),
      told ?? Number.POSITIVE_INFINITY,
    ),
  };
  return insist(() => apply(session, attempt));
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
  return current !== null && capture.capturedAt < current ? refuse('superseded', OLDER) : null;
}
