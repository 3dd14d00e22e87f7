import { SECOND } from '../../../../utils/shared/time.ts';
import type { Clients } from '../../brokers/clients.ts';
import type { AccountName } from '../../config/account-name.ts';
import type { Log } from '../../log/log.ts';
import { type Enter, refusedWords } from '../../session/entry.ts';
import { recordCheck } from '../../session/findings.ts';
import { retryNetwork, type Sleep } from '../../session/retry.ts';
import type { Credentials } from '../../store/tables/credentials.ts';
import type { Sessions } from '../../store/tables/sessions.ts';

export type Refreshed = { ok: true } | { ok: false; loginNeeded: boolean; words: string };

export interface RefreshOptions {
  sessions: Sessions;
  clients: Clients;
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
  async function refresh(account: AccountName): Promise<Refreshed> {
    const session = await sessions.live(account, now());
    const api =
      session === null ? undefined : clients[account]?.open(session.accessToken, session.dayToken, session.user);
    if (session === null || api === undefined) return reopen(account);
    const { state, verified_at: verifiedAt } = await sessions.state(account, now());
    const isFresh = state === 'verified' && verifiedAt !== null && now() - Date.parse(verifiedAt) < FRESH_MS;
    if (isFresh) return { ok: true };
    const reply = await retryNetwork(() => api.verify(), sleep);
    const found = await recordCheck({ sessions, log, now }, session, reply);
    if (found === 'unsure') return { ok: false, loginNeeded: false, words: reply.ok ? '' : reply.words };
    return found === 'rejected' ? reopen(account) : { ok: true };
  }

  async function reopen(account: AccountName): Promise<Refreshed> {
    const token = await credentials.dayToken(account);
    if (token === null) return LOGIN_NEEDED;
    const outcome = await enter(account, token);
    // A token that was applied before is only replayed: that opens nothing.
    if (outcome.ok) return (await sessions.live(account, now())) === null ? LOGIN_NEEDED : { ok: true };
    return outcome.reason === 'token_spent'
      ? LOGIN_NEEDED
      : { ok: false, loginNeeded: false, words: refusedWords(outcome) };
  }

  const running = new Map<AccountName, Promise<Refreshed>>();
  /** Callers at the same time share one question to the broker. */
  return (account: AccountName): Promise<Refreshed> => {
    const begun = running.get(account) ?? refresh(account).finally(() => running.delete(account));
    running.set(account, begun);
    return begun;
  };
}
