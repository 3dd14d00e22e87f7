import { keyOf, say } from '../base/words.ts';

/** Where an account stands, in the order in which it needs a person. */
export const STATUSES = [
  'failed',
  'rejected',
  'unreachable',
  'expired',
  'never',
  'renew-now',
  'setup',
  'unverified',
  'due-soon',
  'suspect',
  'working',
  'accepted',
  'verified',
  'live',
  'paused',
] as const;
export type Status = (typeof STATUSES)[number];

/** What a status is called, what it means, and what to press. */
export function tellState(status: Status): { label: string; means: string; press: string } {
  const key = keyOf(status);
  return { label: say(`state_${key}`), means: say(`state_${key}_means`), press: say(`state_${key}_press`) };
}

/** The statuses in which a login is the thing to do. */
export function needsLogin(status: Status): boolean {
  return ['rejected', 'expired', 'never', 'renew-now', 'due-soon'].includes(status);
}
