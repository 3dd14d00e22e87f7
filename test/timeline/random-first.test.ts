import { it } from 'vitest';
import { playHalf } from './random.ts';

it(
  'no login is lost, none applied twice and no screen false, over random schedules: the first half (REL-02)',
  {
    timeout: 1_800_000,
  },
  () => playHalf(1),
);
