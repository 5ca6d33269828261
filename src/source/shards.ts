import type { Store } from '../store/store.js';
import { Handover } from './handover.js';
import { DivisibleShard, type Range, type Shard } from './shard.js';

/** Everything. */
export const WHOLE: Range = { after: '', upTo: null };

export interface Sharding {
  readonly store: Store;
  /** What is listed; see Store.list. */
  readonly prefix: string;
  /** How many ranges are worked on side by side, at the most. */
  readonly lanes: number;
  /** What is to be listed, without overlaps; everything by default. */
  readonly ranges?: readonly Range[];
  /** How many pages of a range come before it is divided for the first time. Default: UNDIVIDED_PAGES. */
  readonly undivided?: number;
  /** Told when a shard has given its upper part to a new one, before either goes on. */
  readonly onSplit?: (shard: Shard, upper: Shard) => void;
}

/**
 * Works on ranges of a listing side by side. While fewer are left than there are lanes, ranges are divided, where the
 * store can: so listing takes as many requests at a time as there are lanes, however the keys are spread. Every key
 * comes in one shard, once, if the listing itself does not change.
 *
 * @param work called once for each shard; it takes all its originals
 * @returns what the work yields, of all shards as it comes, each in its order; a shard goes on when its last result has
 *   been taken. The first error ends everything, as does the end of the iteration; nothing is under way afterwards.
 */
export async function* sharded<T>(sharding: Sharding, work: (shard: Shard) => AsyncIterable<T>): AsyncGenerator<T> {
  const lanes = new Lanes(sharding, work);
  try {
    yield* lanes.results();
  } finally {
    await lanes.close();
  }
}

/**
 * A range is divided at up to this many places, even for a single idle lane. To look for one takes as long as to look for
 * several, and a part that waits spares the next lane the looking.
 */
const PLACES = 3;

/**
 * So many pages come before a listing is divided for the first time. A short one is not worth it: to look for places takes a
 * dozen requests, and a part more begins the listings of its variants once more; and what it takes is then known beforehand.
 */
const UNDIVIDED_PAGES = 5;

class Lanes<T> {
  readonly #sharding: Sharding;
  readonly #work: (shard: Shard) => AsyncIterable<T>;
  /** For a lane to be idle. */
  readonly #waiting: DivisibleShard[];
  readonly #shards = new Set<DivisibleShard>();
  /** What lanes do: work on a shard, or look for where to divide one. */
  readonly #busy = new Set<Promise<void>>();
  readonly #handover = new Handover<T>();
  #closed = false;

  constructor(sharding: Sharding, work: (shard: Shard) => AsyncIterable<T>) {
    this.#sharding = sharding;
    this.#work = work;
    const { ranges = [WHOLE], undivided = UNDIVIDED_PAGES } = sharding;
    this.#waiting = ranges.map((range) => this.#shardOf(range, 1, undivided));
  }

  results(): AsyncGenerator<T> {
    this.#occupy();
    return this.#handover.values();
  }

  /** Resolves when nothing is under way any more. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#handover.end();
    await Promise.all(this.#busy);
  }

  /** Gives every idle lane something to do, as far as there is. */
  #occupy(): void {
    while (!this.#closed && this.#busy.size < this.#sharding.lanes) {
      const shard = this.#waiting.shift();
      const divisible = shard === undefined ? this.#largest() : undefined;
      if (shard !== undefined) this.#do(this.#list(shard));
      else if (divisible !== undefined) this.#do(this.#divide(divisible));
      else break;
    }
    if (this.#busy.size === 0) this.#handover.end();
  }

  #do(doing: Promise<void>): void {
    const done = doing
      .catch((error: unknown) => {
        this.#handover.fail(error);
        this.#closed = true;
      })
      .then(() => {
        this.#busy.delete(done);
        this.#occupy();
      });
    this.#busy.add(done);
  }

  #shardOf(range: Range, share: number, undivided: number): DivisibleShard {
    const { store, prefix } = this.#sharding;
    return new DivisibleShard(store, prefix, range, share, undivided, () => {
      if (this.#closed) throw new Error('the listing was given up');
      this.#occupy();
    });
  }

  async #list(shard: DivisibleShard): Promise<void> {
    this.#shards.add(shard);
    try {
      for await (const result of this.#work(shard)) if (!(await this.#handover.offer(result))) break;
    } finally {
      shard.end();
      this.#shards.delete(shard);
    }
  }

  /** Of those that may be divided, the one that is likely to have most left: of equals, the one that began last. */
  #largest(): DivisibleShard | undefined {
    let largest: DivisibleShard | undefined;
    for (const shard of this.#shards) if (shard.mayDivide && shard.share >= (largest?.share ?? 0)) largest = shard;
    return this.#sharding.store.split === undefined ? undefined : largest;
  }

  async #divide(shard: DivisibleShard): Promise<void> {
    const { store, prefix, lanes, onSplit } = this.#sharding;
    const divisible = [...this.#shards].filter(({ mayDivide }) => mayDivide).length;
    const idle = lanes - this.#busy.size;
    // Once at a time, and not again before another page shows that there is still more.
    shard.mayDivide = false;
    const most = Math.max(PLACES, Math.ceil(idle / divisible));
    const keys = (await store.split?.(prefix, shard.reached, shard.upTo, most)) ?? [];
    if (this.#closed) return;
    // Where the listing has come past all of them meanwhile, the shard was smaller than it passed for.
    shard.share /= keys.length + 1;
    for (const key of [...keys].reverse()) {
      const range = shard.divideAt(key);
      if (range === undefined) continue;
      const upper = this.#shardOf(range, shard.share, 0);
      this.#waiting.push(upper);
      onSplit?.(shard, upper);
    }
  }
}
