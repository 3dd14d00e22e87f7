import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * The files that take longest, in the order of their starts: what only computes alternates with what mostly waits for a
 * browser. `npm test` prints the ten slowest files at its end.
 */
const FIRST = [
  'timeline/pairs',
  'e2e/everyone',
  'e2e/gallery',
  'e2e/capture-table',
  'flow/backend-many',
  'e2e/attack-table',
  'timeline/random-first',
  'e2e/kills',
  'timeline/random-second',
  'e2e/faults',
  'e2e/hold-many',
  'flow/backend-brokers',
  'e2e/leaks',
  'e2e/hold-page',
  'flow/backend-postgres',
  'e2e/hold-elsewhere',
  'e2e/settings',
  'e2e/restarts',
  'e2e/clock',
  'flow/backend-attacks',
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
