import { defineConfig } from 'vitest/config';
import base from './vitest.config.js';

/** Real servers, those that are installed here; those that are not are told as skipped. */
export default defineConfig({
  ...base,
  test: { ...base.test, include: ['test/**/*.servers.ts'], testTimeout: 300_000, hookTimeout: 120_000, fileParallelism: false },
});
