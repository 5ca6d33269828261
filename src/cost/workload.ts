import type { DueCounts } from '../model/estimate.js';

/** Originals of one storage class. */
export interface Share {
  readonly originals: number;
  /** As listed. */
  readonly bytes: number;
}

/**
 * What is to be done, summed over the originals with something due: all that an estimate needs to know of a plan, and the
 * same size however many they are.
 */
export interface Workload {
  readonly originals: number;
  readonly variants: number;
  /** Of the originals, as listed. */
  readonly bytes: number;
  readonly classes: Readonly<Record<string, Share>>;
  /** What the model of work expects: seconds of one core, and bytes of variants. */
  readonly cpuSeconds: number;
  readonly outputBytes: number;
  /** Of these, the bytes of variants that do not exist yet, none of them counted for less than is billed. */
  readonly addedBytes: number;
  readonly due: DueCounts;
}

export const NO_WORK: Workload = { originals: 0, variants: 0, bytes: 0, classes: {}, cpuSeconds: 0, outputBytes: 0, addedBytes: 0, due: {} };

export function addWorkload(a: Workload, b: Workload): Workload {
  return {
    originals: a.originals + b.originals,
    variants: a.variants + b.variants,
    bytes: a.bytes + b.bytes,
    classes: addRecords(a.classes, b.classes, (x, y) => ({ originals: x.originals + y.originals, bytes: x.bytes + y.bytes })),
    cpuSeconds: a.cpuSeconds + b.cpuSeconds,
    outputBytes: a.outputBytes + b.outputBytes,
    addedBytes: a.addedBytes + b.addedBytes,
    due: addRecords(a.due, b.due, (x, y) => addRecords<number>(x, y, (m, n) => m + n)),
  };
}

/** How many due variants do not exist yet. */
export function addedVariants({ due }: Pick<Workload, 'due'>): number {
  return Object.values(due).reduce((sum, { missing = 0 }) => sum + missing, 0);
}

function addRecords<T>(a: Readonly<Record<string, T>>, b: Readonly<Record<string, T>>, add: (x: T, y: T) => T): Record<string, T> {
  const sum = { ...a };
  for (const [name, value] of Object.entries(b)) {
    // A storage class is whatever a server says, the name of something that every object inherits as well.
    const before = Object.hasOwn(sum, name) ? sum[name] : undefined;
    sum[name] = before === undefined ? value : add(before, value);
  }
  return sum;
}
