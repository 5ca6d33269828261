import type { Invoked, Pace } from '../model/invoked.js';
import type { Job } from '../model/job.js';
import type { JobResult } from '../model/outcome.js';

/** Where jobs are done: a stream of jobs in, a stream of results out, in the order in which they are ready. */
export interface Engine {
  readonly name: 'local' | 'lambda';
  /** How often each request of a job is sent at the most, with all repetitions of everything that repeats. */
  readonly mostTries: number;
  /** What Lambda was asked to do until now; absent where the work is done on this machine. */
  readonly invoked?: Invoked;
  /** What one invocation is billed for at the most; each job may be alone in its own. */
  readonly mostInvoked?: Invoked;
  /** At present; absent where the pace is this machine's. */
  readonly pace?: Pace;
  /**
   * Takes jobs no faster than they are done, and yields exactly one result for each. When `jobs` ends, what is in flight
   * is still finished. Ending the result stream early stops the work at once.
   * @throws whatever a bug throws, here or in a worker; UserError for what a person must mend before any work can go on;
   *   expected trouble is a failed outcome
   */
  run(jobs: AsyncIterable<Job>, control?: EngineControl): AsyncIterable<JobResult>;
}

/** What an engine asks whoever runs it, and is told. */
export interface EngineControl {
  /** Whether there is money at present to have Lambda do these once more. Default: always. */
  readonly mayRepeat?: (jobs: readonly Job[]) => boolean;
  /** Waited for before any job is begun, also once more; what it throws ends all the work at once. Default: nothing. */
  readonly beforeWork?: () => Promise<void>;
  /** Aborted: all the work is stopped at once, with an AbortError. Default: never. */
  readonly signal?: AbortSignal;
}
