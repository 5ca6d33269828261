import { lstat, mkdir } from 'node:fs/promises';
import { realpath } from 'node:fs';
import { platform } from 'node:os';
import { dirname, sep } from 'node:path';
import { promisify } from 'node:util';
import { Failure } from '../model/failure.js';
import { checkKey, isUnicode } from './key.js';
import { errnoOf } from './folder-error.js';
import { isTempName } from './folder-temp.js';

/**
 * From keys to paths, without ever leaving the root.
 *
 * The folder of a key is resolved again for every read and write (0.05 ms, against tens for an image): nothing is
 * remembered, so a folder that is exchanged for a link during a run is noticed.
 */

/** The system's own: it follows links as open() does. @throws errno errors */
export const realPath = promisify(realpath.native);

/** Bytes, in every file system that matters. */
const LONGEST_NAME = 255;

/** Bytes of a folder's path in which every name still fits, a temporary file's too; PATH_MAX is 4096, on macOS 1024. */
const LONGEST_FOLDER = (platform() === 'linux' ? 4096 : 1024) - LONGEST_NAME - 2;

/** The key as names in nested folders; the last is the file's. @throws Failure `invalid-key` */
export function namesOf(key: string): string[] {
  checkKey(key);
  const names = key.split('/');
  names.forEach(checkName);
  return names;
}

/** The whole names in a prefix, and the beginning of one that stands behind the last slash. @throws Failure `invalid-key` */
export function namesOfPrefix(prefix: string): { readonly folders: string[]; readonly beginning: string } {
  if (!isUnicode(prefix)) throw new Failure('invalid-key', 'the prefix is not valid Unicode');
  const folders = prefix.split('/');
  const beginning = folders.pop() ?? '';
  if (folders.length > 0) checkKey(folders.join('/'));
  folders.forEach(checkName);
  return { folders, beginning };
}

function checkName(name: string): void {
  if (name === '') throw new Failure('invalid-key', 'a name between slashes is empty');
  if (name === '.' || name === '..') throw new Failure('invalid-key', `a name is "${name}"`);
  if (name.includes('\0')) throw new Failure('invalid-key', 'a name holds a NUL');
  if (Buffer.byteLength(name) > LONGEST_NAME) throw new Failure('invalid-key', `a name is over ${LONGEST_NAME} bytes`);
  if (isTempName(name)) throw new Failure('invalid-key', 'a name is one of a temporary file');
  // On Windows these would lead elsewhere: other separators, drives, streams, patterns.
  if (sep === '\\' && /[\\:*?"<>|]/.test(name)) throw new Failure('invalid-key', 'a name holds what Windows forbids');
}

/** The path of `names` below a real root. */
export function pathOf(root: string, names: readonly string[]): string {
  if (names.length === 0) return root;
  return (root.endsWith(sep) ? root : root + sep) + names.join(sep);
}

/**
 * The path of a folder that exists, none of whose names is a link: also one that stays inside would give two keys to
 * one file, of which the listing shows one.
 *
 * @param root a real path
 * @throws Failure `invalid-key`, and errno errors
 */
export async function realFolder(root: string, names: readonly string[]): Promise<string> {
  const path = pathOf(root, names);
  checkLength(path);
  if ((await realPath(path)) !== path) throw throughLink();
  return path;
}

/** Asked before anything is made: else half of a deep path would be. @throws Failure `invalid-key` */
export function checkLength(folder: string): void {
  if (Buffer.byteLength(folder) > LONGEST_FOLDER) throw new Failure('invalid-key', 'the path is too long');
}

/** The same, made where it is missing: one folder at a time, so that none is made behind a link. */
export async function madeFolder(root: string, names: readonly string[]): Promise<string> {
  try {
    return await realFolder(root, names);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
  }
  if (names.length === 0) {
    await makeRoot(root);
  } else {
    await madeFolder(root, names.slice(0, -1));
    await makeOne(pathOf(root, names));
  }
  return realFolder(root, names);
}

/**
 * A location's own folder, with those above it. As mkdir's `recursive`, which in Node 20 never comes to an end where a
 * file system answers ENOENT whatever is made (/proc).
 */
export async function makeRoot(folder: string): Promise<void> {
  try {
    await mkdirOrFound(folder);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT' || dirname(folder) === folder) throw error;
    await makeRoot(dirname(folder));
    await mkdirOrFound(folder);
  }
}

async function mkdirOrFound(folder: string): Promise<void> {
  await mkdir(folder).catch((error: unknown) => {
    if (errnoOf(error) !== 'EEXIST') throw error;
  });
}

async function makeOne(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
    // Another writer was first; or it is a link to nothing, which exists for mkdir alone.
    if ((await lstat(path)).isSymbolicLink()) throw throughLink();
  }
}

export function throughLink(): Failure {
  return new Failure('invalid-key', 'a folder in the key is a symbolic link');
}

/** Whether a real path is below a real root. */
export function isInside(root: string, path: string): boolean {
  return path.startsWith(root.endsWith(sep) ? root : root + sep);
}
