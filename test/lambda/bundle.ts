import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { filesOf } from '../../src/lambda/zip.js';
import { root } from '../cli/imgvar.js';

const CACHE = path.join(root, 'node_modules/.cache/imgvar-bundle');

/** After so long in milliseconds, a bundle of other code is of no use any more. */
const KEPT = 60 * 60 * 1000;

/**
 * The built bundle, made once for each state of the built code.
 *
 * @param target `host` runs on this machine and needs nothing but npm's packages; `x64` and `arm64` are Lambda's own
 */
export async function bundle(target: 'host' | 'x64' | 'arm64'): Promise<Uint8Array> {
  const file = path.join(CACHE, `${await stateOf()}-${target}.zip`);
  if (!existsSync(file)) {
    await sweep();
    const fresh = `${file}.${process.pid}`;
    await promisify(execFile)(process.execPath, ['test/bundle.js', target, fresh], { cwd: root });
    await rename(fresh, file);
  }
  return readFile(file);
}

/** Unpacked as Lambda does it. */
export async function unpack(zip: Uint8Array, folder: string): Promise<void> {
  for (const [name, bytes] of Object.entries(filesOf(zip))) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), bytes);
  }
}

async function stateOf(): Promise<string> {
  const hash = createHash('sha256').update(process.version);
  const built = (await readdir(path.join(root, 'dist'), { recursive: true })).filter((name) => name.endsWith('.js'));
  for (const name of ['package-lock.json', 'test/bundle.js', ...built.map((name) => `dist/${name}`).sort()]) {
    hash.update(await readFile(path.join(root, name)));
  }
  return hash.digest('hex').slice(0, 16);
}

async function sweep(): Promise<void> {
  await mkdir(CACHE, { recursive: true });
  for (const name of await readdir(CACHE)) {
    const file = path.join(CACHE, name);
    if ((await stat(file)).mtimeMs < Date.now() - KEPT) await rm(file, { force: true });
  }
}
