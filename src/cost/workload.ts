import type { DueCounts } from '../model/estimate.js';
import type { DueReason } from '../model/job.js';
import type { JobWork } from './workload-of.js';

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

/** One that grows in place: it is added to for every original. */
export interface GrowingWorkload extends Workload {
  originals: number;
  variants: number;
  bytes: number;
  classes: Record<string, { originals: number; bytes: number }>;
  cpuSeconds: number;
  outputBytes: number;
  addedBytes: number;
  due: Record<string, Partial<Record<DueReason, number>>>;
}

/** Names come from outside (specs, and storage classes, which are whatever a server says), so nothing is inherited. */
export function newWorkload(): GrowingWorkload {
  return { ...NO_WORK, classes: Object.create(null) as GrowingWorkload['classes'], due: Object.create(null) as GrowingWorkload['due'] };
}

/** Adds one job, in place. */
export function addJobWork(workload: GrowingWorkload, { bytes, storageClass, due, cpuSeconds, outputBytes, addedBytes }: JobWork): void {
  workload.originals += 1;
  workload.variants += due.length;
  workload.bytes += bytes;
  workload.cpuSeconds += cpuSeconds;
  workload.outputBytes += outputBytes;
  workload.addedBytes += addedBytes;
  const share = (workload.classes[storageClass] ??= { originals: 0, bytes: 0 });
  share.originals += 1;
  share.bytes += bytes;
  for (const [spec, reason] of due) {
    const reasons = (workload.due[spec] ??= {});
    reasons[reason] = (reasons[reason] ?? 0) + 1;
  }
}

/** Adds another workload, in place. */
export function growWorkload(workload: GrowingWorkload, other: Workload): void {
  workload.originals += other.originals;
  workload.variants += other.variants;
  workload.bytes += other.bytes;
  workload.cpuSeconds += other.cpuSeconds;
  workload.outputBytes += other.outputBytes;
  workload.addedBytes += other.addedBytes;
  for (const [name, { originals, bytes }] of Object.entries(other.classes)) {
    const share = (workload.classes[name] ??= { originals: 0, bytes: 0 });
    share.originals += originals;
    share.bytes += bytes;
  }
  for (const [name, counts] of Object.entries(other.due)) {
    const reasons = (workload.due[name] ??= {});
    for (const [reason, count] of Object.entries(counts) as [DueReason, number][]) reasons[reason] = (reasons[reason] ?? 0) + count;
  }
}

export function addWorkload(a: Workload, b: Workload): Workload {
  const sum = newWorkload();
  growWorkload(sum, a);
  growWorkload(sum, b);
  return sum;
}

/** How many due variants do not exist yet. */
export function addedVariants({ due }: Pick<Workload, 'due'>): number {
  return Object.values(due).reduce((sum, { missing = 0 }) => sum + missing, 0);
}
