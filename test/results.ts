import { writeFileSync } from 'node:fs';
import type { SerializedError } from 'vitest';
import type { Reporter, TestModule } from 'vitest/node';
import './support/figures.ts';

/** What one run came to, as `test/run.ts` reads it. */
export interface Results {
  files: TestFile[];
  /** Errors outside of every test. */
  unhandled: number;
}

export interface TestFile {
  project: string;
  path: string;
  passed: number;
  skipped: number;
  /** The tests that failed; where the file itself could not be run, that. */
  failed: string[];
  tests: OneTest[];
  /** From the start of its process to the end of its last hook, in milliseconds. */
  tookMs: number;
}

/** A test that ran, by its full name, with what it counted. */
export interface OneTest {
  name: string;
  passed: boolean;
  figures: Record<string, number>;
}

/** Writes what a run came to where RESULTS names a file: of each project by itself, and with what no test is to blame for. */
export default class ResultsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const results: Results = { files: modules.map(resultOf), unhandled: unhandled.length };
    if (process.env.RESULTS) writeFileSync(process.env.RESULTS, JSON.stringify(results));
  }
}

function resultOf(module: TestModule): TestFile {
  const tests = [...module.children.allTests()];
  const are = (state: string) => tests.filter((test) => test.result().state === state);
  const failed = are('failed').map(({ fullName }) => fullName);
  const isBroken = !module.ok() && failed.length === 0;
  return {
    project: module.project.name,
    path: module.relativeModuleId,
    passed: are('passed').length,
    skipped: are('skipped').length,
    failed: isBroken ? ['the file itself'] : failed,
    tests: tests
      .filter((test) => ['passed', 'failed'].includes(test.result().state))
      .map((test) => ({
        name: test.fullName,
        passed: test.result().state === 'passed',
        figures: test.meta().figures ?? {},
      })),
    tookMs: tookMs(module),
  };
}

function tookMs(module: TestModule): number {
  const { environmentSetupDuration, prepareDuration, setupDuration, collectDuration, duration } = module.diagnostic();
  return environmentSetupDuration + prepareDuration + setupDuration + collectDuration + duration;
}
