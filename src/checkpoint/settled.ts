import type { FailureRecord } from './failures.js';
import { GrowingSums, type Share, type Sums } from './sums.js';

/** One original that was planned, until it is known what became of it. */
export interface Ticket {
  settle(share: Share, failures: readonly FailureRecord[]): void;
}

/**
 * Told that everything up to `after` is settled (null: all of the range; undefined: no farther than before), and what became
 * of what came since the last time.
 */
export type Commit = (after: string | null | undefined, sums: Sums, failures: readonly FailureRecord[]) => void;

/** What became of originals that follow each other. */
class Ended {
  readonly sums = new GrowingSums();
  readonly failures: FailureRecord[] = [];

  add(share: Share, failures: readonly FailureRecord[]): void {
    this.sums.add(share);
    this.failures.push(...failures);
  }

  /** And of those that come next. */
  append({ sums, failures }: Ended): void {
    this.sums.merge(sums);
    // One by one: they may be more than a call takes arguments.
    for (const failure of failures) this.failures.push(failure);
  }
}

/** What has ended behind an original that has not, as far as the next one that has not. */
interface Stretch {
  /** Null for the first, which is behind all that was told. */
  before: Stretch | null;
  /** Null for the last, to which what is planned belongs. */
  after: Stretch | null;
  /** Up to its last mark, and the key of that; null where it has none. */
  marked: Ended | null;
  passed: string | null | undefined;
  /** Since then. */
  rest: Ended | null;
}

/**
 * How far one range of keys is settled. Work ends in any order; what counts is up to where all of it has ended. At marks
 * only, as in between an original may have been planned before another one that precedes it. What has ended is summed up at
 * once: memory is for what has not, however much is planned meanwhile.
 */
export class Settled {
  readonly #commit: Commit;
  #last = stretchBehind(null);

  constructor(commit: Commit) {
    this.#commit = commit;
  }

  /** In the order in which originals are planned. */
  planned(): Ticket {
    const stretch = stretchBehind(this.#last);
    this.#last.after = stretch;
    this.#last = stretch;
    return { settle: (share, failures) => this.#join(stretch, share, failures) };
  }

  /** Every original up to this key has been planned; null: all of the range. */
  passed(key: string | null): void {
    this.#mark(this.#last, key);
  }

  /** What is settled counts without a mark as well: the run is over, and will not be gone on with. */
  close(): void {
    this.#mark(this.#last, undefined);
  }

  /** The original in front of a stretch has ended: so the one before goes on through it. */
  #join(stretch: Stretch, share: Share, failures: readonly FailureRecord[]): void {
    const { before, after, marked, passed, rest } = stretch;
    // There is no original in front of the first.
    if (before === null) return;
    const ended = (before.rest ??= new Ended());
    ended.add(share, failures);
    if (marked !== null) {
      ended.append(marked);
      this.#mark(before, passed);
    }
    before.rest = joined(before.rest, rest);
    before.after = after;
    if (after === null) this.#last = before;
    else after.before = before;
    // Else all that comes behind could be reached from it, and if it has lived long, is kept until the collector goes through everything.
    stretch.after = null;
  }

  /** What has ended in a stretch so far counts as soon as what is in front of it has ended as well; in the first one that is now. */
  #mark(stretch: Stretch, key: string | null | undefined): void {
    const { before, marked, rest } = stretch;
    const ended = rest ?? new Ended();
    stretch.rest = null;
    if (before === null) {
      this.#commit(key, ended.sums, ended.failures);
    } else {
      stretch.marked = joined(marked, ended);
      if (key !== undefined) stretch.passed = key;
    }
  }
}

function stretchBehind(before: Stretch | null): Stretch {
  return { before, after: null, marked: null, passed: undefined, rest: null };
}

function joined(first: Ended | null, then: Ended | null): Ended | null {
  if (first === null || then === null) return first ?? then;
  first.append(then);
  return first;
}
