import { defineConfig } from 'vitest/config';
import { WxtVitest } from 'wxt/testing/vitest-plugin';

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['test/*.test.ts', 'test/unit/**/*.test.ts'] } },
      {
        test: { name: 'backend', include: ['test/flow/{backend,practice,conformance}*.test.ts'], testTimeout: 20_000 },
      },
      // The services on WXT's fake browser: no browser is started here.
      {
        plugins: [await WxtVitest()],
        test: { name: 'flow', include: ['test/flow/services*.test.ts'], setupFiles: ['test/support/fake-browser.ts'] },
      },
      // Real browsers, one file at a time: two of them on two cores only time each other out.
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
