import { FAILURE_CODES, type FailureCode } from './failure.js';
import type { DueReason } from './job.js';
import type { Requests } from './requests.js';

/** A variant that was written. */
export interface Made {
  readonly result: 'made';
  readonly original: string;
  /** The spec's name. */
  readonly variant: string;
  readonly key: string;
  readonly bytes: number;
  readonly width: number;
  readonly height: number;
  readonly reason: DueReason;
}

/** A variant that could not be made; with `variant` null, every due variant of the original. */
export interface Failed {
  readonly result: 'failed';
  readonly original: string;
  readonly variant: string | null;
  readonly code: FailureCode;
  readonly retryable: boolean;
  /** What was found, in a few words; may be empty. */
  readonly detail: string;
}

/** What became of one variant. */
export type Outcome = Made | Failed;

/** What became of one job. Every due variant is counted by exactly one outcome. */
export interface JobResult {
  readonly original: string;
  /** The names of the specs that were due. */
  readonly due: readonly string[];
  readonly outcomes: readonly Outcome[];
  readonly bytesRead: number;
  /** To buckets, since the last result of the same worker. */
  readonly requests: Requests;
  /** Of all cores, for the work, since the last result of the same worker. */
  readonly cpuSeconds: number;
  /** Of variants that were looked at, those of which nothing says by what they were made. Absent where none were looked at. */
  readonly unproven?: number;
}

/** @param variant the spec's name; null for every due variant */
export function failed(original: string, variant: string | null, { code, detail }: { code: FailureCode; detail: string }): Failed {
  return { result: 'failed', original, variant, code, retryable: FAILURE_CODES[code], detail };
}
