import { brokers } from '../../../utils/shared/brokers/index.ts';
import { sessionExpiry } from '../../../utils/shared/expiry.ts';
import { verdictOf } from '../brokers/verdict.ts';
import type { Account } from '../config/account.ts';
import { brokerOf } from '../config/account-name.ts';
import { tokenHash } from '../store/encryption.ts';
import type { Attempt } from '../store/tables/deliveries.ts';
import { begin, closing, takeBack } from './attempt.ts';
import { type Exchanger, exchange, hindranceOf } from './exchange.ts';
import type { Refusal } from './outcome.ts';
import { allowedUser, sameUser } from './user.ts';

/** `known`: it is the present session, or was seen before; `unavailable`: the broker could not be asked, or is being asked. */
export type TakenUp = 'applied' | 'known' | 'refused' | 'unavailable';

/**
 * Takes a token up that the environment names, each time that what it gives is called: Breeze's `apisession` is exchanged,
 * Kite's access token is shown to the broker. It becomes the session when it was never seen before, or when no session
 * lives: else the stored one is newer.
 */
export function takeUp(deps: Exchanger, key: Buffer, account: Account, token: string): () => Promise<TakenUp> {
  // Its age is not known: it must not make a login that is still on its way look like an older one, and a login that
  // comes before it is tried again is newer than it.
  let capturedAt: number | null = null;
  return async () => {
    capturedAt ??= (await deps.sessions.capturedAt(account.name)) ?? 0;
    return takeUpOne(deps, key, account, token, capturedAt);
  };
}

async function takeUpOne(
  deps: Exchanger,
  key: Buffer,
  account: Account,
  token: string,
  capturedAt: number,
): Promise<TakenUp> {
  const { sessions, deliveries, now } = deps;
  if ((await sessions.live(account.name, now()))?.accessToken === token) return 'known';
  const id = `env_${tokenHash(key, account.name, token).slice(0, 26)}`;
  const before = await deliveries.find(account.name, id, token);
  // Whoever began it may have died since: how it ended is known a lease later.
  if (before?.outcome === 'running') return 'unavailable';
  if (before !== null && (await sessions.live(account.name, now())) !== null) return 'known';
  const attempt = await begin(deps, { id, account: account.name, kind: 'day', token, capturedAt }, before);
  if (attempt === null) return 'unavailable';
  const capture = { kind: 'day', token, capturedAt, issuedAt: null, expectedUser: null } as const;
  if (brokers[brokerOf(account.name)].token.kind === 'day') {
    const outcome = await exchange(deps, account, attempt, capture);
    return outcome.ok ? 'applied' : toldOf(outcome);
  }
  // A login that is being exchanged goes first: its session is the newer one.
  const hindrance = await hindranceOf(deps, account, attempt, capture);
  if (hindrance !== null) return toldOf(hindrance);
  return closing(deps, attempt, () => adopt(deps, account, attempt, token, capturedAt));
}

function toldOf({ reason }: Refusal): TakenUp {
  return reason === 'unavailable' || reason === 'rate_limited' || reason === 'in_progress' ? 'unavailable' : 'refused';
}

/** An access token needs no exchange: the profile says whether it lives and whose it is. */
async function adopt(
  deps: Exchanger,
  account: Account,
  attempt: Attempt,
  accessToken: string,
  capturedAt: number,
): Promise<TakenUp> {
  const { apply, sessions, deliveries, clients, log, now } = deps;
  const startedAt = now();
  const first = await sessions.pin(account.name);
  // Some brokers answer for a named user alone, and call any other's session expired.
  const reply = await clients[account.name]?.open(accessToken, null, account.user ?? first).verify();
  const isUnnamed = reply?.ok === true && reply.value.user === null && brokers[brokerOf(account.name)].namesUser;
  if (reply === undefined || !reply.ok || isUnnamed) {
    const isRefused = reply !== undefined && !reply.ok && verdictOf(account.name, reply, now()) === 'ended';
    if (isRefused) await deliveries.finish(attempt, 'token_spent', 'the broker refuses this access token', now());
    else await takeBack(deps, attempt);
    return isRefused ? 'refused' : 'unavailable';
  }
  const { user } = reply.value;
  const allowed = allowedUser({ configured: account.user, first, expected: null });
  if (!allowed.ok || (allowed.user !== null && (user === null || !sameUser(allowed.user, user)))) {
    await deliveries.finish(attempt, 'wrong_account', 'this access token is of another user', now());
    return 'refused';
  }
  const at = now();
  const expiresAt = sessionExpiry(brokers[brokerOf(account.name)].session, at);
  const times = { capturedAt, exchangedAt: at, expiresAt };
  const session = await apply({ account: account.name, delivery: attempt.id, user, accessToken, ...times }, attempt);
  if (session === null) return 'known';
  log({ event: 'session.applied', account: account.name, generation: session.generation, ms: at - startedAt });
  deps.applied(session);
  return 'applied';
}
