import path from 'node:path';
import process from 'node:process';
import { Failure } from '../model/failure.js';
import type { Store } from '../store/store.js';

/**
 * What a person types for an original, as its key: the key itself, or, where there is no such original, the path of a
 * file inside the originals. Anything else is left as it is, and fails later under its own name.
 */
export async function originalKeys(typed: readonly string[], originals: Store, cwd = process.cwd()): Promise<string[]> {
  const keys: string[] = [];
  for (const text of typed) {
    keys.push((await exists(originals, text)) ? text : (keyWithin(originals.location, path.resolve(cwd, text)) ?? text));
  }
  return keys;
}

async function exists(originals: Store, key: string): Promise<boolean> {
  try {
    return (await originals.stat(key)) !== undefined;
  } catch (error) {
    if (error instanceof Failure) return false;
    throw error;
  }
}

function keyWithin(folder: string, file: string): string | null {
  const relative = path.relative(folder, file);
  if (relative === '' || relative.split(path.sep)[0] === '..' || path.isAbsolute(relative)) return null;
  return relative.split(path.sep).join('/');
}
