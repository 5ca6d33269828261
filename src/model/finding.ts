import type { FailureCode } from './failure.js';
import type { DueReason } from './job.js';

/**
 * What verify may find. `missing`, `stale` and `damaged` variants can be made again; `unmakeable` ones cannot before a person
 * mends something; `orphaned` objects are variants of nothing that exists, and `foreign` ones are no variants.
 */
export const FINDING_KINDS = ['missing', 'stale', 'damaged', 'unmakeable', 'orphaned', 'foreign'] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

/** Why an object that is there belongs to no original and spec that exist. */
export type UnownedCode = 'original-gone' | 'spec-gone' | 'foreign';

export type FindingCode = Exclude<DueReason, 'forced' | 'retried'> | UnownedCode | FailureCode;

/** Something that is not as it should be. */
export interface Finding {
  readonly type: 'finding';
  readonly kind: FindingKind;
  readonly code: FindingCode;
  /** Null for what belongs to none. */
  readonly original: string | null;
  /** A spec's name; null for what is of none, or where it is about all of an original. */
  readonly variant: string | null;
  /** Of the variant; null where it is about the original. */
  readonly key: string | null;
  /** Of what is there; 0 where nothing is. */
  readonly bytes: number;
  /** What was found, in a few words; may be empty. */
  readonly detail: string;
}

export interface FindingSum {
  readonly kind: FindingKind;
  readonly code: FindingCode;
  readonly count: number;
  readonly bytes: number;
}

/** What verify comes to. */
export interface Verified {
  readonly type: 'verified';
  readonly originals: number;
  /** Variants that are there and, as far as they were looked at, right. */
  readonly right: { readonly count: number; readonly bytes: number };
  /** Originals whose variants were read and decoded. */
  readonly read: number;
  /** Variants that were read and have nothing that says by which spec and of which content they were made: not checked. */
  readonly unproven: number;
  readonly findings: readonly FindingSum[];
  /** Whether every variant that should be there is there and right; with `strict`, and nothing else. */
  readonly isRight: boolean;
  readonly seconds: number;
}
