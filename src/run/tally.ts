import { addSums, NO_SUMS, type RunRecord, type Sums } from '../checkpoint/run-record.js';
import type { Summary } from '../model/events.js';
import type { JobResult } from '../model/outcome.js';
import { addRequests, NO_REQUESTS, type Requests } from '../model/requests.js';

/** What a result adds to the sums; a failure without a variant counts for all that were due. */
export function sumsOf({ outcomes, due, bytesRead }: JobResult): Pick<Sums, 'made' | 'failed' | 'bytesRead' | 'bytesWritten'> {
  const sums = { made: 0, failed: 0, bytesRead, bytesWritten: 0 };
  for (const outcome of outcomes) {
    if (outcome.result === 'made') {
      sums.made += 1;
      sums.bytesWritten += outcome.bytes;
    } else {
      sums.failed += outcome.variant === null ? due.length : 1;
    }
  }
  return sums;
}

/** What a run has come to so far, together with what it had come to before it was interrupted. */
export class Tally {
  sums: Sums;
  /** Of this session alone: originals with something due, also where that failed in planning already. */
  jobs = 0;
  /** Of these, how many are done, and how many of them with a failure. */
  jobsDone = 0;
  jobsFailed = 0;
  /** Whether the run ended before its plan came to its end. */
  cutShort = false;
  readonly #secondsBefore: number;
  #requests: Requests;
  readonly #startedAt = performance.now();

  constructor(before: Pick<RunRecord, 'sums' | 'seconds' | 'requests'> = { sums: NO_SUMS, seconds: 0, requests: NO_REQUESTS }) {
    this.sums = before.sums;
    this.#secondsBefore = before.seconds;
    this.#requests = before.requests;
  }

  add(sums: Partial<Sums>): void {
    this.sums = addSums(this.sums, sums);
  }

  addResult(result: JobResult): void {
    this.add(sumsOf(result));
    this.jobsDone += 1;
    if (result.outcomes.some((outcome) => outcome.result === 'failed')) this.jobsFailed += 1;
    this.#requests = addRequests(this.#requests, result.requests);
  }

  /** @param own requests that this process sent itself, for the plan */
  spent(own: Requests): Pick<RunRecord, 'requests' | 'seconds'> {
    const seconds = this.#secondsBefore + (performance.now() - this.#startedAt) / 1000;
    return { requests: addRequests(this.#requests, own), seconds: Math.round(seconds * 1000) / 1000 };
  }

  summary({ requests, seconds }: Pick<RunRecord, 'requests' | 'seconds'>, resumed: boolean, stoppedBy: Summary['stoppedBy']): Summary {
    const { originals, due, made, upToDate, failed, bytesRead, bytesWritten } = this.sums;
    const usd = Object.values(requests).some((count) => count > 0) ? null : 0;
    const sums = { originals, due, made, upToDate, failed, bytesRead, bytesWritten, seconds };
    return { type: 'summary', ...sums, requests, usd, resumed, complete: !this.cutShort, stoppedBy };
  }
}
