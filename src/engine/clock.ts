/** Time, as an engine sees it. A simulation has its own. */
export interface Clock {
  /** Milliseconds since some moment; never goes back. */
  now(): number;
  /** Calls `go` once, after so many milliseconds. @returns what takes that back */
  after(milliseconds: number, go: () => void): () => void;
}

export const REAL_CLOCK: Clock = {
  now: () => performance.now(),
  after(milliseconds, go) {
    const timer = setTimeout(go, milliseconds);
    return () => clearTimeout(timer);
  },
};

export function sleep(clock: Clock, milliseconds: number): Promise<void> {
  return new Promise((go) => void clock.after(milliseconds, go));
}
