import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { root, workspace } from './imgvar.js';
import { photo } from './pictures.js';

/** What takes long to load: half of the time of a short command, and more. */
const HEAVY = /\/node_modules\/(@aws-sdk|@smithy|sharp|@observablehq|linkedom|ssim\.js)\//;

/** Modules that the program's own process imports. */
async function loadedBy(...args: string[]): Promise<string[]> {
  const cwd = await workspace({ 'originals/a.jpg': await photo(1) });
  const LOADED = path.join(cwd, 'loaded.txt');
  const node = ['--import', path.join(root, 'test/cli/tell-loaded.js'), path.join(root, 'bin/imgvar.js'), ...args];
  await promisify(execFile)(process.execPath, node, { cwd, env: { ...process.env, LOADED } });
  return (await readFile(LOADED, 'utf8')).trimEnd().split('\n');
}

test.each([
  ['--help'],
  ['reprocess originals variants'],
  ['estimate originals variants'],
  ['status variants'],
])('imgvar %s loads nothing of what it does not need', async (line) => {
  const loaded = await loadedBy(...line.split(' '));
  expect(loaded.filter((url) => url.endsWith('/dist/cli/main.js'))).toHaveLength(1);
  expect(loaded.filter((url) => HEAVY.test(url))).toEqual([]);
});

test('a command loads no other command', async () => {
  const loaded = await loadedBy('status', 'variants');
  expect(loaded.filter((url) => /\/dist\/(cli|run)\/(status|reprocess|verify|prune|doctor)\.js$/.test(url)).map((url) => path.basename(url))).toEqual(['status.js']);
});
