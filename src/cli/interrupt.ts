import process from 'node:process';

/** What Ctrl-C (SIGINT) and SIGTERM do to a run. */
export interface Interrupt {
  readonly signal: AbortSignal;
  /** 130 or 143 once interrupted, as shells expect: 128 and the signal's number. */
  readonly exitCode: number | null;
  /** Gives the signals back to the process. */
  release(): void;
}

const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * The first signal lets what is in flight be finished; a second one ends the process at once. Neither leaves a torn file:
 * variants appear under their names only when they are whole, and worker processes end with their parent.
 */
export function onInterrupt(stopping: () => void, atOnce: () => void): Interrupt {
  const controller = new AbortController();
  let exitCode: number | null = null;
  const handle = (name: 'SIGINT' | 'SIGTERM'): void => {
    if (exitCode !== null) {
      atOnce();
      process.exit(EXIT_CODES[name]);
    }
    exitCode = EXIT_CODES[name];
    stopping();
    controller.abort();
  };
  process.on('SIGINT', handle);
  process.on('SIGTERM', handle);
  return {
    signal: controller.signal,
    get exitCode() {
      return exitCode;
    },
    release() {
      process.off('SIGINT', handle);
      process.off('SIGTERM', handle);
    },
  };
}
