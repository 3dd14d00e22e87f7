import type { Status } from './status.ts';

/** What a person has to do about an account, told by shape and colour: nothing, a login, a repair, or nothing yet. */
export type Tone = 'well' | 'due' | 'wrong' | 'idle';

export const TONES: Readonly<Record<Status, Tone>> = {
  failed: 'wrong',
  rejected: 'wrong',
  unreachable: 'wrong',
  expired: 'due',
  never: 'due',
  'renew-now': 'due',
  setup: 'idle',
  unverified: 'idle',
  'due-soon': 'due',
  suspect: 'due',
  working: 'idle',
  accepted: 'idle',
  verified: 'well',
  live: 'well',
  paused: 'idle',
};
