import { compareKeys } from '../model/key.js';
import type { Listed } from '../model/original.js';
import { PAGE_LENGTH, type Store } from '../store/store.js';

/** The keys after `after` up to `upTo`, which is one of them. */
export interface Range {
  /** Empty: from the first key on. */
  readonly after: string;
  /** Null: no end. */
  readonly upTo: string | null;
}

/** A range whose originals are listed in order. */
export interface Shard extends Range {
  /** As it is now: it comes nearer when the rest is given to another. */
  readonly upTo: string | null;
  /**
   * The listing of the range, once. It ends where the range ends, also if that changes meanwhile; when the work as a
   * whole has ended before, it throws instead, so that a listing that ends is complete.
   */
  readonly originals: AsyncIterable<readonly Listed[]>;
}

/** A shard as those see it who divide it. */
export class DivisibleShard implements Shard {
  readonly originals: AsyncIterable<readonly Listed[]>;
  readonly after: string;
  upTo: string | null;
  /** The last key that was given out. */
  reached: string;
  /** Whether more than it has given out is likely to be left. */
  mayDivide = false;
  #over = false;

  /**
   * @param share about what part of all keys it has
   * @param undivided how many pages it gives out before it may be divided
   * @param onPage told of each page before it is given out; what it throws ends the listing
   */
  constructor(store: Store, prefix: string, range: Range, public share: number, undivided: number, onPage: () => void) {
    this.after = this.reached = range.after;
    this.upTo = range.upTo;
    this.originals = this.#list(store, prefix, undivided, onPage);
  }

  /** Gives up what comes after `key`, unless that has been listed meanwhile. */
  divideAt(key: string): Range | undefined {
    if (this.#over || this.#isBeyond(key) || compareKeys(key, this.reached) <= 0) return undefined;
    const upper = { after: key, upTo: this.upTo };
    this.upTo = key;
    return upper;
  }

  /** Nobody is to divide it any more. */
  end(): void {
    this.#over = true;
    this.mayDivide = false;
  }

  async *#list(store: Store, prefix: string, undivided: number, onPage: () => void): AsyncGenerator<readonly Listed[]> {
    let pages = 0;
    for await (const whole of store.list(prefix, { after: this.after })) {
      const page = whole.filter(({ key }) => !this.#isBeyond(key));
      const last = page.at(-1)?.key;
      if (last !== undefined) this.reached = last;
      const isLast = page.length < whole.length || last === this.upTo;
      if (isLast) this.end();
      // A page is short at the end of the listing, or where much in it is no object.
      else this.mayDivide = ++pages > undivided && page.length > PAGE_LENGTH / 2;
      onPage();
      if (page.length > 0) yield page;
      if (isLast) return;
    }
    this.end();
  }

  #isBeyond(key: string): boolean {
    return this.upTo !== null && compareKeys(key, this.upTo) > 0;
  }
}
