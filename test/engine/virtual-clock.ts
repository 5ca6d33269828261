import type { Clock } from '../../src/engine/clock.js';

/** A clock that jumps from one event to the next as soon as nothing else is to be done: hours pass in seconds. */
export class VirtualClock implements Clock {
  #now = 0;
  #order = 0;
  readonly #events: { at: number; order: number; go: () => void }[] = [];
  #stopped = false;

  now(): number {
    return this.#now;
  }

  after(milliseconds: number, go: () => void): () => void {
    const event = { at: this.#now + Math.max(0, milliseconds), order: this.#order++, go };
    push(this.#events, event);
    return () => void (event.go = () => undefined);
  }

  wait(milliseconds: number): Promise<void> {
    return new Promise((go) => void this.after(milliseconds, go));
  }

  /** Lets time pass until `work` has ended. */
  async runUntil<T>(work: Promise<T>): Promise<T> {
    const ended = work.finally(() => (this.#stopped = true));
    ended.catch(() => undefined);
    while (!this.#stopped) {
      // All that can be done now is done, also what streams put off, before time goes on.
      await new Promise((go) => setImmediate(go));
      await new Promise((go) => setImmediate(go));
      const next = this.#stopped ? undefined : pop(this.#events);
      if (next === undefined) continue;
      this.#now = next.at;
      next.go();
      while (this.#events[0]?.at === this.#now) pop(this.#events)?.go();
    }
    return ended;
  }
}

type Event = { at: number; order: number; go: () => void };

function isBefore(a: Event | undefined, b: Event | undefined): boolean {
  return a !== undefined && b !== undefined && (a.at < b.at || (a.at === b.at && a.order < b.order));
}

/** A binary heap. */
function push(heap: Event[], event: Event): void {
  heap.push(event);
  for (let i = heap.length - 1; i > 0; ) {
    const parent = (i - 1) >> 1;
    if (!isBefore(heap[i], heap[parent])) break;
    swap(heap, i, parent);
    i = parent;
  }
}

function pop(heap: Event[]): Event | undefined {
  const first = heap[0];
  const last = heap.pop();
  if (first === undefined || last === undefined || heap.length === 0) return first;
  heap[0] = last;
  for (let i = 0; ; ) {
    let least = i;
    for (const child of [2 * i + 1, 2 * i + 2]) if (isBefore(heap[child], heap[least])) least = child;
    if (least === i) return first;
    swap(heap, i, least);
    i = least;
  }
}

function swap(heap: Event[], i: number, j: number): void {
  const [a, b] = [heap[i], heap[j]];
  if (a === undefined || b === undefined) return;
  heap[i] = b;
  heap[j] = a;
}
