import type { Summary } from '../model/events.js';
import type { JobResult, Outcome } from '../model/outcome.js';
import { addRequests, NO_REQUESTS, type Requests } from '../model/requests.js';

/** What a run has come to so far. */
export class Tally {
  originals = 0;
  upToDate = 0;
  /** Originals with something due, also where that failed in planning already. */
  jobs = 0;
  due = 0;
  /** Whether the run was interrupted before its plan came to its end. */
  cutShort = false;
  #made = 0;
  #failed = 0;
  #bytesRead = 0;
  #bytesWritten = 0;
  #requests: Requests = NO_REQUESTS;
  readonly #startedAt = performance.now();

  /** @param due how many variants of the original these outcomes stand for: a failure without a variant counts for all */
  addOutcomes(outcomes: readonly Outcome[], due: number): void {
    for (const outcome of outcomes) {
      if (outcome.result === 'made') {
        this.#made += 1;
        this.#bytesWritten += outcome.bytes;
      } else {
        this.#failed += outcome.variant === null ? due : 1;
      }
    }
  }

  addResult(result: JobResult): void {
    this.addOutcomes(result.outcomes, result.due);
    this.#bytesRead += result.bytesRead;
    this.#requests = addRequests(this.#requests, result.requests);
  }

  /** @param own requests that this process sent itself, for the plan */
  summary(own: Requests): Summary {
    const requests = addRequests(this.#requests, own);
    const anySent = Object.values(requests).some((count) => count > 0);
    return {
      type: 'summary',
      originals: this.originals,
      due: this.due,
      made: this.#made,
      upToDate: this.upToDate,
      failed: this.#failed,
      bytesRead: this.#bytesRead,
      bytesWritten: this.#bytesWritten,
      seconds: Math.round(performance.now() - this.#startedAt) / 1000,
      requests,
      usd: anySent ? null : 0,
      resumed: false,
      complete: !this.cutShort,
    };
  }
}
