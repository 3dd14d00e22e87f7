import { beforeEach } from 'vitest';
import { nextIst } from '../../utils/shared/time.ts';

// A set-up file of the tests that log in. Sessions end at these times in India, also those of tests: one that would cross
// such a moment waits for it first.
const ENDS = [
  [0, 0],
  [3, 30],
  [5, 0],
  [6, 0],
  [7, 30],
  [23, 59],
] as const;
/** Longer than nearly every test takes on a slow machine. */
const LONGEST_TEST_MS = 90_000;
const AFTER_MS = 1_000;

beforeEach(async () => {
  const now = Date.now();
  const left = Math.min(...ENDS.map(([hour, minute]) => nextIst(hour, minute, now))) - now;
  if (left < LONGEST_TEST_MS) await new Promise((over) => setTimeout(over, left + AFTER_MS));
});
