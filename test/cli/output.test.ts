import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { start, workspace } from './imgvar.js';
import { photo } from './pictures.js';

/** Words that run the command after them with an output which takes nothing, as on a full disk. */
const ON_FULL_DISK = ['sh', '-c', 'exec "$0" "$@" > /dev/full'];

describe.skipIf(!existsSync('/dev/full'))('output that cannot be written', () => {
  test.each([['status v'], ['reprocess o v --json'], ['reprocess o v --nonsense --json'], ['--help']])('imgvar %s: one sentence, exit 2', async (line) => {
    const cwd = await workspace({ 'o/a.jpg': await photo(1) });
    const { code, stderr } = await start(line.split(' '), cwd, {}, ON_FULL_DISK).ended;
    expect(code).toBe(2);
    expect(stderr).toContain('imgvar: The output cannot be written (ENOSPC); make room there, and run the same command again.\n');
    expect(stderr).not.toMatch(/this is a bug|\n\s+at /);
  });
});
