import { lstat, rmdir, unlink } from 'node:fs/promises';
import { Failure } from '../model/failure.js';
import { errnoOf } from './folder-error.js';
import { pathOf, realFolder } from './folder-path.js';

/**
 * Removes a file, never what a link in its path leads to, and the folders that it leaves empty.
 *
 * @param root the real path of the store's folder, which stays
 * @throws errno errors, Failure `invalid-key`
 */
export async function removeFile(root: string, names: readonly string[]): Promise<void> {
  const folder = await realFolder(root, names.slice(0, -1));
  const path = pathOf(folder, names.slice(-1));
  await unlink(path).catch(async (error: unknown) => {
    // EPERM is POSIX' word for a folder, and for a file that may not be removed.
    const isFolder = errnoOf(error) === 'EISDIR' || (errnoOf(error) === 'EPERM' && (await lstat(path)).isDirectory());
    throw isFolder ? new Failure('invalid-key', 'it is a folder') : error;
  });
  for (let depth = names.length - 1; depth > 0; depth--) {
    try {
      await rmdir(await realFolder(root, names.slice(0, depth)));
    } catch {
      // Something else is in it, or it may not go: then it stays, and what is above it as well.
      return;
    }
  }
}
