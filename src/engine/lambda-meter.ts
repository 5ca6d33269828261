import { addInvoked, NOTHING_INVOKED, type Invoked } from '../model/invoked.js';
import { reportIn } from './lambda-invocation.js';

/** What matters of a function for what it costs. */
export interface Deployed {
  readonly memoryMB: number;
  readonly architecture: 'arm64' | 'x86_64';
  readonly timeoutSeconds: number;
}

/** START, END and REPORT of an invocation of which no log was seen, in bytes. An assumption. */
const LOG_BYTES = 400;

/** Extra invocations that are always allowed, and beyond these for each that was planned. */
const REPEATS = { always: 100, forEach: 0.25 };

/** Counts invocations and what is billed for them, as Lambda reports it. */
export class Meter {
  readonly #deployed: Deployed;
  #invoked = NOTHING_INVOKED;
  #planned = 0;
  #repeated = 0;

  constructor(deployed: Deployed) {
    this.#deployed = deployed;
  }

  get invoked(): Invoked {
    return this.#invoked;
  }

  /** One of which nothing is known is billed for as long as it may have run. */
  get most(): Invoked {
    return this.#of(this.#deployed.timeoutSeconds, false, LOG_BYTES);
  }

  planned(): void {
    this.#planned += 1;
  }

  /** The hard cap: all invocations together stay below what was planned and a bounded number of repetitions. */
  mayRepeat(): boolean {
    if (this.#repeated >= REPEATS.always + this.#planned * REPEATS.forEach) return false;
    this.#repeated += 1;
    return true;
  }

  throttled(): void {
    this.#invoked = { ...this.#invoked, throttles: this.#invoked.throttles + 1 };
  }

  lost(): void {
    this.#invoked = addInvoked(this.#invoked, this.most);
  }

  /**
   * @param log with Lambda's own report; else it is billed as it was seen
   * @param seenSeconds until the answer came
   * @returns seconds that the work took, without the start of an environment
   */
  ended(log: string, seenSeconds: number): number {
    const report = reportIn(log);
    const seconds = report?.billedSeconds ?? Math.min(seenSeconds, this.#deployed.timeoutSeconds);
    const init = report?.initSeconds ?? 0;
    this.#invoked = addInvoked(this.#invoked, this.#of(seconds, init > 0, log === '' ? LOG_BYTES : Buffer.byteLength(log)));
    return Math.max(0, seconds - init);
  }

  #of(seconds: number, isCold: boolean, logBytes: number): Invoked {
    const { memoryMB, architecture } = this.#deployed;
    const gbSeconds = { ...NOTHING_INVOKED.gbSeconds, [architecture]: (seconds * memoryMB) / 1024 };
    return { invocations: 1, coldStarts: isCold ? 1 : 0, throttles: 0, gbSeconds, logBytes };
  }
}
