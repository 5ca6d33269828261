import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { filesIn, photos, root, workspace } from './cli/imgvar.js';

const run = promisify(execFile);

describe('the package as users get it', () => {
  test('has the program, the library, its types and the schema, and nothing else', async () => {
    const { stdout } = await run('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: root });
    const packed: unknown = JSON.parse(stdout);
    const [{ files }] = (Array.isArray(packed) ? packed : Object.values(packed as object)) as [{ files: { path: string }[] }];
    const names = files.map((file) => file.path);
    for (const name of ['bin/imgvar.js', 'dist/index.js', 'dist/index.d.ts', 'dist/engine/local-worker.js', 'dist/stack/template/1-parameters.yaml', 'schema.json', 'README.md', 'LICENSE']) {
      expect(names).toContain(name);
    }
    // The zip of the functions is there once `prepack` has made it.
    expect(names.filter((name) => !/^(bin|dist|docs)\/|^[^/]+\.(json|md)$|^LICENSE$|^bundle\/lambda-arm64\.zip$/.test(name))).toEqual([]);
  });

  let elsewhere: string;
  let cleanUp: () => Promise<void> = async () => undefined;
  afterAll(() => cleanUp());
  beforeAll(async () => {
    elsewhere = await workspace({}, (clean) => void (cleanUp = clean));
    await run('npm', ['pack', '--ignore-scripts', '--pack-destination', elsewhere], { cwd: root });
    const [tarball] = (await readdir(elsewhere)).filter((name) => name.endsWith('.tgz'));
    const modules = path.join(elsewhere, 'node_modules');
    await mkdir(path.join(modules, 'imgvar'), { recursive: true });
    await run('tar', ['-xzf', String(tarball), '-C', path.join(modules, 'imgvar'), '--strip-components=1'], { cwd: elsewhere });
    for (const name of await readdir(path.join(root, 'node_modules'))) {
      if (!name.startsWith('.')) await symlink(path.join(root, 'node_modules', name), path.join(modules, name));
    }
    await mkdir(path.join(modules, '.bin'));
    await symlink('../imgvar/bin/imgvar.js', path.join(modules, '.bin/imgvar'));
  });

  test('npx imgvar works where it is installed', async () => {
    const { stdout } = await run('npx', ['--no-install', 'imgvar', '--help'], { cwd: elsewhere });
    expect(stdout).toContain('reprocess');
    await run('npx', ['--no-install', 'imgvar', 'reprocess', photos, 'few', '--only', 'small'], { cwd: elsewhere });
    expect(await filesIn(path.join(elsewhere, 'few'))).toHaveLength(5);
  });

  test("the README's library example does what it says", async () => {
    const readme = await readFile(path.join(root, 'README.md'), 'utf8');
    const [, example] = /## As a library[^]*?```js\n([^]*?)```/.exec(readme) ?? [];
    expect(example).toContain("from 'imgvar'");
    await writeFile(path.join(elsewhere, 'example.mjs'), String(example));
    await symlink(photos, path.join(elsewhere, 'photos'));
    const { stdout } = await run(process.execPath, ['example.mjs'], { cwd: elsewhere });
    expect(stdout.trim().split('\n').at(-1)).toBe('30 made, 0 failed');
  });
});

test('npx imgvar works in the checkout', async () => {
  // Newer npms build a checkout anew before they run its program, under the feet of the tests that run beside this one.
  const { stdout } = await run('npx', ['--no-install', '--ignore-scripts', 'imgvar', '--version'], { cwd: root });
  expect(stdout.trim()).toMatch(/^\d+\.\d+\.\d+/);
});
