import type { StoredObject } from '../model/original.js';
import type { Spec } from '../model/spec.js';

/** What the plan knows beyond the two listings. */
export interface Past {
  /** When the run began, in milliseconds by the clock of the variants' store. */
  readonly startedAt: number;
  /** What time it is by that clock. A run that is gone on with has begun long before. */
  now(): number;
  /**
   * Whether a variant that was written then may be of an earlier content than that of this time, though it is newer: the original may have
   * been replaced while it was worked on, by a run that was cut off, or failed with it.
   */
  isInDoubt(modifiedAt: number, writtenAt: number): boolean;
  /** How exact that clock is, in milliseconds: in a bucket, a variant's time is that of the beginning of its second. */
  readonly precision: number;
  /** Whether a variant that was written then was made by another spec than the present one. */
  isStale(spec: Spec, writtenAt: number): boolean;
  /** Where what is made is a copy: whether the two, as they are listed, are surely the same, or surely not. */
  readonly compare?: (original: StoredObject, copy: StoredObject) => 'same' | 'different' | 'unknown';
}
