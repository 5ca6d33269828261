import type { StoredObject } from './original.js';
import type { Spec } from './spec.js';

/** Which variants a run makes. */
export const MODES = ['due', 'missing', 'all'] as const;
export type Mode = (typeof MODES)[number];

/** Why a variant needs work. */
export type DueReason = 'missing' | 'original-newer' | 'spec-changed' | 'forced' | 'retried' | 'copy-differs';

/** One variant that needs work. */
export interface DueVariant {
  readonly spec: Spec;
  /** Where it goes, relative to the variants' root. */
  readonly key: string;
  readonly reason: DueReason;
}

/** The unit of work: one original and its due variants. JSON-safe, so that it can be sent to any engine. */
export interface Job {
  readonly original: StoredObject;
  readonly due: readonly DueVariant[];
}
