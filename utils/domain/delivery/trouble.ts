import { z } from '../../shared/schema.ts';
import { say } from '../base/words.ts';

/** Everything that can go wrong between a captured token and a named acknowledgement, as closed codes. */
export const TroubleCode = z.enum([
  // nothing that could be read came back
  'unreachable',
  'certificate',
  'timeout',
  'redirected',
  'too_large',
  // something came back that is not this contract's answer
  'html',
  'not_contract',
  'other_id',
  'wrong_signature',
  'http_client_error',
  'http_server_error',
  'http_busy',
  // somebody refused who is not the receiver, or does not say so
  'other_login',
  'unnamed_refusal',
  // the receiver refused, by name
  'bad_request',
  'bad_signature',
  'stale_timestamp',
  'wrong_account',
  'superseded',
  'in_progress',
  'token_spent',
  'configuration',
  'rate_limited',
  'unavailable',
  // ours
  'no_permission',
  'rule_failed',
  'logged_out',
  'csrf_refused',
  'no_tab',
  'no_cookies',
  'not_made',
  'unforeseen',
  'outcome_unknown',
  'expired',
  'lost',
  'callback_silent',
  'callback_failed',
  // OpenAlgo
  'app_login_first',
  'app_no_key',
  'app_unproven',
  'destination_changed',
  'replaced',
  'no_key',
  'unknown_account',
]);
export type TroubleCode = z.infer<typeof TroubleCode>;

/** A code with what is safe to show: the receiver's own words as text, the HTTP status, the clock difference. */
export const Trouble = z.strictObject({
  code: TroubleCode,
  at: z.int(),
  status: z.optional(z.int()),
  words: z.optional(z.string().check(z.maxLength(200))),
  skewMs: z.optional(z.int()),
});
export type Trouble = z.infer<typeof Trouble>;

/** The button that mends a trouble. */
export type Mend = 'log-in' | 'retry' | 'reopen' | 'test' | 'edit-destination' | 'grant' | 'none';

/**
 * What follows from a trouble. `retry`: by itself, with backoff. `prove`: by itself, but the destination must prove
 * itself again before the token is sent. `hold`: kept to its lifetime for a person's click. `end`: the token is dropped.
 */
export interface Consequence {
  then: 'retry' | 'prove' | 'hold' | 'end';
  /** True when the receiver named the delivery: then it was delivered, and the exchange is what failed or waits. */
  delivered: boolean;
  mend: Mend;
}

const on = (then: Consequence['then'], mend: Mend, delivered = false): Consequence => ({ then, delivered, mend });

export const CONSEQUENCES: Record<TroubleCode, Consequence> = {
  unreachable: on('retry', 'retry'),
  certificate: on('retry', 'retry'),
  timeout: on('retry', 'retry'),
  redirected: on('hold', 'edit-destination'),
  too_large: on('prove', 'test'),
  html: on('prove', 'test'),
  not_contract: on('prove', 'test'),
  other_id: on('prove', 'test'),
  wrong_signature: on('prove', 'edit-destination'),
  http_client_error: on('hold', 'edit-destination'),
  http_server_error: on('retry', 'retry'),
  http_busy: on('retry', 'retry'),
  other_login: on('hold', 'retry'),
  unnamed_refusal: on('hold', 'edit-destination'),
  bad_request: on('hold', 'edit-destination'),
  bad_signature: on('hold', 'edit-destination'),
  stale_timestamp: on('retry', 'retry'),
  wrong_account: on('end', 'log-in', true),
  superseded: on('end', 'none', true),
  in_progress: on('retry', 'none', true),
  token_spent: on('end', 'log-in', true),
  configuration: on('hold', 'retry', true),
  rate_limited: on('retry', 'retry', true),
  unavailable: on('retry', 'retry', true),
  no_permission: on('retry', 'grant'),
  rule_failed: on('hold', 'edit-destination'),
  logged_out: on('hold', 'retry'),
  csrf_refused: on('hold', 'retry'),
  no_tab: on('hold', 'retry'),
  no_cookies: on('hold', 'retry'),
  not_made: on('retry', 'retry'),
  unforeseen: on('retry', 'retry'),
  outcome_unknown: on('end', 'log-in'),
  expired: on('end', 'log-in'),
  lost: on('end', 'log-in'),
  callback_silent: on('end', 'log-in'),
  callback_failed: on('end', 'log-in', true),
  app_login_first: on('end', 'log-in'),
  app_no_key: on('hold', 'retry'),
  app_unproven: on('hold', 'log-in'),
  destination_changed: on('end', 'log-in'),
  replaced: on('end', 'log-in'),
  unknown_account: on('prove', 'edit-destination'),
  no_key: on('hold', 'edit-destination'),
};

/** What happened, and what to do. */
export function tellTrouble(code: TroubleCode): string {
  return say(`trouble_${code}`);
}
