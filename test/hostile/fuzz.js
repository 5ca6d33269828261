/**
 * Tries imgvar with hostile input, longer than `npm test` does: npm run fuzz -- [options]
 *
 *   --count N       mutated images (default 5000)
 *   --seed N        another series of them (default: 1)
 *   --keep FOLDER   where inputs go that are to be looked at (default: fuzz-findings in the system's temporary folder)
 *   --suite FOLDER  tries every file in it as well; suites.sh fetches some that others made
 *   --runs N        of every property of what else is read (default 20,000)
 *
 * Ends with the code of the test runner: 0 where nothing is to be looked at.
 */
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '5000' },
    seed: { type: 'string', default: '1' },
    keep: { type: 'string', default: path.join(tmpdir(), 'fuzz-findings') },
    suite: { type: 'string' },
    runs: { type: 'string', default: '20000' },
  },
});

const root = fileURLToPath(new URL('../..', import.meta.url));
const runner = path.join(root, 'node_modules/vitest/vitest.mjs');
// So many runs take as long as they take.
const { status } = spawnSync(process.execPath, [runner, 'run', '--config', 'test/vitest.config.ts', '--testTimeout', '0', 'test/hostile'], {
  cwd: root,
  stdio: 'inherit',
  env: {
    ...process.env,
    IMGVAR_FUZZ_COUNT: values.count,
    IMGVAR_FUZZ_SEED: values.seed,
    IMGVAR_FUZZ_RUNS: values.runs,
    IMGVAR_FUZZ_KEEP: path.resolve(values.keep),
    ...(values.suite === undefined ? {} : { IMGVAR_FUZZ_SUITE: path.resolve(values.suite) }),
  },
});
process.stdout.write(`Inputs to be looked at, if any, are in ${path.resolve(values.keep)}\n`);
process.exitCode = status ?? 1;
