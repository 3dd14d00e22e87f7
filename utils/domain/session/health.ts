import type { FeedState, SessionState } from '../../shared/contract.ts';
import { MINUTE, SECOND } from '../../shared/time.ts';
import { fnv1a } from '../base/checksum.ts';
import type { Exchange } from '../base/moments.ts';
import { JUMP_MS } from './clock-jump.ts';

/** Every destination that can tell is asked this often. */
export const HEALTH_MS = 5 * MINUTE;
const JITTER_MS = 30 * SECOND;
/** Two checks and a bit: a proof older than this is no longer one. */
const STALE_MS = 2 * HEALTH_MS + MINUTE;

/** When a settled session is asked about again: later by up to half a minute, so that no two browsers keep step. */
export function healthDue(destination: string, now: number): number {
  return now + HEALTH_MS + (fnv1a(`${destination}#${Math.floor(now / HEALTH_MS)}`) % JITTER_MS);
}

/** True when a report says nothing of now: too old, from the future, or asked for before the clock was changed. */
export function isDoubted({ at, sentAt }: Exchange, now: number, jumpedAt: number | null): boolean {
  return now - at > STALE_MS || at > now + JUMP_MS || (jumpedAt !== null && (sentAt ?? at) < jumpedAt);
}

/** What is really known of a session: proven alive, proven over, or neither, with the age of what was last heard. */
export type Truth = 'verified' | 'contradicted' | 'unknown';

export function truthOf({ state }: SessionState, isInDoubt: boolean): Truth {
  if (state === 'rejected' || state === 'expired' || state === 'none') return 'contradicted';
  return state === 'verified' && !isInDoubt ? 'verified' : 'unknown';
}

/** The name of the stand-in that a feed serves instead of the broker's data, or null: every such source says so in its name. */
export function fallbackOf(feed: FeedState | undefined): string | null {
  const source = feed?.source ?? null;
  return source !== null && /fallback|yahoo|delayed|demo|mock/i.test(source) ? source : null;
}

/** The clock difference in whole minutes, from one minute on: positive when the backend is ahead. */
export function skewMinutes(skewMs: number): number {
  return Math.trunc(skewMs / MINUTE);
}
