import { link, lstat, readFile, stat, unlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Failure } from '../model/failure.js';
import { UserError } from '../model/user-error.js';
import { diskTrouble, errnoOf, isAbsent } from './folder-error.js';
import { isFolderName, namesIn, textOf } from './folder-names.js';
import { madeFolder, pathOf, realFolder, throughLink } from './folder-path.js';
import { tempName } from './folder-temp.js';
import { replaceFile } from './folder-write.js';
import { OWN_FOLDER } from './key.js';
import { NO_REQUESTS } from '../model/requests.js';
import type { OwnFiles } from './own-files.js';

/** @param realRoot the root without links; its folder may not exist yet */
export function folderOwnFiles(location: string, realRoot: () => Promise<string>): OwnFiles {
  const names = (name: string): string[] => [OWN_FOLDER, ...name.split('/')];
  const pathFor = async (name: string): Promise<string> => {
    const all = names(name);
    return pathOf(await realFolder(await realRoot(), all.slice(0, -1)), all.slice(-1));
  };
  const madePathFor = async (name: string): Promise<string> => {
    const all = names(name);
    return pathOf(await madeFolder(await realRoot(), all.slice(0, -1)), all.slice(-1));
  };
  /** Where nothing is; but our folder may be a link to nothing, such as to a disk that is not there now. */
  const refuseLink = async (): Promise<void> => {
    const found = await realRoot().then((root) => lstat(pathOf(root, [OWN_FOLDER]))).catch(() => undefined);
    if (found?.isSymbolicLink() === true) throw throughLink();
  };
  const orTold = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      const path = join(location, ...names(name));
      if (error instanceof Failure) {
        throw new UserError('location-unwritable', `"${path}" cannot be used (${error.detail}); ${OWN_FOLDER} must be a folder, and --checkpoint keeps the records of runs elsewhere.`);
      }
      const code = errnoOf(error);
      if (code === undefined) throw error;
      const trouble = diskTrouble(error, location);
      if (trouble !== undefined) throw trouble;
      throw new UserError('location-unwritable', `"${path}" cannot be read or written (${code}); check its permissions and the disk.`);
    }
  };

  return {
    location: `${join(location, OWN_FOLDER)}/`,
    // What files are dated by advances a few times in a hundredth of a second.
    clockStep: 10,
    requests: NO_REQUESTS,

    read: (name) =>
      orTold(name, async () => {
        try {
          const path = await pathFor(name);
          const [bytes, { mtimeMs }] = await Promise.all([readFile(path), stat(path)]);
          return { bytes, lastModified: Math.floor(mtimeMs) };
        } catch (error) {
          if (!isAbsent(error)) throw error;
          await refuseLink();
          return undefined;
        }
      }),

    write: (name, bytes) => orTold(name, async () => replaceFile(await madePathFor(name), bytes)),

    create: (name, bytes) => orTold(name, async () => createFile(await madePathFor(name), bytes)),

    list: (prefix) =>
      orTold(prefix, async () => {
        const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
        try {
          const found = await namesIn(dirname(await pathFor(`${folder}.`)), true);
          return found.filter((name) => !isFolderName(name)).map((name) => folder + textOf(name)).filter((name) => name.startsWith(prefix));
        } catch (error) {
          if (!isAbsent(error)) throw error;
          await refuseLink();
          return [];
        }
      }),

    remove: (name) => pathFor(name).then(unlink).catch(() => undefined),
  };
}

/** A link cannot replace anything, so whoever makes it first has the name, and its content is whole from the start. */
async function createFile(path: string, bytes: Uint8Array): Promise<boolean> {
  const temp = join(dirname(path), tempName());
  await writeFile(temp, bytes, { flag: 'wx' });
  try {
    await link(temp, path).catch(async (error: unknown) => {
      // Some file systems have no links; then the name alone must do.
      if (errnoOf(error) === 'EEXIST') throw error;
      await writeFile(path, bytes, { flag: 'wx' });
    });
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await unlink(temp).catch(() => undefined);
  }
}
