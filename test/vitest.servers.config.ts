import { defineConfig } from 'vitest/config';
import base from './vitest.config.js';

/** Real servers, those that are installed here; those that are not are told as skipped. It ends what hangs, and times nothing: all of it is beside the tests, on machines that may be busy. */
export default defineConfig({
  ...base,
  test: { ...base.test, include: ['test/**/*.servers.ts'], testTimeout: 900_000, hookTimeout: 120_000, fileParallelism: false },
});
