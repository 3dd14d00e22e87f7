import type { AuthVerdict } from './broker.ts';
import { isBreezeEnded, passesEndedSessionOn } from './passed-on.ts';
import { saysAuthRequired, textOf } from './verdict.ts';

const NOT_AUTH = /^(?:limit exceed|public key does not exist|authentication fail :: invalid checksum)/i;

/** What an answer of Breeze, or of a backend that passes it on, says of the session. The HTTP status says nothing here: a rate limit was seen as 401, an ended session as 500. */
export function classifyBreeze(status: number, body: unknown): AuthVerdict {
  if (saysAuthRequired(body)) return 'auth-required';
  const error = textOf(body, 'Error');
  if (NOT_AUTH.test(error)) return 'not-auth';
  return isBreezeEnded(error) || passesEndedSessionOn(status, body) ? 'auth-required' : 'unknown';
}
