import fc from 'fast-check';
import type { Result } from './play.ts';
import { type Schedule, schedules } from './schedule.ts';

type Play = (schedule: Schedule) => Promise<Result>;

/** Fails with the story as a timeline, and with the schedule that tells it again. */
export async function expectGood(play: Play, schedule: Schedule): Promise<void> {
  const { wrong, timeline } = await play(schedule);
  if (wrong.length === 0) return;
  throw new Error([...new Set(wrong), JSON.stringify(schedule), ...timeline].join('\n'));
}

/** Plays random schedules; a failing one is made small first. SEED, and SEED_PATH as it was printed, replay one. */
export async function assertRandom(play: Play, seed: number, numRuns: number): Promise<void> {
  const path = process.env.SEED_PATH;
  await fc.assert(
    fc.asyncProperty(schedules, (schedule) => expectGood(play, schedule)),
    { numRuns, seed: Number(process.env.SEED ?? seed), ...(path === undefined ? {} : { path }) },
  );
}
