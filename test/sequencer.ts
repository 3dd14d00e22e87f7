import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * The files that take longest, in the order of their starts: what only computes alternates with what mostly waits for a
 * browser. `npm test` prints the ten slowest files at its end.
 */
const FIRST = [
  'timeline/pairs',
  'e2e/backend/everyone',
  'e2e/screens/gallery',
  'e2e/capture/capture-table',
  'flow/backend/many',
  'e2e/capture/attack-table',
  'timeline/random-first',
  'e2e/capture/kills',
  'e2e/capture/faults',
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

/** Starts the longest files first, of all projects together, so that no core is left with one of them at the end. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => placeOf(a) - placeOf(b));
  }
}

function placeOf({ moduleId, project }: TestSpecification): number {
  const place = FIRST.indexOf(relative(project.config.root, moduleId).replaceAll('\\', '/'));
  return place === -1 ? FIRST.length : place;
}
