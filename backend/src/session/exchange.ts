import type { DatabaseSync } from 'node:sqlite';
import { brokers } from '../../../utils/domain/brokers/index.ts';
import type { SessionCaptured } from '../../../utils/domain/contract.ts';
import { sessionExpiry } from '../../../utils/domain/session.ts';
import type { Account } from '../config.ts';
import type { Log } from '../log.ts';
import { transaction } from '../store/database.ts';
import type { Deliveries, FinalRefusal } from '../store/deliveries.ts';
import type { Session, Sessions } from '../store/sessions.ts';
import type { BrokerClient } from './client.ts';
import { type Outcome, type Refusal, refuse } from './outcome.ts';
import { allowedUser, sameUser } from './user.ts';

export interface Exchanger {
  db: DatabaseSync;
  sessions: Sessions;
  deliveries: Deliveries;
  clients: Record<Account['name'], BrokerClient | null>;
  log: Log;
  now(): number;
  /** Called with each new session once it is committed. */
  applied(session: Session): void;
}

/** Exchanges a token whose intent is in the journal, and writes the final answer together with the session. */
export async function exchange(
  deps: Exchanger,
  account: Account,
  id: string,
  message: SessionCaptured,
): Promise<Outcome> {
  const { db, sessions, deliveries, log, now } = deps;
  const startedAt = now();
  const client = deps.clients[account.name];
  if (client === null) throw new Error(`no client for ${account.name}`);

  const older = supersession(sessions, account, message);
  if (older !== null) {
    deliveries.forget(id);
    return older;
  }
  const result = await client.exchange(message.token.value);
  if (!result.ok && (result.reason === 'rate_limited' || result.reason === 'unavailable')) {
    // Nothing is known about the token, so nothing is remembered: the sender comes back with the same id.
    deliveries.forget(id);
    return refuse(result.reason, result.words, result.reason === 'rate_limited' ? 30 : 5);
  }
  const final = (reason: FinalRefusal, words: string): Refusal => {
    deliveries.finish(id, reason, words, now());
    return refuse(reason, words);
  };
  if (!result.ok) return final(result.reason === 'configuration' ? 'configuration' : 'token_spent', result.words);

  const allowed = allowedUser({
    configured: account.user,
    first: sessions.pin(account.name),
    expected: message.expected_user,
  });
  if (!allowed.ok || (allowed.user !== null && !sameUser(allowed.user, result.user))) {
    return final(
      'wrong_account',
      `this login is of another user; ${account.userVariable} names the one this backend takes`,
    );
  }
  const exchangedAt = now();
  const session = transaction(db, () => {
    deliveries.finish(id, 'applied', null, exchangedAt);
    return sessions.put({
      account: account.name,
      delivery: id,
      user: result.user,
      accessToken: result.accessToken,
      capturedAt: Date.parse(message.captured_at),
      exchangedAt,
      expiresAt: expiry(account, message, exchangedAt),
    });
  });
  log({ event: 'session.applied', account: account.name, generation: session.generation, ms: exchangedAt - startedAt });
  deps.applied(session);
  return { ok: true, type: 'session.applied', status: 'applied', session: sessions.state(account.name, now()) };
}

/** A refusal when the account has a session from a newer capture than this one. */
export function supersession(sessions: Sessions, account: Account, message: SessionCaptured): Refusal | null {
  const current = sessions.capturedAt(account.name);
  return current !== null && Date.parse(message.captured_at) < current
    ? refuse('superseded', 'a newer login is in use')
    : null;
}

/** A day token is as old as its capture; a session made from a one-time code is as old as its exchange. */
function expiry({ name }: Account, message: SessionCaptured, exchangedAt: number): number {
  const issuedAt = message.token.kind === 'day' ? Math.min(Date.parse(message.captured_at), exchangedAt) : exchangedAt;
  return sessionExpiry(brokers[name].session, issuedAt);
}
