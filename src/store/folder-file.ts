import { constants, lstat as lstatCallback, type BigIntStats } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { Failure } from '../model/failure.js';
import type { StoredObject } from '../model/original.js';
import { isAbsent } from './folder-error.js';
import { isInside, realPath } from './folder-path.js';
import { withOpenFile } from './open-files.js';

/** A regular file, and where it is once links are followed. */
export interface RegularFile {
  readonly path: string;
  readonly stats: BigIntStats;
}

/**
 * The regular file of this name, or behind a link of this name that stays inside the root. Undefined if nothing or a
 * folder has the name. Never opens what it looks at: opening a FIFO waits for a writer.
 *
 * @param root a real path; `path` is a name in a real folder below it
 * @throws Failure `invalid-key` for other links, FIFOs, sockets and devices, and errno errors
 */
export async function regularFile(root: string, path: string): Promise<RegularFile | undefined> {
  const stats = await lstat(path);
  if (stats === undefined || stats.isDirectory()) return undefined;
  if (stats.isFile()) return { path, stats };
  if (stats.isSymbolicLink()) return linkedFile(root, path);
  throw new Failure('invalid-key', `${kindOf(stats)}, not a file`);
}

async function linkedFile(root: string, link: string): Promise<RegularFile> {
  const path = await realPath(link).catch((error: unknown) => {
    if (isAbsent(error)) throw new Failure('invalid-key', 'a symbolic link to nothing');
    throw error;
  });
  if (!isInside(root, path)) throw new Failure('invalid-key', 'a symbolic link that leads out of the location');
  const stats = await lstat(path);
  if (stats?.isFile() !== true) throw new Failure('invalid-key', 'a symbolic link to something other than a file');
  return { path, stats };
}

function kindOf(stats: BigIntStats): string {
  if (stats.isFIFO()) return 'a FIFO';
  if (stats.isSocket()) return 'a socket';
  return 'a device';
}

/** Undefined if there is nothing. The callback form needs a quarter of the promise form's time; a listing is made of it. */
function lstat(path: string): Promise<BigIntStats | undefined> {
  return new Promise((resolve, reject) => {
    lstatCallback(path, { bigint: true }, (error, stats) => {
      if (error === null) resolve(stats);
      else if (isAbsent(error)) resolve(undefined);
      else reject(error);
    });
  });
}

/** The etag tells a file that was replaced (inode), and one that was written in place (time in nanoseconds, size). */
export function objectOf(key: string, stats: BigIntStats): StoredObject {
  return {
    key,
    size: Number(stats.size),
    lastModified: Number(stats.mtimeNs / 1_000_000n),
    etag: `"${stats.size.toString(36)}-${stats.mtimeNs.toString(36)}-${stats.ino.toString(36)}"`,
  };
}

/**
 * The content of a regular file, and what it was when the reading began: a change meanwhile shows in a later stat.
 *
 * @throws Failure `too-large` (more than `maxBytes`), `invalid-key`, and errno errors
 */
export function contentOf({ path }: RegularFile, maxBytes: number): Promise<{ bytes: Buffer; stats: BigIntStats }> {
  return withOpenFile(() => readWhole(path, maxBytes));
}

async function readWhole(path: string, maxBytes: number): Promise<{ bytes: Buffer; stats: BigIntStats }> {
  // Should the name have become a link or a FIFO since it was looked at: not followed, not waited for.
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const stats = await file.stat({ bigint: true });
    if (!stats.isFile()) throw new Failure('invalid-key', `${kindOf(stats)}, not a file`);
    if (stats.size > maxBytes) throw new Failure('too-large', `${stats.size} bytes`);
    return { bytes: await readAll(file, Number(stats.size), maxBytes), stats };
  } finally {
    await file.close();
  }
}

/** One byte of room more than is expected shows in the same read that the end was met, or that the file has grown. */
async function readAll(file: FileHandle, expected: number, maxBytes: number): Promise<Buffer> {
  let buffer = Buffer.allocUnsafeSlow(expected + 1);
  let length = 0;
  for (;;) {
    const { bytesRead } = await file.read(buffer, length, Math.min(buffer.length - length, LONGEST_READ));
    if (bytesRead === 0) return buffer.subarray(0, length);
    length += bytesRead;
    if (length > maxBytes) throw new Failure('too-large', `more than ${maxBytes} bytes, and growing`);
    if (length === buffer.length) buffer = Buffer.concat([buffer], Math.min(length * 2, maxBytes + 1));
  }
}

/** Bytes; Node refuses 2 GiB. */
const LONGEST_READ = 1024 ** 3;
