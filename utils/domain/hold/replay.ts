import { type Calendar, type MarketId, NSE_FO } from '../../shared/market.ts';
import { MINUTE, SECOND } from '../../shared/time.ts';
import { hasTradingEnded } from '../../shared/trading-session.ts';
import { say } from '../base/words.ts';
import type { Effect } from '../dashboards/effect.ts';

/** A moment by two clocks: the wall's, which a person can set, and one that only ever runs forward, but may stand still in sleep. Both in ms. */
export interface Moment {
  wall: number;
  steady: number;
}

export interface Limits {
  readLimitMs: number;
  actLimitMs: number;
  /** The market in the settings and the person's own days; absent: NSE's F&O. */
  calendar?: Calendar | undefined;
}

/** The age of a request by the clock that makes it older; `isSure` is false where the wall clock was set back meanwhile. */
export interface Age {
  ms: number;
  isSure: boolean;
}

// Two readings of one moment differ by the time between them.
const CLOCK_TOLERANCE_MS = 2 * SECOND;

export function ageOf(sent: Moment, now: Moment): Age {
  const wall = now.wall - sent.wall;
  const steady = now.steady - sent.steady;
  return { ms: Math.max(wall, steady, 0), isSure: wall >= steady - CLOCK_TOLERANCE_MS };
}

/**
 * What may become of a held request once the session lives again: sent by itself, sent on a person's click, or given up.
 * What may act never goes out by itself, and not at all past its limit, after a trading session has ended since, or
 * where its age cannot be known.
 */
export type Replay = 'by-itself' | 'on-click' | 'too-old';

export function replayOf(effect: Effect, sent: Moment, now: Moment, limits: Limits, market?: MarketId): Replay {
  const age = ageOf(sent, now);
  if (effect === 'read') {
    if (age.ms > limits.readLimitMs) return 'too-old';
    return age.isSure ? 'by-itself' : 'on-click';
  }
  const known = limits.calendar ?? NSE_FO;
  // An order is judged by its own market's hours.
  const calendar = market === undefined ? known : { ...known, market };
  const isOver = age.ms > limits.actLimitMs || !age.isSure || hasTradingEnded(now.wall - age.ms, now.wall, calendar);
  return isOver ? 'too-old' : 'on-click';
}

// A backend's clock is known to a fraction of its answer's time, and nobody logs in that fast.
const SKEW_MS = 250;

/** True where the session that lives now began after these requests were sent. Both in epoch ms by the clock as it is now. */
export function isRenewed(session: number | null, since: number): boolean {
  return session !== null && session > since + SKEW_MS;
}

/** `a moment old`, `42 s old`, `12 min old`. */
export function inWords({ ms, isSure }: Age): string {
  if (!isSure) return say('age_unknown');
  if (ms < 3 * SECOND) return say('age_moment');
  return ms < 2 * MINUTE ? say('age_seconds', Math.floor(ms / SECOND)) : say('age_minutes', Math.floor(ms / MINUTE));
}
