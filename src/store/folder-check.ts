import { opendir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../model/user-error.js';
import { errnoOf } from './folder-error.js';
import { makeRoot } from './folder-path.js';
import { tempName } from './folder-temp.js';

/** @throws UserError `location-missing`, `location-not-a-folder`, `location-unreadable` */
export async function checkReadable(location: string): Promise<void> {
  try {
    if (!(await stat(location)).isDirectory()) throw notAFolder(location);
    await (await opendir(location)).close();
  } catch (error) {
    const code = errnoOf(error);
    if (code === undefined) throw error;
    if (code === 'ENOENT') {
      throw new UserError('location-missing', `The folder "${location}" does not exist; check the path.`);
    }
    if (code === 'ENOTDIR') throw notAFolder(location);
    throw new UserError(
      'location-unreadable',
      `The folder "${location}" cannot be read (${code}); check that this user may read and enter it.`,
    );
  }
}

/**
 * Makes the folder if it is missing, then writes a file and removes it: permissions alone do not tell of read-only
 * mounts and quotas.
 *
 * @throws UserError `location-not-a-folder`, `location-unreadable`, `location-unwritable`
 */
export async function checkWritable(location: string): Promise<void> {
  const probe = join(location, tempName());
  try {
    await makeRoot(location);
    await writeFile(probe, 'imgvar', { flag: 'wx' });
  } catch (error) {
    const code = errnoOf(error);
    if (code === undefined) throw error;
    // EEXIST is a file in its place, ENOTDIR one above it, and ENOENT a link to nothing.
    if (code === 'EEXIST' || code === 'ENOTDIR' || code === 'ENOENT') throw notAFolder(location);
    throw new UserError(
      'location-unwritable',
      `The folder "${location}" cannot be written to (${code}); check its permissions and that its disk has room.`,
    );
  } finally {
    await rm(probe, { force: true }).catch(() => undefined); // a sweep takes it otherwise
  }
  await checkReadable(location);
}

function notAFolder(location: string): UserError {
  return new UserError('location-not-a-folder', `"${location}" is not a folder; name a folder instead.`);
}
