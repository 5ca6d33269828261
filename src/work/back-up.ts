import { Failure } from '../model/failure.js';
import type { Copier } from '../store/copier.js';

/** What became of one original's backup. */
export interface BackedUp {
  /** `present`: a copy of just this content was there already. */
  readonly result: 'copied' | 'present';
  /** Of the original. */
  readonly bytes: number;
}

/** How often an original that changes under our hands is copied again before it is a failure. */
const ATTEMPTS = 5;

/**
 * Backs up one original, and ends only when the copy is seen to be one of the original as it is now: so of two that do
 * this at once, and of notices that come twice or late, none leaves a copy of older content on top.
 *
 * @param replaces whether a copy of other content is replaced; default true
 * @throws Failure
 */
export async function backUp(key: string, copier: Copier, { replaces = true } = {}): Promise<BackedUp> {
  let copied = false;
  for (let attempt = 0; attempt <= ATTEMPTS; attempt++) {
    const [source, existing] = await Promise.all([copier.source(key), copier.existing(key)]);
    // A copy that was made outlives its original: that is what it is for.
    if (source === undefined && copied) return { result: 'copied', bytes: 0 };
    if (source === undefined) throw new Failure('original-missing', '');
    const { etag, size } = source.original;
    if (existing?.sourceEtag === etag) return { result: copied ? 'copied' : 'present', bytes: size };
    // Where no versions are kept, a copy may be all that is left of older content.
    if (existing !== undefined && !replaces && !copied) return { result: 'present', bytes: 0 };
    const made = await copier.copy(source, existing);
    if (made === 'unmarked') return { result: 'copied', bytes: size };
    copied ||= made === 'copied';
  }
  throw new Failure('original-changed', `${ATTEMPTS} times while it was copied`);
}
