import { constants } from 'node:fs';
import { open, rename, unlink, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { tempName } from './folder-temp.js';
import { withOpenFile } from './open-files.js';

/** Never through a name that is already there, whatever it is. */
const NEW_FILE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

/**
 * Puts the bytes under the path, whole or not at all: they go to a temporary file in the same folder, which is renamed.
 * What had the name, also a link, is replaced.
 *
 * @param mode of the file, also while it is written, less the umask
 * @throws errno errors; what was there before is then still there
 */
export async function replaceFile(path: string, bytes: Uint8Array, mode = 0o666): Promise<void> {
  const temp = join(dirname(path), tempName());
  try {
    await withOpenFile(async () => fill(await open(temp, NEW_FILE, mode), bytes));
    await rename(temp, path);
  } catch (error) {
    await unlink(temp).catch(() => undefined); // gone, or left for a sweep; the write's own error matters more
    throw error;
  }
}

/**
 * The content is made durable before the name is: a file system may else keep the rename through a power
 * cut and not the bytes, and an empty variant that is newer than its original would never be made again. For 20 KB it
 * costs 0.1 to 0.4 ms more on a fast disk and some milliseconds on a slow one, waited for while other images are worked
 * on. The folder is not synced: a rename that is lost leaves the old file or none.
 */
async function fill(file: FileHandle, bytes: Uint8Array): Promise<void> {
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}
