import { errorNameOf, fieldOf } from './natives.ts';

/**
 * True for the reason of `AbortSignal.timeout`, and for an error by which a client says that its own time limit ran out. A
 * timer that gives no reason aborts like a person does, and cannot be told from one.
 */
export function isTimeout(reason: unknown): boolean {
  try {
    return errorNameOf(reason as DOMException) === 'TimeoutError';
  } catch {
    // It is no DOMException.
  }
  try {
    return isClients(reason);
  } catch {
    // A proxy of the page's own may throw whatever is asked of it.
    return false;
  }
}

// 2026-11: ofetch 1.5 gives an error of that name. axios 1.21 over fetch gives a code, and hears of a success alone.
// https://github.com/axios/axios/blob/v1.x/lib/helpers/composeSignals.js and https://github.com/unjs/ofetch
function isClients(reason: unknown): boolean {
  if (typeof reason !== 'object' || reason === null) return false;
  const code = fieldOf(reason, 'code')?.value;
  return code === 'ETIMEDOUT' || code === 'ECONNABORTED' || fieldOf(reason, 'name')?.value === 'TimeoutError';
}
