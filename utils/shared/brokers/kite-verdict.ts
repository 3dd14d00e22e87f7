import type { AuthVerdict } from './broker.ts';
import { saysAuthRequired, saysSessionEnded, textOf } from './verdict.ts';

/** What an answer of Kite, or of a backend that passes it on, says of the session. */
export function classifyKite(status: number, body: unknown): AuthVerdict {
  if (saysAuthRequired(body)) return 'auth-required';
  const errorType = textOf(body, 'error_type');
  // Kite's own answers have a type, and their text may quote an order: only an answer without one is read.
  if (errorType === '') return saysSessionEnded(body) ? 'auth-required' : 'unknown';
  if (errorType !== 'TokenException') return 'not-auth';
  const isChecksum = textOf(body, 'message').toLowerCase().includes('checksum');
  return status === 403 && !isChecksum ? 'auth-required' : 'not-auth';
}
