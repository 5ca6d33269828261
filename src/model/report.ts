import type { Bill } from './estimate.js';
import type { FailureCode } from './failure.js';
import type { PastRun } from './past-run.js';

/** A picture, small enough for a page, or why there is none. */
export interface Shown {
  /** The spec's name; empty for the original itself. */
  readonly name: string;
  readonly key: string;
  /** Of the object itself; null where it does not exist. */
  readonly bytes: number | null;
  /** webp; null where it could not be read. */
  readonly image: Uint8Array | null;
  /** Why there is no picture. */
  readonly trouble: FailureCode | null;
}

/** An original with its variants, to be looked at. */
export interface SheetRow {
  readonly original: Shown;
  readonly variants: readonly Shown[];
}

/** What a spec would come to in another format, as a multiple of its bytes now. */
export interface Saving {
  readonly format: 'webp' | 'avif';
  readonly ratio: number;
}

export interface ReportedSpec {
  readonly name: string;
  readonly made: number;
  readonly bytes: number;
  readonly savings: readonly Saving[];
}

export interface ReportedFailures {
  readonly code: FailureCode;
  readonly count: number;
  /** The first of them. */
  readonly first: readonly { readonly original: string; readonly variant: string | null; readonly detail: string }[];
}

/** All that a report of a run tells. */
export interface RunReport {
  readonly run: PastRun;
  readonly bill: Bill | null;
  /** 0 for folders, null where no prices are known. */
  readonly usd: number | null;
  readonly cpuSeconds: number;
  /** What happened since the point before, a second. */
  readonly rates: readonly { readonly seconds: number; readonly originals: number; readonly failed: number }[];
  readonly failures: readonly ReportedFailures[];
  readonly specs: readonly ReportedSpec[];
  readonly sheet: readonly SheetRow[];
  /** Originals that were made again to see what other formats come to. */
  readonly sampled: number;
}
