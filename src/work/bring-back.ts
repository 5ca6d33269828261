import { Failure } from '../model/failure.js';
import type { Copier } from '../store/copier.js';

/** How often a place that changes under our hands is looked at again before it is a failure. */
const ATTEMPTS = 5;

/**
 * Brings an original back from its copy. What is in its place stays, unless it is to be replaced; an upload that comes between
 * is never overwritten.
 *
 * @param copier from the backup to the originals
 * @returns the bytes that were copied; 0 where the same content was there already
 * @throws Failure `backup-missing`, `original-present`
 */
export async function bringBack(key: string, copier: Copier, replace: boolean): Promise<number> {
  // What is found after a copy was refused may be that very copy, of which only the answer was lost.
  let bytesIfThere = 0;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const [source, existing] = await Promise.all([copier.source(key), copier.existing(key)]);
    if (source === undefined) throw new Failure('backup-missing', '');
    const { original, madeFrom } = source;
    if (existing !== undefined && [original.etag, madeFrom].includes(existing.etag)) return bytesIfThere;
    if (existing !== undefined && !replace) {
      // ETags of what KMS encrypts are new with every write.
      if (existing.size === original.size && (await copier.isSame(key))) return bytesIfThere;
      throw new Failure('original-present', 'with other content than its backup');
    }
    if ((await copier.copy(source, existing)) !== 'overtaken') return original.size;
    bytesIfThere = original.size;
  }
  throw new Failure('original-changed', `${ATTEMPTS} times while it was brought back`);
}
