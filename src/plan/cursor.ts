/** A place in a stream of pages. Reading within a page costs no promise, which matters over millions of keys. */
export class Cursor<T> {
  readonly #pages: AsyncIterator<readonly T[]>;
  #page: readonly T[] = [];
  #index = 0;
  #ended = false;

  constructor(pages: AsyncIterable<readonly T[]>) {
    this.#pages = pages[Symbol.asyncIterator]();
  }

  /** The item here; undefined at the end of the stream, or of a page that has not been followed by `load` yet. */
  get head(): T | undefined {
    return this.#page[this.#index];
  }

  /** Whether `head` can be relied on: there is one, or the stream has ended. */
  get ready(): boolean {
    return this.#index < this.#page.length || this.#ended;
  }

  advance(): void {
    this.#index += 1;
  }

  /** Fetches pages until there is a head or the end. */
  async load(): Promise<void> {
    while (!this.ready) {
      const next = await this.#pages.next();
      if (next.done === true) this.#ended = true;
      else {
        this.#page = next.value;
        this.#index = 0;
      }
    }
  }

  /** Lets the source release what it holds (open folders, requests). */
  async close(): Promise<void> {
    await this.#pages.return?.();
  }
}
