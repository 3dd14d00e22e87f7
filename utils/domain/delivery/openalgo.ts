import type { SessionState } from '../../shared/contract.ts';
import { z } from '../../shared/schema.ts';
import { MINUTE } from '../../shared/time.ts';
import { check } from '../base/check.ts';
import type { Outcome, SentRequest } from './answers.ts';
import type { TroubleCode } from './trouble.ts';

// 2026-08, https://github.com/marketcalls/openalgo: its callbacks, its session-status and its funds.
export const FUNDS = '/api/v1/funds';
export const APP_LOGIN = '/auth/login';
/** With an old cookie its own pages end a session that died in the night. */
export const APP_HOME = '/dashboard';

/** One look at the funds is two or three calls at the broker. */
const FUNDS_EVERY_MS = 5 * MINUTE;

/** What OpenAlgo knows of its own session. `connected` is from its database, which may not have heard that a session died. */
export type AppSession = { is: 'no-login' | 'no-broker' | 'ended' } | { is: 'connected'; apiKey: string | null };

const Status = z.object({
  authenticated: z.optional(z.boolean()),
  logged_in: z.optional(z.boolean()),
  broker_session_expired: z.optional(z.boolean()),
  api_key: z.optional(z.nullable(z.string())),
});

/** Reads its session-status; null where it is none. The key is used for one call and kept nowhere. */
export function readAppSession(body: unknown): AppSession | null {
  const read = check(Status, body);
  if (!read.ok) return null;
  const { authenticated, logged_in: isLoggedIn, broker_session_expired: hasEnded, api_key: apiKey = null } = read.value;
  if (authenticated === undefined && isLoggedIn === undefined) return null;
  if (hasEnded === true) return { is: 'ended' };
  if (isLoggedIn === true) return { is: 'connected', apiKey };
  return { is: authenticated === true ? 'no-broker' : 'no-login' };
}

const Funds = z.object({ mode: z.optional(z.string()), data: z.record(z.string(), z.unknown()) });

/**
 * True where the funds come from a living session. Empty ones are a dead session's. Zeros are a dead one's at some brokers,
 * and the sandbox has funds of its own. Nothing else of the answer is read.
 */
export function hasLivingFunds(body: unknown): boolean {
  const read = check(Funds, body);
  if (!read.ok || read.value.mode === 'analyze') return false;
  return Object.values(read.value.data)
    .map(Number)
    .some((amount) => Number.isFinite(amount) && amount !== 0);
}

/** What the answer of its callback says by its address; null where it says nothing. Only the funds tell whether it is done. */
export function callbackSays(leadsTo: string | undefined, status: number | undefined): 'failed' | 'no_login' | null {
  if (leadsTo === undefined) return status !== undefined && status >= 400 ? 'failed' : null;
  if (leadsTo === '/auth/login' || leadsTo === '/login') return 'no_login';
  return leadsTo === '/auth/broker' || leadsTo === '/broker' ? 'failed' : null;
}

/** A session as OpenAlgo shows it, read at the moment of its answer. */
export function appReport(account: string, { id, at }: SentRequest, state: 'verified' | 'none' | 'expired'): Outcome {
  const server_time = new Date(at).toISOString();
  const session: SessionState = {
    state,
    delivery: null,
    user: null,
    exchanged_at: null,
    verified_at: state === 'verified' ? server_time : null,
    expires_at: null,
  };
  return { kind: 'reported', answer: { type: 'session.report', id, account, server_time, session } };
}

/** What a look at the funds came to: after a failed one the next waits as long as its brokers bear. */
export function atItsPace(outcome: Outcome): Outcome {
  if (outcome.kind !== 'trouble') return outcome;
  return { ...outcome, retryAfterMs: Math.max(outcome.retryAfterMs ?? 0, FUNDS_EVERY_MS) };
}

/** A look at it that proved nothing; the next one waits as long as its brokers bear. */
export function appTrouble(code: TroubleCode, { at }: Pick<SentRequest, 'at'>): Outcome {
  return { kind: 'trouble', trouble: { code, at }, retryAfterMs: FUNDS_EVERY_MS };
}

/** True for what OpenAlgo itself says, and not its absence. */
export function isOfApp(code: TroubleCode): boolean {
  return code === 'app_login_first' || code === 'app_no_key' || code === 'app_unproven';
}
