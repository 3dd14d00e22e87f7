import { errorNameOf } from './natives.ts';

/** True for the reason of `AbortSignal.timeout`. A timer of the page's own aborts like a person does, and cannot be told from one. */
export function isTimeout(reason: unknown): boolean {
  try {
    return errorNameOf(reason as DOMException) === 'TimeoutError';
  } catch {
    return false;
  }
}
