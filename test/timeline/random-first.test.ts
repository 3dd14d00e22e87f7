import { it } from 'vitest';
import { playHalf } from './random.ts';

it(
  'no login is lost, none applied twice and no screen false, over 50,000 random schedules: the first half',
  {
    timeout: 600_000,
  },
  () => playHalf(1),
);
