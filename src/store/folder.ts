import { resolve } from 'node:path';
import { Failure } from '../model/failure.js';
import { NO_REQUESTS } from '../model/requests.js';
import { checkReadable, checkWritable } from './folder-check.js';
import { errnoOf, isAbsent, readFailure, writeFailure } from './folder-error.js';
import { contentOf, objectOf, regularFile, type RegularFile } from './folder-file.js';
import { folderOwnFiles } from './folder-own.js';
import { madeFolder, makeRoot, namesOf, pathOf, realFolder, realPath } from './folder-path.js';
import { listFolder, refusedAs } from './folder-walk.js';
import { removeFile } from './folder-remove.js';
import { replaceFile } from './folder-write.js';
import type { Store } from './store.js';

/**
 * A folder on a disk. Keys are paths below it, in UTF-8. Nothing outside it is read or written, and below it no link to
 * a folder is followed; the folder itself may be one.
 *
 * @param root absolute, or relative to the working directory
 */
export function folderStore(root: string): Store {
  const location = resolve(root);

  /** Found out once: a link that is turned elsewhere during a run must not split the run over two folders. */
  let known: string | undefined;
  const realRoot = async (): Promise<string> => (known ??= await realPath(location));

  const find = async (key: string): Promise<RegularFile | undefined> => {
    const names = namesOf(key);
    const real = await realRoot();
    const folder = await realFolder(real, names.slice(0, -1));
    return regularFile(real, pathOf(folder, names.slice(-1)));
  };

  const replace = async (names: readonly string[], bytes: Uint8Array, mode: number | undefined): Promise<void> => {
    const real = await realRoot().catch(async (error: unknown) => {
      if (errnoOf(error) !== 'ENOENT') throw error;
      await makeRoot(location);
      return realRoot();
    });
    const folder = await madeFolder(real, names.slice(0, -1));
    await replaceFile(pathOf(folder, names.slice(-1)), bytes, mode);
  };

  const own = folderOwnFiles(location, realRoot);

  return {
    location,

    own,
    requests: NO_REQUESTS,
    region: async () => null,

    async check(access) {
      await (access === 'read' ? checkReadable(location) : checkWritable(location));
      // What killed writers left at the root of imgvar's own files, where nothing else is listed.
      if (access === 'write') await own.list('');
      return [];
    },

    async *list(prefix, options = {}) {
      const real = await realRoot().catch((error: unknown) => error);
      if (typeof real === 'string') yield* listFolder(real, prefix, options);
      else if (!isAbsent(real)) yield [refusedAs(prefix, real)];
    },

    async read(key, maxBytes) {
      try {
        const file = await find(key);
        if (file === undefined) throw new Failure('original-missing', '');
        const { bytes, stats } = await contentOf(file, maxBytes);
        return { bytes, object: objectOf(key, stats), mode: Number(stats.mode & 0o777n) };
      } catch (error) {
        throw readFailure(error);
      }
    },

    async stat(key) {
      try {
        const file = await find(key);
        return file && objectOf(key, file.stats);
      } catch (error) {
        if (isAbsent(error)) return undefined;
        throw readFailure(error);
      }
    },

    async write(key, bytes, { mode }) {
      const names = namesOf(key);
      try {
        await replace(names, bytes, mode).catch((error: unknown) => {
          // Someone took the folder away between its making and the file's: once more, from the start.
          if (errnoOf(error) !== 'ENOENT') throw error;
          return replace(names, bytes, mode);
        });
      } catch (error) {
        throw writeFailure(error, location);
      }
    },

    async delete(keys) {
      const failures = new Map<string, Failure>();
      for (const key of keys) {
        try {
          const names = namesOf(key);
          await removeFile(await realRoot(), names);
        } catch (error) {
          if (isAbsent(error)) continue;
          const failure = error instanceof Failure ? error : writeFailure(error, location);
          if (!(failure instanceof Failure)) throw failure;
          failures.set(key, failure);
        }
      }
      return failures;
    },

    keepsVersions: () => Promise.resolve(false),
  };
}
