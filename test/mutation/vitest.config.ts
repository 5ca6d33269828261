import { defineConfig } from 'vitest/config';
import base from '../vitest.config.js';

/** The quick tests of the plan, of the cost, and of the runs that use both: none starts a program. */
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: ['test/{plan,cost,run}/**/*.test.ts'],
    exclude: ['test/run/{eras,prune}.properties.test.ts'],
    setupFiles: ['test/mutation/setup.ts'],
  },
});
