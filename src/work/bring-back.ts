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
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const [source, existing] = await Promise.all([copier.source(key), copier.existing(key)]);
    if (source === undefined) throw new Failure('backup-missing', '');
    const { original, madeFrom } = source;
    if (existing !== undefined && [original.etag, madeFrom].includes(existing.etag)) return 0;
    if (existing !== undefined && !replace) throw new Failure('original-present', 'with other content than its backup');
    if ((await copier.copy(source, existing)) !== 'overtaken') return original.size;
  }
  throw new Failure('original-changed', `${ATTEMPTS} times while it was brought back`);
}
