import { z } from '../../shared/schema.ts';
import { MINUTE } from '../../shared/time.ts';

/** How far two clocks may drift apart, or a moment lie in the future, before the clock counts as changed (CLK-02). */
export const JUMP_MS = MINUTE;
// The background looks at the clock every five minutes at least while it has anything to ask.
const LONGEST_GAP_MS = 7 * MINUTE;

/** When we last looked at the clock, and when it was last found to have been changed, or to have stood still in a sleep. */
export const ClockSeen = z.strictObject({ at: z.int(), jumpedAt: z.nullable(z.int()) });
export type ClockSeen = z.infer<typeof ClockSeen>;

/** Two readings in one life of the background: the wall clock, and a clock that nobody sets. */
export interface Reading {
  wall: number;
  steady: number;
}

/**
 * Looks at the clock: what it was when seen before (null: never), and the reading before this one in the same life of the
 * background, if any. A clock set back, set on, or a sleep in between makes `jumpedAt` this moment.
 */
export function lookAtClock(known: ClockSeen | null, before: Reading | null, reading: Reading): ClockSeen {
  const { wall: at, steady } = reading;
  const wasSetBack = known !== null && at < known.at - JUMP_MS;
  const hasGap = known !== null && at > known.at + LONGEST_GAP_MS;
  const drift = before === null ? 0 : at - before.wall - (steady - before.steady);
  const jumped = wasSetBack || hasGap || Math.abs(drift) > JUMP_MS;
  return { at, jumpedAt: jumped ? at : notAhead(known?.jumpedAt ?? null, at) };
}

/** A clock that is set back by a little puts the last change into the future, where every report would seem to be older. */
function notAhead(jumpedAt: number | null, at: number): number | null {
  return jumpedAt === null ? null : Math.min(jumpedAt, at);
}
