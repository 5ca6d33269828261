import { Failure } from '../model/failure.js';
import { UserError } from '../model/user-error.js';

/** The system's name for what went wrong (`ENOENT`), or undefined if it was not the system: then it is a bug. */
export function errnoOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('errno' in error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** Nothing is there: no such name, or a file stands where a folder would have to be. */
export function isAbsent(error: unknown): boolean {
  const code = errnoOf(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/** What reading, statting or listing failed with, as a Failure; bugs stay what they are. */
export function readFailure(error: unknown): unknown {
  const code = errnoOf(error);
  switch (code) {
    case undefined:
      return error;
    case 'ENOENT':
    case 'ENOTDIR':
      return new Failure('original-missing', '');
    case 'EACCES':
    case 'EPERM':
      return new Failure('access-denied', code);
    case 'ENAMETOOLONG':
      return new Failure('invalid-key', 'the path is too long for this file system');
    case 'ELOOP':
      return new Failure('invalid-key', 'symbolic links lead in a circle');
    default:
      return new Failure('read-failed', code);
  }
}

/** What no write can do anything about, with what a person can. */
const DISK_TROUBLE: Readonly<Record<string, string>> = {
  ENOSPC: 'its disk is full; make room',
  EDQUOT: 'the quota there is used up; raise it or make room',
  EROFS: 'it is on a disk that has become read-only; make it writable',
};

/** Trouble that every other write would have as well; undefined for any other. @param location as a person writes it */
export function diskTrouble(error: unknown, location: string): UserError | undefined {
  const code = errnoOf(error) ?? '';
  const trouble = DISK_TROUBLE[code];
  return trouble === undefined ? undefined : new UserError('location-unwritable', `"${location}" takes no more files (${code}): ${trouble} and run the same command.`);
}

/** What writing failed with, as a Failure, or a UserError where the disk takes no more; bugs stay what they are. */
export function writeFailure(error: unknown, location: string): unknown {
  const trouble = diskTrouble(error, location);
  if (trouble !== undefined) return trouble;
  const code = errnoOf(error);
  switch (code) {
    case undefined:
      return error;
    case 'EACCES':
    case 'EPERM':
      return new Failure('access-denied', code);
    case 'ENAMETOOLONG':
      return new Failure('invalid-key', 'the path is too long for this file system');
    case 'ELOOP':
      return new Failure('invalid-key', 'symbolic links lead in a circle');
    default:
      return new Failure('write-failed', code);
  }
}
