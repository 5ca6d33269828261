import { fromUsd, type Nano } from '../cost/money.js';
import { totalOf } from '../cost/lines.js';
import { storeLines, type Billing } from '../cost/store-lines.js';
import type { Job } from '../model/job.js';
import { NO_REQUESTS } from '../model/requests.js';
import { NO_TRAFFIC } from '../model/traffic.js';

/** Kept free for what is sent besides jobs: pages that are listed ahead, the checkpoint, the lock. In requests at the price of a PUT. */
const BESIDES = 250;

/** How much larger than its original a variant is taken to be at the most, where it is paid for by the byte. */
const LARGER = 4;

/**
 * A hard cap on what a run spends. A job begins only if what is spent, what is reserved for those in flight, and its own
 * reserve fit: the most that it can cost, with every repetition of every request.
 */
export class SpendingCap {
  readonly #cap: Nano;
  readonly #spent: () => Nano;
  readonly #billing: Billing;
  readonly #mostTries: number;
  readonly #besides: Nano;
  readonly #reserves = new Map<Job, Nano>();
  #reserved = 0;
  #waiting: (() => void) | undefined;

  /**
   * @param spent what the run has cost until now, by what was really done
   * @param mostTries how often each request of a job is sent at the most
   */
  constructor(usd: number, spent: () => Nano, billing: Billing, mostTries: number) {
    this.#cap = fromUsd(usd);
    this.#spent = spent;
    this.#billing = billing;
    this.#mostTries = mostTries;
    this.#besides = totalOf(storeLines({ ...NOTHING, traffic: { ...NO_TRAFFIC, own: { ...NO_REQUESTS, put: BESIDES } } }, billing));
  }

  /** Whether there is anything left to spend. */
  get isOpen(): boolean {
    return this.#spent() + this.#reserved + this.#besides <= this.#cap;
  }

  /** Waits until the job fits. @returns false if it does not though nothing else is in flight. One may wait at a time. */
  async admit(job: Job): Promise<boolean> {
    const reserve = this.#reserveOf(job);
    while (this.#spent() + this.#reserved + this.#besides + reserve > this.#cap) {
      if (this.#reserves.size === 0) return false;
      await new Promise<void>((go) => (this.#waiting = go));
    }
    this.#reserves.set(job, reserve);
    this.#reserved += reserve;
    return true;
  }

  /** What the job really cost is among what is spent by now. */
  settle(job: Job): void {
    this.#reserved -= this.#reserves.get(job) ?? 0;
    this.#reserves.delete(job);
    this.#waiting?.();
    this.#waiting = undefined;
  }

  #reserveOf({ original, due }: Job): Nano {
    const tries = this.#mostTries;
    const bytes = original.size * tries;
    return totalOf(
      storeLines(
        {
          traffic: {
            originals: { ...NO_REQUESTS, get: tries, head: tries },
            variants: { ...NO_REQUESTS, put: due.length * tries },
            own: NO_REQUESTS,
          },
          classes: { [original.storageClass ?? 'STANDARD']: { originals: 1, bytes } },
          bytesRead: bytes,
          bytesWritten: LARGER * bytes * due.length,
        },
        this.#billing,
      ),
    );
  }
}

const NOTHING = { traffic: NO_TRAFFIC, classes: {}, bytesRead: 0, bytesWritten: 0 };
