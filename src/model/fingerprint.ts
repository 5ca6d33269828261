import { createHash } from 'node:crypto';
import type { Spec } from './spec.js';

/**
 * Raised by hand when the same spec comes to give a visibly other image; never by a new version of a package, or every
 * upgrade would make every variant again.
 */
export const PIPELINE = 1;

const NOT_IN_IT: readonly string[] = ['name', 'cacheControl'] satisfies (keyof Spec)[];

/**
 * A hash of everything in a spec that can change a byte of the result, and of the pipeline's own version: 16 hexadecimal
 * digits. A spec's name and its HTTP headers are not in it.
 */
export function fingerprintOf(spec: Spec): string {
  const fields = Object.entries({ ...normalised(spec), pipeline: PIPELINE })
    .filter(([field]) => !NOT_IN_IT.includes(field))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(fields)).digest('hex').slice(0, 16);
}

/** What is written by default where a spec has no quality of its own. The image room leaves it to sharp, whose it is. */
const QUALITY: Readonly<Partial<Record<Spec['format'], number>>> = { jpeg: 80, webp: 80, avif: 50 };

/** The same for effort. */
const EFFORT: Readonly<Partial<Record<Spec['format'], number>>> = { webp: 4, avif: 4, png: 7 };

/** Two specs that give the same bytes are one: a default that is written out changes nothing, nor does what has no effect. */
function normalised(spec: Spec): Spec {
  const cropsOrFrames = spec.fit === 'cover' || spec.fit === 'contain';
  return {
    ...spec,
    position: cropsOrFrames ? spec.position : 'centre',
    quality: spec.lossless ? null : (spec.quality ?? QUALITY[spec.format] ?? null),
    effort: spec.effort === EFFORT[spec.format] ? null : spec.effort,
    keep: [...spec.keep].sort(),
  };
}
