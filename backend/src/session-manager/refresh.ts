import { brokers } from '../../../utils/domain/brokers/index.ts';
import type { BrokerId } from '../../../utils/domain/contract.ts';
import { SECOND } from '../../../utils/domain/time.ts';
import type { Log } from '../log.ts';
import type { BrokerClient } from '../session/client.ts';
import { type Enter, refusedWords } from '../session/entry.ts';
import { sameUser } from '../session/user.ts';
import type { Credentials } from '../store/credentials.ts';
import type { Sessions } from '../store/sessions.ts';
import { retryNetwork, type Sleep } from './retry.ts';

export type Refreshed = { ok: true } | { ok: false; loginNeeded: boolean; words: string };

export interface RefreshOptions {
  sessions: Sessions;
  clients: Record<BrokerId, BrokerClient | null>;
  credentials: Credentials;
  enter: Enter;
  sleep?: Sleep;
  log: Log;
  now(): number;
}

/** An impatient finger must not use up the broker's 100 calls a minute. */
const FRESH_MS = 10 * SECOND;
const LOGIN_NEEDED: Refreshed = { ok: false, loginNeeded: true, words: 'login needed' };

/**
 * Asks the broker whether the stored session still lives, and where it does not, whether the day's stored token opens
 * another. A session is never made without a person's login: what is left then is "login needed".
 */
export function createRefresh({ sessions, clients, credentials, enter, sleep, log, now }: RefreshOptions) {
  async function refresh(account: BrokerId): Promise<Refreshed> {
    const session = sessions.live(account, now());
    const api = session === null ? undefined : clients[account]?.open(session.accessToken);
    if (session === null || api === undefined) return reopen(account);
    const { state, verified_at: verifiedAt } = sessions.state(account, now());
    const isFresh = state === 'verified' && verifiedAt !== null && now() - Date.parse(verifiedAt) < FRESH_MS;
    if (isFresh) return { ok: true };
    const reply = await retryNetwork(() => api.verify(), sleep);
    if (reply.ok) {
      if (reply.value.user !== null && !sameUser(reply.value.user, session.user)) return LOGIN_NEEDED;
      sessions.find(session, { state: 'verified', at: now() });
      return { ok: true };
    }
    if (brokers[account].classify(reply.status, reply.body) !== 'auth-required')
      return { ok: false, loginNeeded: false, words: reply.words };
    sessions.find(session, { state: 'rejected', problem: reply.words });
    log({ event: 'session.rejected', account, generation: session.generation, by: 'profile' });
    return reopen(account);
  }

  async function reopen(account: BrokerId): Promise<Refreshed> {
    const token = account === 'icici' ? (credentials.get('breeze')?.sessionToken ?? null) : null;
    if (token === null) return LOGIN_NEEDED;
    const outcome = await enter(account, token);
    // A token that was applied before is only replayed: that opens nothing.
    if (outcome.ok) return sessions.live(account, now()) === null ? LOGIN_NEEDED : { ok: true };
    return outcome.reason === 'token_spent'
      ? LOGIN_NEEDED
      : { ok: false, loginNeeded: false, words: refusedWords(outcome) };
  }

  const running = new Map<BrokerId, Promise<Refreshed>>();
  /** Callers at the same time share one question to the broker. */
  return (account: BrokerId): Promise<Refreshed> => {
    const begun = running.get(account) ?? refresh(account).finally(() => running.delete(account));
    running.set(account, begun);
    return begun;
  };
}
