import { Failure } from '../model/failure.js';
import { checkKey } from './key.js';

/** Bytes of an object's whole key. Source: Amazon S3 User Guide, "Naming Amazon S3 objects". */
export const LONGEST_KEY = 1024;

/**
 * The whole key of an object below a prefix.
 *
 * Not taken, though S3 may hold such keys: `.` and `..` as a segment, which clients and proxies on the way resolve, and
 * so reach another object; and a `/` at the end, which marks a folder.
 *
 * @throws Failure `invalid-key`
 */
export function objectKey(prefix: string, key: string): string {
  checkKey(key);
  if (key.includes('\0')) throw new Failure('invalid-key', 'it holds a NUL character');
  if (key.endsWith('/')) throw new Failure('invalid-key', 'it ends in /, as the mark of a folder does');
  const whole = prefix + key;
  if (/(^|\/)\.\.?(\/|$)/.test(whole)) throw new Failure('invalid-key', 'it has . or .. for a segment');
  if (Buffer.byteLength(whole) > LONGEST_KEY) throw new Failure('invalid-key', `longer than ${LONGEST_KEY} bytes`);
  return whole;
}

/** Keys come percent-encoded, as XML has no place for control characters; S3 writes a space as `+`. */
export function decodeListed(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '));
}
