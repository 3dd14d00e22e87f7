import { z } from './schema.ts';

/** Everything that can go wrong between a captured token and a named acknowledgement, as closed codes. */
export const TroubleCode = z.enum([
  // nothing that could be read came back
  'unreachable',
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
  'outcome_unknown',
  'expired',
  'lost',
  'callback_silent',
  'callback_failed',
  'destination_changed',
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
  says: string;
}

const on = (then: Consequence['then'], mend: Mend, says: string, delivered = false): Consequence => ({
  then,
  delivered,
  mend,
  says,
});

export const CONSEQUENCES: Record<TroubleCode, Consequence> = {
  unreachable: on('retry', 'retry', 'Your backend does not answer. Is it running?'),
  timeout: on('retry', 'retry', 'Your backend did not answer within 15 seconds.'),
  redirected: on(
    'hold',
    'edit-destination',
    'Your backend answered with a redirect. The token was not sent on; enter the final address.',
  ),
  too_large: on('prove', 'test', 'The answer was too large to be your backend’s.'),
  html: on('prove', 'test', 'Something answered with a web page instead of your backend. Is the address right?'),
  not_contract: on('prove', 'test', 'The answer does not follow the delivery contract.'),
  other_id: on('prove', 'test', 'The answer does not name this delivery.'),
  wrong_signature: on('prove', 'edit-destination', 'The answer is not signed with your pairing secret. Pair again.'),
  http_client_error: on('hold', 'edit-destination', 'Your backend refused the request. Is the address right?'),
  http_server_error: on('retry', 'retry', 'Your backend failed on its side.'),
  http_busy: on('retry', 'retry', 'Your backend asks to wait.'),
  bad_request: on('hold', 'edit-destination', 'Your backend could not read the delivery.'),
  bad_signature: on('hold', 'edit-destination', 'Your backend does not accept the pairing secret. Pair again.'),
  stale_timestamp: on('retry', 'retry', 'The clocks of this computer and your backend differ too much.'),
  wrong_account: on('end', 'log-in', 'This login belongs to another account than the one paired.', true),
  superseded: on('end', 'none', 'A newer login was applied already.', true),
  in_progress: on('retry', 'none', 'Your backend is still exchanging this token.', true),
  token_spent: on('end', 'log-in', 'The broker says this token was used or has expired. Log in again.', true),
  configuration: on(
    'hold',
    'retry',
    'The broker refuses your backend’s API key or secret. Another login will not help; mend the key, then try again.',
    true,
  ),
  rate_limited: on('retry', 'retry', 'The broker asks your backend to wait.', true),
  unavailable: on('retry', 'retry', 'Your backend has the token, but cannot exchange it at the broker just now.', true),
  no_permission: on('retry', 'grant', 'The browser’s permission to send to your backend is missing.'),
  rule_failed: on('hold', 'edit-destination', 'Your backend answered, but not with what you set as success.'),
  outcome_unknown: on(
    'end',
    'log-in',
    'The answer was lost, so nobody knows whether the token was used. It is never sent twice; log in again.',
  ),
  expired: on('end', 'log-in', 'The token’s lifetime ended before your backend confirmed it.'),
  lost: on('end', 'log-in', 'The browser or the extension was restarted before your backend confirmed this login.'),
  callback_silent: on('end', 'log-in', 'Your backend’s own callback was not seen to answer. Is it running?'),
  callback_failed: on('end', 'log-in', 'Your backend’s own callback answered, but no session came of it.', true),
  destination_changed: on(
    'end',
    'log-in',
    'The destination was changed, so what was waiting for the old one was dropped.',
  ),
  unknown_account: on(
    'prove',
    'edit-destination',
    'Your backend knows no account of this name. Name the account here as the backend does.',
  ),
  no_key: on('hold', 'edit-destination', 'The pairing secret is missing in this browser. Pair again.'),
};
