import { beforeAll, describe, expect, it } from 'vitest';
import { counted } from '../support/figures.ts';
import { expectGood } from './assert.ts';
import { openPlayer } from './play.ts';
import { buildProduct } from './product.ts';
import { pairsOf, type Schedule } from './schedule.ts';

const REDIRECT_MS = 8_000;
const MOST_FAULTS = process.env.FAULTS === '1' ? 1 : 2;

describe(`every schedule of at most ${MOST_FAULTS} faults`, () => {
  let play: Awaited<ReturnType<typeof openPlayer>>;
  beforeAll(async () => {
    play = await openPlayer(await buildProduct());
  });

  it.each<Schedule['destination']>(['kite', 'breeze', 'plain'])(
    'ends well with %s',
    { timeout: 1_800_000 },
    async (to) => {
      let played = 0;
      for (const schedule of pairsOf(to, REDIRECT_MS, MOST_FAULTS)) {
        await expectGood(play, schedule);
        played += 1;
      }
      counted('schedules played', played);
      expect(played).toBeGreaterThan(MOST_FAULTS === 1 ? 100 : 5_000);
    },
  );
});
