import { defineConfig } from 'vitest/config';
import base from '../vitest.config.js';

/** The rooms' own tests, which are quick: none starts a program. */
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: ['test/{plan,cost}/**/*.test.ts'],
    setupFiles: ['test/mutation/setup.ts'],
  },
});
