import { expect } from 'vitest';
import { assertRandom } from './assert.ts';
import { openPlayer } from './play.ts';
import { buildProduct } from './product.ts';

/** One half of the 100,000 random schedules of REL-02: two files, so that two cores share them. */
export async function playHalf(seed: number): Promise<void> {
  const play = await openPlayer(await buildProduct());
  let played = 0;
  await assertRandom(
    (schedule) => {
      played += 1;
      return play(schedule);
    },
    seed,
    50_000,
  );
  if (process.env.SEED_PATH === undefined) expect(played).toBe(50_000);
}
