import { Failure } from '../model/failure.js';
import { UserError } from '../model/user-error.js';
import { RowFault } from './text.js';

/** @param problem what is wrong with it and what to do, as a sentence goes on after the file's name, without the dot */
export function invalidManifest(file: string, problem: string): UserError {
  return new UserError('manifest-invalid', `${file} ${problem}.`);
}

/** Trouble while row `row` of a file was read, as a mistake that a person can mend; anything else stays what it is. */
export function rowError(file: string, row: number, error: unknown): unknown {
  if (error instanceof RowFault) return invalidManifest(`${file}, row ${row},`, error.message);
  if (!(error instanceof Error) || error instanceof UserError) return error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (code === 'Z_BUF_ERROR') return invalidManifest(file, `ends in the middle of its gzip data, after row ${row - 1}; copy it again`);
  if (code.startsWith('Z_')) return invalidManifest(file, `is not gzip data, or damaged, after row ${row - 1}; copy it again`);
  if (error instanceof Failure) return unreadable(file, error.code, error.message);
  // Of the system; what has no such code is a bug.
  return code === '' || code.startsWith('ERR_') ? error : unreadable(file, code, code);
}

/** @param what was found, as a person may look it up */
function unreadable(file: string, code: string, found: string): UserError {
  const because = (problem: string): UserError => new UserError('manifest-unreadable', `The manifest ${file} ${problem}.`);
  if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'original-missing') return because('does not exist; check its name');
  if (code === 'EISDIR') return because('is a folder; give the file in it');
  if (code === 'invalid-key') return because('has no name that an object can have; check it');
  if (code === 'too-large') return because('is too large to be read from a bucket; download it, and give the file');
  if (code === 'EACCES' || code === 'EPERM' || code === 'access-denied') return because(`cannot be read (${found}); allow reading it`);
  return because(`cannot be read (${found}); try again`);
}
