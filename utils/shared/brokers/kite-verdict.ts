import type { AuthVerdict } from './broker.ts';
import { passesEndedSessionOn } from './passed-on.ts';
import { saysAuthRequired, textOf } from './verdict.ts';

/** What an answer of Kite, or of a backend that passes it on at whatever status, says of the session. */
export function classifyKite(status: number, body: unknown): AuthVerdict {
  if (saysAuthRequired(body) || passesEndedSessionOn(status, body)) return 'auth-required';
  return textOf(body, 'error_type') === '' ? 'unknown' : 'not-auth';
}
