import type { Job } from '../model/job.js';
import type { JobResult } from '../model/outcome.js';

/** Where jobs are done: a stream of jobs in, a stream of results out, in the order in which they are ready. */
export interface Engine {
  readonly name: 'local';
  /** How often each request of a job is sent at the most, with all repetitions of everything that repeats. */
  readonly mostTries: number;
  /**
   * Takes jobs no faster than they are done, and yields exactly one result for each. When `jobs` ends, what is in flight
   * is still finished. Ending the result stream early stops the work at once.
   * @throws whatever a bug throws, here or in a worker; expected trouble is a failed outcome
   */
  run(jobs: AsyncIterable<Job>): AsyncIterable<JobResult>;
}
