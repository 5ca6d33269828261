interface Offer<T> {
  readonly value: T;
  readonly answer: (taken: boolean) => void;
}

/** One stream out of many: each giver waits until its value is taken, so no more values are held than there are givers. */
export class Handover<T> {
  readonly #offers: Offer<T>[] = [];
  #ended = false;
  #error: unknown;
  #wake: () => void = () => undefined;

  /** @returns whether it was taken; if not, nobody takes anything any more */
  offer(value: T): Promise<boolean> {
    if (this.#ended) return Promise.resolve(false);
    return new Promise((answer) => {
      this.#offers.push({ value, answer });
      this.#wake();
    });
  }

  /** Ends the stream. What is offered and not taken is refused. */
  end(): void {
    this.#ended = true;
    for (const { answer } of this.#offers.splice(0)) answer(false);
    this.#wake();
  }

  /** Ends the stream with the first error. */
  fail(error: unknown): void {
    if (!this.#ended) this.#error = error;
    this.end();
  }

  /** In the order in which they are offered. @throws what it failed with */
  async *values(): AsyncGenerator<T> {
    while (!this.#ended) {
      const offer = this.#offers.shift();
      if (offer === undefined) {
        await new Promise<void>((wake) => (this.#wake = wake));
      } else {
        offer.answer(true);
        yield offer.value;
      }
    }
    if (this.#error !== undefined) throw this.#error;
  }
}
