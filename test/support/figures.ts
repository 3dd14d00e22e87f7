import { TestRunner } from 'vitest';
import type { Figure } from '../report/page.ts';

declare module 'vitest' {
  interface TaskMeta {
    /** What the test counted, for `npm run report`. */
    figures?: Record<string, number>;
  }
}

/** Hands on what the running test counted, under a name that the report adds up by. */
export function counted(name: Figure, number: number): void {
  const test = TestRunner.getCurrentTest();
  if (!test) throw new Error('figures are counted in a test');
  test.meta.figures = { ...test.meta.figures, [name]: number };
}
