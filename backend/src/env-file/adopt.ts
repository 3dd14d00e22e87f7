import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { brokers } from '../../../utils/domain/brokers/index.ts';
import { sessionExpiry } from '../../../utils/domain/session.ts';
import type { Log } from '../log.ts';
import type { BrokerClient } from '../session/client.ts';
import { deliveryIdOf } from '../session/sign.ts';
import { allowedUser, sameUser } from '../session/user.ts';
import type { Signer } from '../session/verify-request.ts';
import { retryNetwork } from '../session-manager/retry.ts';
import { transaction } from '../store/database.ts';
import type { Deliveries } from '../store/deliveries.ts';
import type { Session, Sessions } from '../store/sessions.ts';

/** `known`: it is the present session, or was seen before; `unavailable`: the broker could not be asked. */
export type TakenUp = 'applied' | 'known' | 'refused' | 'unavailable';

export interface Adopter {
  db: DatabaseSync;
  sessions: Sessions;
  deliveries: Deliveries;
  applied(session: Session): void;
  log: Log;
  now(): number;
}

/**
 * Takes a live access token up that another program got by its own login. The broker is asked whose it is; the journal
 * remembers the answer, so that a token that is known, or was refused, is asked about once.
 */
export async function adopt(
  deps: Adopter,
  { account, secrets }: Signer,
  client: BrokerClient,
  token: string,
): Promise<TakenUp> {
  const { db, sessions, deliveries, applied, log, now } = deps;
  const { name } = account;
  const startedAt = now();
  const id = deliveryIdOf(secrets[0] ?? '', name, name, token);
  if (sessions.live(name, startedAt)?.accessToken === token) return 'known';
  if (deliveries.find(name, id, token) !== null) return 'known';
  const reply = await retryNetwork(() => client.open(token).verify(), sleep);
  const begin = () => deliveries.begin({ id, account: name, kind: 'day', token, capturedAt: startedAt }, now());
  const refuse = (reason: 'token_spent' | 'wrong_account', words: string): TakenUp =>
    transaction(db, () => {
      if (begin()) deliveries.finish(id, reason, words, now());
      return 'refused';
    });
  if (!reply.ok)
    return brokers[name].classify(reply.status, reply.body) === 'auth-required'
      ? refuse('token_spent', reply.words)
      : 'unavailable';

  const { user } = reply.value;
  if (user === null) return 'unavailable';
  const allowed = allowedUser({ configured: account.user, first: sessions.pin(name), expected: null });
  if (!allowed.ok || (allowed.user !== null && !sameUser(allowed.user, user)))
    return refuse(
      'wrong_account',
      `this token is of another user; ${account.userVariable} names the one it must be of`,
    );
  const exchangedAt = now();
  const session = transaction(db, () => {
    if (!begin()) return null;
    deliveries.finish(id, 'applied', null, exchangedAt);
    const expiresAt = sessionExpiry(brokers[name].session, exchangedAt);
    return sessions.put({
      account: name,
      delivery: id,
      user,
      accessToken: token,
      capturedAt: startedAt,
      exchangedAt,
      expiresAt,
    });
  });
  if (session === null) return 'known';
  log({ event: 'session.applied', account: name, generation: session.generation, ms: exchangedAt - startedAt });
  applied(session);
  return 'applied';
}
