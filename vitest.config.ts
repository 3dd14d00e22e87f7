import { defineConfig } from 'vitest/config';
import { WxtVitest } from 'wxt/testing/vitest-plugin';
import { LongestFirst } from './test/sequencer.ts';

// What a browser has a part in. The rest of test/e2e is about Chromium's own rules, our screens or our commands.
const IN_FIREFOX = [
  'capture/tabs-that-return',
  'capture/main-job',
  'capture/capture-table',
  'capture/attack-table',
  'capture/provenance',
  'capture/neighbours',
  'capture/early-kills',
  'backend/destination',
  'backend/everyone',
  'capture/observe',
  'capture/openalgo',
  'capture/brokers',
  'capture/ask',
  'capture/kills',
  'capture/leaks',
  'browser/phone',
  'browser/restarts',
  'hold/hold-smoke',
  'screens/reminder',
  'capture/workers',
  'capture/containers',
].map((name) => `test/e2e/${name}.test.ts`);

// Most tests read sentences, and outside of a browser somebody has to choose their language.
const ENGLISH = 'test/support/english.ts';
// A session really ends at its hour, also that of a test.
const SESSION_ENDS = 'test/support/session-ends.ts';

// A slow or busy machine is no failure: nothing in the tests is about time, and only what hangs takes so long.
const PATIENT = { testTimeout: 300_000, hookTimeout: 300_000, expect: { poll: { timeout: 100_000 } } };

function browserProject(browser: string, include: string[]) {
  return {
    test: {
      name: `e2e-${browser}`,
      include,
      env: { BROWSER: browser },
      setupFiles: [ENGLISH, SESSION_ENDS],
      ...PATIENT,
    },
  };
}

export default defineConfig({
  test: {
    // Three files at a time on two cores: a test in a browser, or of a backend, waits for a part of its time.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/*.test.ts', 'test/{unit,timeline,fuzz}/**/*.test.ts'],
          setupFiles: [ENGLISH],
          ...PATIENT,
        },
      },
      {
        test: {
          name: 'backend',
          include: ['test/flow/{backend,practice}/**/*.test.ts'],
          setupFiles: [ENGLISH, SESSION_ENDS],
          ...PATIENT,
        },
      },
      // The services on WXT's fake browser: no browser is started here.
      {
        plugins: [await WxtVitest()],
        test: {
          name: 'flow',
          include: ['test/flow/services/**/*.test.ts'],
          setupFiles: [ENGLISH, SESSION_ENDS, 'test/support/fake-browser.ts'],
          ...PATIENT,
        },
      },
      browserProject('chromium', ['test/e2e/**/*.test.ts']),
      browserProject('firefox', IN_FIREFOX),
    ],
  },
});
