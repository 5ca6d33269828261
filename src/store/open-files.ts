import PQueue from 'p-queue';

/**
 * Files that one process has open at one time. The system's threads, which are few, do the work on them, so that more would
 * only wait; and some systems allow a process no more than 256.
 */
const opened = new PQueue({ concurrency: 32 });

/** Waits until one more file may be open, does the work, and lets the next one have its turn. */
export function withOpenFile<T>(work: () => Promise<T>): Promise<T> {
  return opened.add(work, { throwOnTimeout: true });
}
