import { Failure } from '../model/failure.js';

/** Holds imgvar's own state at a location's root; never an original or a variant. */
export const OWN_FOLDER = '.imgvar';

/**
 * Upper case leads no key to imgvar's own files either: many disks take `.IMGVAR` for the same folder.
 *
 * @throws Failure `invalid-key` for what no store takes as the key of an object
 */
export function checkKey(key: string): void {
  if (key === '') throw new Failure('invalid-key', 'the key is empty');
  if (!isUnicode(key)) throw new Failure('invalid-key', 'the key is not valid Unicode');
  const [first = ''] = key.split('/', 1);
  if (first.toLowerCase() === OWN_FOLDER) {
    throw new Failure('invalid-key', `${first} is kept for imgvar's own files`);
  }
}

/** Half a surrogate pair has no UTF-8 form: encoding would silently change it to U+FFFD, and so name another object. */
export function isUnicode(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}
