import { defineConfig } from 'vitest/config';
import { MODULES, type ModuleName } from './modules.ts';

/** The pure tests of one module: what it decides is broken a hundred times over, and each time they run. */
export default defineConfig({
  test: {
    include: [...MODULES[process.env.MUTATED as ModuleName].tests],
    setupFiles: ['test/support/english.ts'],
    // A slow or busy machine is no failure.
    testTimeout: 300_000,
  },
});
