import type { StoredObject } from '../model/original.js';
import type { Spec } from '../model/spec.js';

/** What the plan knows beyond the two listings. */
export interface Past {
  /** When the run began, in milliseconds by the clock of the variants' store. */
  readonly startedAt: number;
  /** How exact that clock is, in milliseconds: in a bucket, a variant's time is that of the beginning of its second. */
  readonly precision: number;
  /** Whether a variant that was written then was made by another spec than the present one. */
  isStale(spec: Spec, writtenAt: number): boolean;
  /** Where what is made is a copy: whether the two, as they are listed, are surely the same, or surely not. */
  readonly compare?: (original: StoredObject, copy: StoredObject) => 'same' | 'different' | 'unknown';
}
