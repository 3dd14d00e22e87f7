import { expect } from 'vitest';
import { assertRandom } from './assert.ts';
import { openPlayer } from './play.ts';
import { buildProduct } from './product.ts';

// The 100,000 of REL-02 are SCHEDULES=50000: many minutes on two cores, and a test run has more to do.
const SCHEDULES = Number(process.env.SCHEDULES ?? 10_000);

/** One half of the random schedules: two files, so that two cores share them. */
export async function playHalf(seed: number): Promise<void> {
  const play = await openPlayer(await buildProduct());
  let played = 0;
  await assertRandom(
    (schedule) => {
      played += 1;
      return play(schedule);
    },
    seed,
    SCHEDULES,
  );
  if (process.env.SEED_PATH === undefined) expect(played).toBe(SCHEDULES);
}
