import path from 'node:path';
import process from 'node:process';
import { Failure } from '../model/failure.js';
import type { Store } from '../store/store.js';

/**
 * What a person types for an original, as its key: the key itself, or, where there is no such original, `s3://…` or the
 * path of a file inside the originals. Anything else is left as it is, and fails later under its own name.
 */
export async function originalKeys(typed: readonly string[], originals: Store, cwd = process.cwd()): Promise<string[]> {
  const keys: string[] = [];
  for (const text of typed) {
    keys.push((await exists(originals, text)) ? text : (keyWithin(originals.location, text, cwd) ?? text));
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

function keyWithin(location: string, text: string, cwd: string): string | null {
  if (location.startsWith('s3://')) return text.startsWith(location) && text !== location ? text.slice(location.length) : null;
  const relative = path.relative(location, path.resolve(cwd, text));
  if (relative === '' || relative.split(path.sep)[0] === '..' || path.isAbsolute(relative)) return null;
  return relative.split(path.sep).join('/');
}
