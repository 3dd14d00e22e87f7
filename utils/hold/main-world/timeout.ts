import { errorNameOf, getOf } from './natives.ts';

/** True for a reason that says that a time limit ran out: the browser's own, or one by the code that axios and Node's clients share. */
export function isTimeout(reason: unknown): boolean {
  if (typeof reason !== 'object' || reason === null) return false;
  return isNamedTimeout(reason) || isCodedTimeout(reason);
}

function isNamedTimeout(reason: object): boolean {
  try {
    return errorNameOf(reason as DOMException) === 'TimeoutError';
  } catch {
    return false;
  }
}

function isCodedTimeout(reason: object): boolean {
  try {
    return getOf(reason, 'code') === 'ETIMEDOUT';
  } catch {
    return false;
  }
}
