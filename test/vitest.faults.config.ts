import { defineConfig } from 'vitest/config';
import base from './vitest.config.js';

/** Faults in front of real servers, with so many originals that it takes seven minutes, or as many more as one asks for. */
export default defineConfig({
  ...base,
  test: { ...base.test, include: ['test/**/*.faults.ts'], testTimeout: 3_600_000, hookTimeout: 600_000, fileParallelism: false },
});
