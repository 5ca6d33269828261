import type { FailureCode } from './failure.js';
import type { Requests } from './requests.js';

/** What became of a run. `killed`: its record says that it goes on, and nobody holds the root any more. */
export type RunState = 'running' | 'killed' | 'interrupted' | 'stopped' | 'complete';

/** A run as it is remembered. Also a JSON line. */
export interface PastRun {
  readonly type: 'run-record';
  readonly id: string;
  readonly state: RunState;
  /** By which limit it is `stopped`; null where it is not, and where an earlier version of imgvar did not say. */
  readonly stoppedBy: 'failures' | 'cost' | null;
  readonly command: 'reprocess' | 'regenerate' | 'verify' | 'backup' | 'restore';
  readonly originals: string;
  readonly variants: string;
  readonly mode: string;
  /** Names of specs. */
  readonly specs: readonly string[];
  /** Which originals: every filter by its name. */
  readonly filter: Readonly<Record<string, string | number | readonly string[]>>;
  /** Options that were typed beside, by their names; the value of one that takes none is the empty text. */
  readonly terms: Readonly<Record<string, string>>;
  /** ISO 8601, by the store's clock. */
  readonly startedAt: string;
  /** Of work, over all sessions. */
  readonly seconds: number;
  readonly sums: {
    readonly originals: number;
    readonly due: number;
    readonly made: number;
    readonly upToDate: number;
    readonly failed: number;
    readonly bytesRead: number;
    readonly bytesWritten: number;
  };
  readonly requests: Requests;
  /** What is not gone through yet: what comes after `after`, up to and with `upTo`; null is the end. */
  readonly left: readonly { readonly after: string; readonly upTo: string | null }[];
  /** Whether what failed, and may pass, is still to be tried again. */
  readonly secondTry: 'open' | 'done' | 'none';
  /** How many failures there are of each code. One without a variant stands for all that were due of its original. */
  readonly failures: Readonly<Partial<Record<FailureCode, number>>>;
}
