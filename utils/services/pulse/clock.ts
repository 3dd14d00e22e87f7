import { lookAtClock, type Reading } from '../../domain/session/clock-jump.ts';
import type { ClockState } from '../../domain/session/world.ts';
import { steadyNow } from '../../platform/runtime/steady.ts';
import { SECOND } from '../../shared/time.ts';
import { readClockSeen, readPreferences, writeClockSeen } from '../store/clock-store.ts';
import { log } from '../store/log.ts';

// A token should not wait for a disk, and a jump is worth naming from a minute on.
const WRITTEN_EVERY_MS = 30 * SECOND;

let before: Reading | null = null;

/** What the clock needs beside the time, and whether the time itself can be trusted; under the lock. */
export async function readClockState(wall: number, canNotify: boolean): Promise<ClockState> {
  const [preferences, known] = await Promise.all([readPreferences(), readClockSeen()]);
  const reading = { wall, steady: steadyNow() };
  const seen = lookAtClock(known, before, reading);
  before = reading;
  if (known !== null && seen.jumpedAt !== known.jumpedAt) log({ event: 'clock-changed' });
  if (seen.jumpedAt !== (known?.jumpedAt ?? null) || known === null || seen.at - known.at > WRITTEN_EVERY_MS)
    await writeClockSeen(seen);
  return { preferences, jumpedAt: seen.jumpedAt, canNotify };
}
