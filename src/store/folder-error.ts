import { Failure } from '../model/failure.js';

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

/** What writing failed with, as a Failure; bugs stay what they are. */
export function writeFailure(error: unknown): unknown {
  const code = errnoOf(error);
  switch (code) {
    case undefined:
      return error;
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new Failure('access-denied', code);
    case 'ENAMETOOLONG':
      return new Failure('invalid-key', 'the path is too long for this file system');
    case 'ELOOP':
      return new Failure('invalid-key', 'symbolic links lead in a circle');
    default:
      return new Failure('write-failed', code);
  }
}
