import type { Bill, DueCounts, Estimate, Uncounted } from './estimate.js';
import type { FailureCode } from './failure.js';
import type { Invoked, Pace } from './invoked.js';
import type { DueReason, Mode } from './job.js';
import type { Outcome } from './outcome.js';
import type { Requests } from './requests.js';

/** What a run tells while it goes on. Each is also one JSON line (report/json-lines.ts), with `type` first. */
export type RunEvent = RunStarted | Warning | Due | Retry | Again | OutcomeEvent | Planned | Counted | Paced | Estimated | Invalidated | Summary;

export interface RunStarted {
  readonly type: 'run';
  readonly id: string;
  readonly command: 'reprocess' | 'regenerate' | 'verify' | 'backup' | 'restore';
  readonly originals: string;
  readonly variants: string;
  readonly engine: 'local' | 'lambda';
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
  readonly code: 'conditional-writes-ignored' | 'started-anew' | 'adopted' | 'function-lacks-spec' | 'function-unknown' | 'copies-stay' | 'checkpoint-damaged';
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

/** From now on what failed at first is tried once more: not a JSON line. */
export interface Again {
  readonly type: 'again';
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

/** What the run has to do in all, once that is known before the plan has come to its end: for progress, not a JSON line. */
export interface Counted {
  readonly type: 'counted';
  /** Originals with something due. */
  readonly jobs: number;
}

/** How fast the fan-out goes, now and then: for progress, not a JSON line. */
export interface Paced extends Pace {
  readonly type: 'paced';
  /** What the run has cost so far; null where no prices are known. */
  readonly usd: number | null;
}

/** What a dry run expects of the run that it is for. */
export interface Estimated extends Estimate {
  readonly type: 'estimate';
  /** Originals with something due. */
  readonly originals: number;
  readonly variants: number;
  readonly due: DueCounts;
  /** The same for all variants of the same originals, whatever exists; null where that is what is due, and where it has no price. */
  readonly all: { readonly variants: number; readonly usd: number; readonly seconds: number } | null;
  /** What is billed or takes time besides, and is in no figure. */
  readonly uncounted: readonly Uncounted[];
  /** Everything that the figures stand on, by name. */
  readonly assumptions: Readonly<Record<string, string | number | boolean>>;
}

/** What CloudFront is to forget, as it was replaced; in a dry run, as it would be. */
export interface Invalidated {
  readonly type: 'invalidation';
  readonly distribution: string;
  /** `planned` comes first, with the cost. */
  readonly state: 'planned' | 'created';
  /** As CloudFront takes them: encoded, folded into wildcards where there are many. */
  readonly paths: readonly string[];
  /** How many of them end in `*`. */
  readonly wildcards: number;
  /** What it costs at the most: where the month's free paths are used up. */
  readonly usd: number;
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
  /** What Lambda was asked to do. */
  readonly invoked: Invoked;
  /** What it cost in USD, by list prices; folders cost nothing. Null: no prices are known for that region. */
  readonly usd: number | null;
  /** Line by line, beside what was to be expected; null as `usd` is, and where nothing is billed. */
  readonly bill: Bill | null;
  /** Of all cores, for the work. */
  readonly cpuSeconds: number;
  readonly resumed: boolean;
  /** Whether the run came to its end; false when it was interrupted. Then due = made + failed does not hold. */
  readonly complete: boolean;
  /** The limit that ended the run, if one did. */
  readonly stoppedBy: 'failures' | 'cost' | null;
}
