import { Failure } from '../model/failure.js';

/** The time that all work on one original may take together. */
export class Deadline {
  readonly #end: number;

  /** @param seconds from now */
  constructor(private readonly seconds: number) {
    this.#end = performance.now() + seconds * 1000;
  }

  /**
   * The result of `work` if it comes in time.
   *
   * @param work gets the whole seconds that are left (1 to 3600, rounded up), for the library's own timeout: that stops
   *   the computation, but only looks between parts of an image, and an encoder may do all at its end. So the wait ends
   *   here on time as well, even if the computation goes on for a while.
   * @throws Failure `timeout`
   */
  async hold<T>(work: (seconds: number) => Promise<T>): Promise<T> {
    const left = this.#end - performance.now();
    if (left <= 0) throw this.#missed();
    let timer: NodeJS.Timeout | undefined;
    const missed = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(this.#missed()), Math.min(left, 2 ** 31 - 1));
    });
    try {
      return await Promise.race([work(Math.min(3600, Math.ceil(left / 1000))), missed]);
    } finally {
      clearTimeout(timer);
    }
  }

  #missed(): Failure {
    return new Failure('timeout', `not done within ${this.seconds} s`);
  }
}
