/** Hands out an amount of something, in the order in which it is asked for. */
export class Budget {
  #free: number;
  readonly #all: number;
  #waiting: { readonly amount: number; readonly go: () => void } | undefined;

  constructor(amount: number) {
    this.#all = amount;
    this.#free = amount;
  }

  /**
   * Waits until there is so much; what is more than there ever will be waits for all of it. Only one may wait at a time.
   */
  async take(amount: number): Promise<void> {
    if (this.#free < Math.min(amount, this.#all)) await new Promise<void>((go) => (this.#waiting = { amount, go }));
    this.#free -= amount;
  }

  giveBack(amount: number): void {
    this.#free += amount;
    if (this.#waiting === undefined || this.#free < Math.min(this.#waiting.amount, this.#all)) return;
    const { go } = this.#waiting;
    this.#waiting = undefined;
    go();
  }
}
