import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { freshFolder } from './folder-fixture.js';

const SOURCES = fileURLToPath(new URL('../../src', import.meta.url));
const PACKAGES = fileURLToPath(new URL('../../node_modules', import.meta.url));

/**
 * A script for processes of their own, which a test can kill or limit. It finds the store's modules beside it, made from
 * the sources as they are now, and the folder to work on as `process.argv[2]`.
 *
 * @returns what starts one; `limit` is a shell command that binds it, such as `ulimit -f 8`
 */
export async function scriptOf(source: string): Promise<(root: string, limit?: string) => ChildProcess> {
  const home = await freshFolder();
  await writeFile(join(home, 'package.json'), '{"type":"module"}');
  for (const room of ['model', 'store']) await transpile(room, home);
  await symlink(PACKAGES, join(home, 'node_modules'));
  const script = join(home, 'script.js');
  await writeFile(script, source);
  return (root, limit = ':') =>
    spawn('sh', ['-c', `${limit} && exec "$0" "$@"`, process.execPath, script, root], { stdio: ['ignore', 'pipe', 'inherit'] });
}

async function transpile(room: string, home: string): Promise<void> {
  await mkdir(join(home, room));
  for (const name of await readdir(join(SOURCES, room))) {
    const source = await readFile(join(SOURCES, room, name), 'utf8');
    const { outputText } = ts.transpileModule(source, {
      compilerOptions: { module: ts.ModuleKind.ES2022, target: ts.ScriptTarget.ES2022 },
    });
    await writeFile(join(home, room, name.replace(/\.ts$/, '.js')), outputText);
  }
}
