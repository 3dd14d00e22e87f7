/**
 * The files that take longest, in the order of their starts: what only computes alternates with what mostly waits for a
 * browser. `npm test` prints the ten slowest files at its end.
 */
export const LONGEST = [
  'timeline/pairs',
  'e2e/backend/everyone',
  'e2e/screens/gallery',
  'e2e/capture/capture-table',
  'flow/backend/many',
  'e2e/capture/attack-table',
  'timeline/random-first',
  'e2e/capture/kills',
  'e2e/capture/faults',
  'e2e/browser/readme',
  'timeline/random-second',
  'e2e/hold/hold-many',
  'e2e/browser/restarts',
  'e2e/capture/main-job',
  'e2e/screens/sight',
  'flow/backend/brokers',
  'e2e/backend/page',
  'e2e/hold/hold-mend',
  'e2e/screens/hindi',
  'e2e/browser/storage',
  'flow/backend/postgres',
  'e2e/hold/hold',
  'e2e/backend/destination',
  'e2e/capture/leaks',
  'flow/backend/attacks',
].map((name) => `test/${name}.test.ts`);
