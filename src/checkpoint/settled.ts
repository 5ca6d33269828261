import type { FailureRecord } from './failures.js';
import { GrowingSums, type Share, type Sums } from './run-record.js';

/** One original that was planned, until it is known what became of it. */
export interface Ticket {
  settle(share: Share, failures: readonly FailureRecord[]): void;
}

/** An original that waits for its end, or a mark: everything up to this key has been planned. */
type Waiting = { settled: boolean; share: Share; failures: readonly FailureRecord[] } | { readonly passed: string | null | undefined };

/**
 * Told that everything up to `after` is settled (null: all of the range; undefined: no farther than before), and what became
 * of what came since the last time.
 */
export type Commit = (after: string | null | undefined, sums: Sums, failures: readonly FailureRecord[]) => void;

/** In the place of what has been told. */
const DONE: Waiting = { passed: undefined };

/**
 * How far one range of keys is settled. Work ends in any order; what counts is up to where all of it has ended. At marks
 * only, as in between an original may have been planned before another one that precedes it.
 */
export class Settled {
  readonly #commit: Commit;
  readonly #queue: Waiting[] = [];
  #head = 0;
  #sums = new GrowingSums();
  #failures: FailureRecord[] = [];

  constructor(commit: Commit) {
    this.#commit = commit;
  }

  /** In the order in which originals are planned. */
  planned(): Ticket {
    const waiting: Waiting = { settled: false, share: {}, failures: [] };
    this.#queue.push(waiting);
    return {
      settle: (share, failures) => {
        Object.assign(waiting, { settled: true, share, failures });
        this.#advance();
      },
    };
  }

  /** Every original up to this key has been planned; null: all of the range. */
  passed(key: string | null): void {
    this.#queue.push({ passed: key });
    this.#advance();
  }

  /** What is settled counts without a mark as well: the run is over, and will not be gone on with. */
  close(): void {
    this.#queue.push({ passed: undefined });
    this.#advance();
  }

  #advance(): void {
    for (let next = this.#queue[this.#head]; next !== undefined; next = this.#queue[this.#head]) {
      if ('passed' in next) {
        this.#commit(next.passed, this.#sums, this.#failures);
        this.#sums = new GrowingSums();
        this.#failures = [];
      } else if (next.settled) {
        this.#sums.add(next.share);
        this.#failures.push(...next.failures);
      } else {
        break;
      }
      // Its place is kept for a while; what it holds need not be.
      this.#queue[this.#head] = DONE;
      this.#head += 1;
    }
    // Taking from the front costs the whole length; so now and then, many at once.
    if (this.#head > 1000 && this.#head * 2 > this.#queue.length) {
      this.#queue.splice(0, this.#head);
      this.#head = 0;
    }
  }
}
