import type { AuthVerdict } from './broker.ts';
import { saysAuthRequired, saysSessionEnded, textOf } from './verdict.ts';

const RATE_LIMIT = /limit exceed/i;
const CONFIGURATION = /public key does not exist/i;
const ENDED = /^(resource not available|invalid session|session key is expired)/i;

/** What an answer of Breeze, or of a backend that passes it on, says of the session. The HTTP status says nothing here: a rate limit was seen as 401, an ended session as 500. */
export function classifyBreeze(_status: number, body: unknown): AuthVerdict {
  if (saysAuthRequired(body)) return 'auth-required';
  const error = textOf(body, 'Error');
  if (RATE_LIMIT.test(error) || CONFIGURATION.test(error)) return 'not-auth';
  return ENDED.test(error) || saysSessionEnded(body) ? 'auth-required' : 'unknown';
}
