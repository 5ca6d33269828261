import type { FailureCode } from './failure.js';
import type { DueReason, Mode } from './job.js';
import type { Outcome } from './outcome.js';
import type { Requests } from './requests.js';

/** What a run tells while it goes on. Each is also one JSON line (report/json-lines.ts), with `type` first. */
export type RunEvent = RunStarted | Warning | Due | Retry | OutcomeEvent | Planned | Summary;

export interface RunStarted {
  readonly type: 'run';
  readonly id: string;
  readonly command: 'reprocess' | 'regenerate';
  readonly originals: string;
  readonly variants: string;
  readonly engine: 'local';
  readonly mode: Mode;
  readonly specs: readonly string[];
  readonly resumed: boolean;
  readonly dryRun: boolean;
  /** The run of which the failures are tried again, where that is what this one is for. */
  readonly retries?: string;
}

/** Something that a person should know, though the run goes on. */
export interface Warning {
  readonly type: 'warning';
  readonly code: 'conditional-writes-ignored' | 'started-anew' | 'adopted';
  readonly message: string;
}

/** A variant that a dry run would make. */
export interface Due {
  readonly type: 'due';
  readonly original: string;
  readonly variant: string;
  readonly key: string;
  readonly reason: DueReason;
}

/** What failed, and is tried once more at the end of the run; its outcome comes then. */
export interface Retry {
  readonly type: 'retry';
  readonly original: string;
  readonly variant: string | null;
  readonly code: FailureCode;
  readonly detail: string;
}

export type OutcomeEvent = { readonly type: 'outcome' } & Outcome;

/** How far the plan has come: for progress, not a JSON line. Sums since the run's start. */
export interface Planned {
  readonly type: 'planned';
  /** Originals that were listed. */
  readonly listed: number;
  /** Originals with something due, also where that failed in planning already. */
  readonly jobs: number;
  /** Whether the listing has come to its end. */
  readonly ended: boolean;
}

/** `originals` and `upToDate` count originals; `due`, `made` and `failed` count variants. */
export interface Summary {
  readonly type: 'summary';
  readonly originals: number;
  readonly due: number;
  readonly made: number;
  readonly upToDate: number;
  readonly failed: number;
  readonly bytesRead: number;
  readonly bytesWritten: number;
  readonly seconds: number;
  /** To buckets, each attempt counted. */
  readonly requests: Requests;
  /** What it cost in USD; folders cost nothing. Null: it did cost something, and how much is not known. */
  readonly usd: number | null;
  readonly resumed: boolean;
  /** Whether the run came to its end; false when it was interrupted. Then due = made + failed does not hold. */
  readonly complete: boolean;
  /** The limit that ended the run, if one did. */
  readonly stoppedBy: 'failures' | null;
}
