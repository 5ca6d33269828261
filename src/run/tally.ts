import type { RunRecord, Spent } from '../checkpoint/run-record.js';
import { GrowingSums, type Counts, type Share } from '../checkpoint/sums.js';
import { MAKING, type Trade } from '../cost/trade.js';
import type { JobWork } from '../cost/workload-of.js';
import { addInvoked, NOTHING_INVOKED, type Invoked } from '../model/invoked.js';
import type { Summary } from '../model/events.js';
import type { JobResult } from '../model/outcome.js';
import { addRequests, NO_REQUESTS, type Requests } from '../model/requests.js';
import { addTraffic, allRequests, NO_TRAFFIC, type Traffic } from '../model/traffic.js';

/** What a result adds to the sums; a failure without a variant counts for all that were due. */
export function sumsOf({ outcomes, due, bytesRead }: JobResult): Pick<Counts, 'made' | 'failed' | 'bytesRead' | 'bytesWritten'> & Pick<Share, 'specs'> {
  const specs: (readonly [string, number])[] = [];
  const sums = { made: 0, failed: 0, bytesRead, bytesWritten: 0, specs };
  for (const outcome of outcomes) {
    if (outcome.result === 'made') {
      sums.made += 1;
      sums.bytesWritten += outcome.bytes;
      specs.push([outcome.variant, outcome.bytes]);
    } else {
      sums.failed += outcome.variant === null ? due.length : 1;
    }
  }
  return sums;
}

/** What a run has come to so far, together with what it had come to before it was interrupted. */
export class Tally {
  readonly sums: GrowingSums;
  /** Of this session alone: originals with something due, also where that failed in planning already. */
  jobs = 0;
  /** Of these, how many are done, and how many of them with a failure. */
  jobsDone = 0;
  jobsFailed = 0;
  /** Originals that had failed when they were planned, so that no work on them was begun. */
  failedInPlan = 0;
  /** Whether the run ended before its plan came to its end. */
  cutShort = false;
  readonly #secondsBefore: number;
  #cpuSeconds: number;
  readonly #before: Traffic;
  #bytesRead: number;
  #bytesWritten: number;
  /** Of the workers. */
  #requests = NO_REQUESTS;
  readonly #invokedBefore: Invoked;
  readonly #startedAt = performance.now();

  readonly #headsAtTarget: number;

  /** @param trade what kind of work it is, where any is done */
  constructor(before?: Pick<RunRecord, 'sums' | keyof Spent>, { headsAtTarget }: Pick<Trade, 'headsAtTarget'> = MAKING) {
    this.#headsAtTarget = headsAtTarget;
    this.sums = new GrowingSums(before?.sums);
    this.#secondsBefore = before?.seconds ?? 0;
    this.#cpuSeconds = before?.cpuSeconds ?? 0;
    this.#before = before?.traffic ?? NO_TRAFFIC;
    this.#bytesRead = before?.bytesRead ?? 0;
    this.#bytesWritten = before?.bytesWritten ?? 0;
    this.#invokedBefore = before?.invoked ?? NOTHING_INVOKED;
  }

  add(share: Share): void {
    this.sums.add(share);
  }

  /** @param work what the workload grows by: that of what was done, and not of all that is planned ahead, as it says what was read of which class */
  addResult(result: JobResult, work?: JobWork): void {
    const sums = sumsOf(result);
    this.add({ ...sums, work });
    this.#bytesRead += sums.bytesRead;
    this.#bytesWritten += sums.bytesWritten;
    this.jobsDone += 1;
    if (result.outcomes.some((outcome) => outcome.result === 'failed')) this.jobsFailed += 1;
    this.#requests = addRequests(this.#requests, result.requests);
    this.#cpuSeconds += result.cpuSeconds;
  }

  /**
   * @param own what this process sent itself, for the plan and what it keeps
   * @param invoked what it had Lambda do
   */
  spent(own: Traffic, invoked: Invoked = NOTHING_INVOKED): Spent {
    const seconds = this.#secondsBefore + (performance.now() - this.#startedAt) / 1000;
    const sent = addTraffic(this.#before, trafficOf(this.#requests, this.#headsAtTarget));
    return {
      traffic: addTraffic(sent, own),
      invoked: addInvoked(this.#invokedBefore, invoked),
      seconds: rounded(seconds),
      cpuSeconds: rounded(this.#cpuSeconds),
      bytesRead: this.#bytesRead,
      bytesWritten: this.#bytesWritten,
    };
  }

  /** @param ended with `usd` where there is no bill */
  summary({ traffic, invoked, seconds, cpuSeconds }: Spent, ended: Pick<Summary, 'resumed' | 'stoppedBy' | 'bill'> & Partial<Pick<Summary, 'usd'>>): Summary {
    const { resumed, stoppedBy, bill } = ended;
    const { originals, due, made, upToDate, failed, bytesRead, bytesWritten } = this.sums;
    const requests = allRequests(traffic);
    const nothingSent = Object.values(requests).every((count) => count === 0) && invoked.invocations === 0;
    const sums = { originals, due, made, upToDate, failed, bytesRead, bytesWritten, seconds, cpuSeconds };
    const usd = nothingSent ? 0 : (bill?.usd ?? ended.usd ?? null);
    return { type: 'summary', ...sums, requests, invoked, usd, bill: nothingSent ? null : bill, resumed, complete: !this.cutShort, stoppedBy };
  }
}

/** Work reads from the originals and writes to the variants. */
function trafficOf({ get, head, ...others }: Requests, headsAtTarget: number): Traffic {
  const lookUps = Math.floor(head * headsAtTarget);
  return { originals: { ...NO_REQUESTS, get, head: head - lookUps }, variants: { ...others, get: 0, head: lookUps }, own: NO_REQUESTS };
}

function rounded(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
