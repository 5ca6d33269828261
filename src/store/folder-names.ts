import { isUtf8 } from 'node:buffer';
import { readdir as readdirCallback } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isTempName, sweepTemp } from './folder-temp.js';

const readdir = promisify(readdirCallback);

/**
 * A name in a folder as bytes, one a character ("latin1"), for then `<` and sort() compare as UTF-8 does. A folder's
 * ends in `/`, which is how its keys go on: so `a-`, `a.jpg`, `a/b`, `a0` come in this order. One that is not UTF-8 has
 * been replaced by text that a person can read, and ends in NUL, which no name holds and which changes no order.
 */
export type NameBytes = string;

const REFUSED = '\0';

/**
 * What is in a folder, in order, without temporary files.
 *
 * @param sweep whether those are removed whose writers are gone
 * @throws errno errors
 */
export async function namesIn(path: string, sweep: boolean): Promise<NameBytes[]> {
  const names: NameBytes[] = [];
  for (const { name, isFolder } of await entriesIn(path)) {
    if (!isTempName(name)) names.push(nameBytes(name, isFolder));
    else if (sweep) await sweepTemp(join(path, name), name);
  }
  return names.sort();
}

interface Entry {
  readonly name: NameBytes;
  readonly isFolder: boolean;
}

/**
 * Some file systems (NFS with large folders) do not say what a name is. Node then looks at each by itself, at the wrong
 * path if the bytes are not ASCII, and fails as if the whole folder were gone. Then its names are read alone.
 */
async function entriesIn(path: string): Promise<Entry[]> {
  try {
    const entries = await readdir(path, { encoding: 'latin1', withFileTypes: true });
    return entries.map((entry) => ({ name: entry.name, isFolder: entry.isDirectory() }));
  } catch {
    const entries: Entry[] = [];
    for (const name of await readdir(path, { encoding: 'latin1' })) {
      const stats = await lstat(Buffer.concat([Buffer.from(`${path}/`), Buffer.from(name, 'latin1')])).catch(() => undefined);
      entries.push({ name, isFolder: stats?.isDirectory() ?? false });
    }
    return entries;
  }
}

function nameBytes(name: string, isFolder: boolean): NameBytes {
  const ending = isFolder ? '/' : '';
  if (isAscii(name) || isUtf8(Buffer.from(name, 'latin1'))) return name + ending;
  return name.replace(/[^ -~]/g, escaped) + ending + REFUSED;
}

function escaped(byte: string): string {
  return `\\x${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}

export function isFolderName(name: NameBytes): boolean {
  return name.endsWith('/');
}

export function isNotUtf8(name: NameBytes): boolean {
  return name.endsWith(REFUSED);
}

/** The bytes of the name as they stand in a key. */
export function keyPart(name: NameBytes): NameBytes {
  return isNotUtf8(name) ? name.slice(0, -REFUSED.length) : name;
}

/** The name as it stands in a key. */
export function textOf(name: NameBytes): string {
  const part = keyPart(name);
  return isAscii(part) ? part : Buffer.from(part, 'latin1').toString();
}

/** The bytes that a name must begin with for its key to begin with this text. */
export function bytesOf(text: string): NameBytes {
  return Buffer.from(text).toString('latin1');
}

function isAscii(text: string): boolean {
  return !/[\x80-\xff]/.test(text);
}
