import type { Clock } from './clock.js';

/** In flight at the beginning. */
const START = 10;

/** New environments a second that Lambda allows a function. Source: AWS Lambda Developer Guide, "Lambda scaling behavior": 1,000 in 10 seconds. */
const RAMP = 100;

/**
 * Beyond what was too much before, this share of it is tried more each second: of what is our own, and of what is shared
 * with live uploads, which are refused as well when there is no more of it.
 */
const PROBE = { own: 0.01, shared: 0.001 };
const LEAST_PROBE = 0.1;

/** What is left of the concurrency after it was too much, and the shortest pause where invocations come too fast. */
const HALF = 0.5;
const SLOWER = 0.75;

/** So much of what was too much is gone back to at once. */
const SAFE = { own: 0.9, shared: 0.9 };
const RATE_PAUSE_MS = 1000;

/** In so many milliseconds there is room for two more. */
const LOOK_MS = 20;

/** Room for one invocation. */
export interface Slot {
  readonly since: number;
  /** Once it has ended, however it did. */
  release(): void;
}

/**
 * How many invocations may be in flight: few at first, more as fast as Lambda starts environments, and fewer when
 * something had enough. Then it is on its way back at once up to just below what was too much, and from there slowly.
 */
export class Pacer {
  readonly #ceiling: number;
  readonly #clock: Clock;
  readonly #waiting: ((slot: Slot) => void)[] = [];
  #base: number;
  #since: number;
  #knee = Infinity;
  #probe = PROBE.own;
  #pausedUntil = 0;
  #inFlight = 0;
  #closed = false;
  #cancel: (() => void) | null = null;

  /** @param ceiling never more in flight than that */
  constructor(ceiling: number, clock: Clock) {
    this.#ceiling = ceiling;
    this.#clock = clock;
    this.#base = Math.min(START, ceiling);
    this.#since = clock.now();
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  get concurrency(): number {
    const seconds = (this.#clock.now() - this.#since) / 1000;
    const toKnee = Math.max(0, (this.#knee - this.#base) / RAMP);
    const grown = seconds <= toKnee ? this.#base + seconds * RAMP : Math.max(this.#base, this.#knee) + (seconds - toKnee) * Math.max(LEAST_PROBE, this.#knee * this.#probe);
    return Math.max(1, Math.floor(Math.min(this.#ceiling, grown)));
  }

  /** Waits for room. @param first before all others that wait */
  take(first: boolean): Promise<Slot> {
    return new Promise((go) => {
      if (this.#closed) return go(this.#newSlot());
      if (first) this.#waiting.unshift(go);
      else this.#waiting.push(go);
      this.#fill();
    });
  }

  /** Lambda refused it. The reasons are those of the API's TooManyRequestsException. */
  throttled(slot: Slot, reason: string, waitSeconds: number): void {
    // Not counting this one: so many there was room for.
    const others = this.#inFlight - 1;
    if (reason.startsWith('ReservedFunctionConcurrent')) this.#cut(slot, others, others, 'own');
    else if (reason.includes('Concurrent')) this.#cut(slot, others * HALF, others * SAFE.shared, 'shared');
    else {
      this.#cut(slot, others * SLOWER, others * SAFE.own, 'own');
      this.#pausedUntil = Math.max(this.#pausedUntil, this.#clock.now() + Math.max(RATE_PAUSE_MS, waitSeconds * 1000));
    }
  }

  /** The store asked the function for fewer requests. */
  slowedDown(slot: Slot): void {
    this.#cut(slot, this.#inFlight * HALF, this.#inFlight * SAFE.own, 'own');
  }

  /** Nothing gets through at present. */
  pause(milliseconds: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, this.#clock.now() + milliseconds);
  }

  /** From now on nobody waits; whoever did, and does, is let through to see that all is over. */
  close(): void {
    this.#closed = true;
    this.#cancel?.();
    for (const go of this.#waiting.splice(0)) go(this.#newSlot());
  }

  /** What was sent before the last cut says nothing about the concurrency since. */
  #cut(slot: Slot, to: number, knee: number, whose: keyof typeof PROBE): void {
    if (slot.since < this.#since) return;
    this.#base = Math.max(1, Math.floor(to));
    this.#knee = Math.max(1, knee);
    this.#probe = PROBE[whose];
    this.#since = this.#clock.now();
  }

  #fill(): void {
    if (this.#closed) return;
    const isPaused = this.#clock.now() < this.#pausedUntil;
    while (!isPaused && this.#waiting.length > 0 && this.#inFlight < this.concurrency) {
      this.#inFlight += 1;
      this.#waiting.shift()?.(this.#newSlot());
    }
    if (this.#waiting.length > 0 && this.#cancel === null) this.#look();
  }

  /** There is more room later even if nothing ends meanwhile. */
  #look(): void {
    const left = this.#pausedUntil - this.#clock.now();
    this.#cancel = this.#clock.after(left > 0 ? left : LOOK_MS, () => {
      this.#cancel = null;
      this.#fill();
    });
  }

  #newSlot(): Slot {
    return {
      since: this.#clock.now(),
      release: () => {
        this.#inFlight -= 1;
        this.#fill();
      },
    };
  }
}
