import { fromUsd, type Nano } from '../cost/money.js';
import { totalOf } from '../cost/lines.js';
import type { Billing } from '../cost/store-lines.js';
import { usedLines } from '../cost/used-lines.js';
import { NOTHING_INVOKED } from '../model/invoked.js';
import type { Engine } from '../engine/engine.js';
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
  readonly #engine: Pick<Engine, 'mostTries' | 'mostInvoked'>;
  readonly #besides: Nano;
  readonly #reserves = new Map<Job, Nano>();
  #reserved = 0;
  readonly #waiting: (() => void)[] = [];

  /**
   * @param spent what the run has cost until now, by what was really done
   * @param billing what is given away every month is kept out of reserves: each of many jobs in flight would count on all of it
   * @param engine what a job can take in it at the most
   */
  constructor(usd: number, spent: () => Nano, billing: Billing, engine: Pick<Engine, 'mostTries' | 'mostInvoked'>) {
    this.#cap = fromUsd(usd);
    this.#spent = spent;
    this.#billing = { ...billing, freeTier: false };
    this.#engine = engine;
    this.#besides = totalOf(usedLines({ ...NOTHING, traffic: { ...NO_TRAFFIC, own: { ...NO_REQUESTS, put: BESIDES } } }, NOTHING_INVOKED, this.#billing));
  }

  /** Waits until there is anything left to spend. @returns false if there is not though nothing is in flight */
  async staysOpen(): Promise<boolean> {
    while (!this.#hasRoomFor(0)) if (!(await this.#nextEnd())) return false;
    return true;
  }

  /** Waits until the job fits. @returns false if it does not though nothing else is in flight */
  async admit(job: Job): Promise<boolean> {
    const reserve = this.#reserveOf(job);
    while (!this.#hasRoomFor(reserve)) if (!(await this.#nextEnd())) return false;
    this.#reserves.set(job, reserve);
    this.#reserved += reserve;
    return true;
  }

  /**
   * Whether there is money to have these done once more; then it is reserved for them. That of requests alone: the invocation
   * that has ended is among what is spent, and what was reserved for it is there for the next. Nobody waits: who asks holds a
   * reserve already, and several could wait for each other.
   */
  admitAgain(jobs: readonly Job[]): boolean {
    const reserves = jobs.map((job) => [job, this.#reserveOf(job, NOTHING_INVOKED)] as const);
    const more = reserves.reduce((sum, [, reserve]) => sum + reserve, 0);
    if (!this.#hasRoomFor(more)) return false;
    for (const [job, reserve] of reserves) this.#reserves.set(job, (this.#reserves.get(job) ?? 0) + reserve);
    this.#reserved += more;
    return true;
  }

  /** What the job really cost is among what is spent by now. */
  settle(job: Job): void {
    this.#reserved -= this.#reserves.get(job) ?? 0;
    this.#reserves.delete(job);
    for (const go of this.#waiting.splice(0)) go();
  }

  #hasRoomFor(more: Nano): boolean {
    return this.#spent() + this.#reserved + this.#besides + more <= this.#cap;
  }

  /** Waits until one of those in flight has ended, which leaves most of what was reserved for it. @returns false if there are none */
  #nextEnd(): Promise<boolean> {
    if (this.#reserves.size === 0) return Promise.resolve(false);
    return new Promise((go) => this.#waiting.push(() => go(true)));
  }

  #reserveOf({ original, due }: Job, invoked = this.#engine.mostInvoked ?? NOTHING_INVOKED): Nano {
    const tries = this.#engine.mostTries;
    const bytes = original.size * tries;
    return totalOf(
      usedLines(
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
        invoked,
        this.#billing,
      ),
    );
  }
}

const NOTHING = { traffic: NO_TRAFFIC, classes: {}, bytesRead: 0, bytesWritten: 0 };
