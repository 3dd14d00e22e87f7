import { expect } from 'vitest';
import { counted } from '../support/figures.ts';
import { assertRandom } from './assert.ts';
import { openPlayer } from './play.ts';
import { buildProduct } from './product.ts';
import type { Schedule } from './schedule.ts';

// The 100,000 of REL-02 are SCHEDULES=50000: many minutes on two cores, and a test run has more to do.
const SCHEDULES = Number(process.env.SCHEDULES ?? 10_000);

/** One half of the random schedules: two files, so that two cores share them. */
export async function playHalf(seed: number): Promise<void> {
  const play = await openPlayer(await buildProduct());
  let played = 0;
  let wrong = 0;
  const playAndCount = async (schedule: Schedule) => {
    played += 1;
    const result = await play(schedule);
    if (result.wrong.length > 0) wrong += 1;
    return result;
  };
  await assertRandom(playAndCount, seed, SCHEDULES).finally(() => {
    counted('schedules played', played);
    counted('schedules that lost a login, applied one twice or showed what is not true', wrong);
  });
  if (process.env.SEED_PATH === undefined) expect(played).toBe(SCHEDULES);
}
