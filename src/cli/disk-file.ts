import path from 'node:path';
import { Failure } from '../model/failure.js';
import type { StoredObject } from '../model/original.js';
import { UserError } from '../model/user-error.js';
import { readFailure } from '../store/folder-error.js';
import { realPath } from '../store/folder-path.js';
import { folderStore } from '../store/folder.js';
import { statIfHeld } from '../store/stat-if-held.js';
import type { Store } from '../store/store.js';

/** An original, and where it is. */
export interface FoundOriginal {
  readonly store: Store;
  readonly original: StoredObject;
}

/**
 * A file of this disk, or the one that a link leads to, wherever that is.
 *
 * @param cwd to which a relative path is relative
 * @returns undefined where there is none
 * @throws UserError `location-unreadable` where this user may not look
 */
export async function fileOfDisk(typed: string, cwd: string): Promise<FoundOriginal | undefined> {
  try {
    const file = await realPath(path.resolve(cwd, typed));
    const store = folderStore(path.dirname(file));
    const original = await statIfHeld(store, path.basename(file));
    return original && { store, original };
  } catch (error) {
    const failure = readFailure(error);
    if (!(failure instanceof Failure)) throw failure;
    if (failure.code === 'original-missing' || failure.code === 'invalid-key') return undefined;
    throw new UserError('location-unreadable', `"${typed}" cannot be looked at (${failure.message}); allow reading it.`);
  }
}
