import { z } from 'zod';
import { addJobWork, growWorkload, newWorkload, NO_WORK, type GrowingWorkload, type Workload } from '../cost/workload.js';
import type { JobWork } from '../cost/workload-of.js';

export const count = z.number().int().nonnegative();
export const amount = z.number().nonnegative();

const workloadSchema = z.object({
  originals: count,
  variants: count,
  bytes: count,
  classes: z.record(z.string(), z.object({ originals: count, bytes: count })),
  cpuSeconds: amount,
  outputBytes: amount,
  addedBytes: amount,
  due: z.record(z.string(), z.record(z.string(), count)),
}) satisfies z.ZodType<Workload>;

/** What a run has come to, in its record. */
export const sumsSchema = z.object({
  originals: count,
  upToDate: count,
  due: count,
  made: count,
  failed: count,
  bytesRead: count,
  bytesWritten: count,
  /** What was made, by the names of specs; runs of an earlier version did not count it. */
  specs: z.record(z.string(), z.object({ made: count, bytes: count })).default({}),
  /** What was due, as the estimate sees it. */
  workload: workloadSchema,
});

export type Sums = z.output<typeof sumsSchema>;

export const NO_SUMS: Sums = { originals: 0, upToDate: 0, due: 0, made: 0, failed: 0, bytesRead: 0, bytesWritten: 0, specs: {}, workload: NO_WORK };

export type Counts = Omit<Sums, 'workload' | 'specs'>;

/** What one original adds to the sums. */
export interface Share extends Partial<Counts> {
  readonly work?: JobWork | undefined;
  /** Variants that were made: names of specs, and bytes. */
  readonly specs?: readonly (readonly [name: string, bytes: number])[] | undefined;
}

/** Field by field. */
export function addCounts(a: Partial<Counts>, b: Partial<Counts>): Counts {
  return {
    originals: (a.originals ?? 0) + (b.originals ?? 0),
    upToDate: (a.upToDate ?? 0) + (b.upToDate ?? 0),
    due: (a.due ?? 0) + (b.due ?? 0),
    made: (a.made ?? 0) + (b.made ?? 0),
    failed: (a.failed ?? 0) + (b.failed ?? 0),
    bytesRead: (a.bytesRead ?? 0) + (b.bytesRead ?? 0),
    bytesWritten: (a.bytesWritten ?? 0) + (b.bytesWritten ?? 0),
  };
}

/** Sums that grow in place, as it is done for every original. */
export class GrowingSums implements Sums {
  originals = 0;
  upToDate = 0;
  due = 0;
  made = 0;
  failed = 0;
  bytesRead = 0;
  bytesWritten = 0;
  readonly specs = Object.create(null) as Record<string, { made: number; bytes: number }>;
  readonly workload: GrowingWorkload = newWorkload();

  /** @param before what they begin with; it stays as it is */
  constructor(before?: Sums) {
    if (before !== undefined) this.merge(before);
  }

  merge(other: Sums): void {
    const { workload, specs, ...counts } = other;
    this.add(counts);
    for (const [name, { made, bytes }] of Object.entries(specs)) this.#addSpec(name, made, bytes);
    growWorkload(this.workload, workload);
  }

  #addSpec(name: string, made: number, bytes: number): void {
    const sum = (this.specs[name] ??= { made: 0, bytes: 0 });
    sum.made += made;
    sum.bytes += bytes;
  }

  add({ work, specs = [], originals = 0, upToDate = 0, due = 0, made = 0, failed = 0, bytesRead = 0, bytesWritten = 0 }: Share): void {
    this.originals += originals;
    this.upToDate += upToDate;
    this.due += due;
    this.made += made;
    this.failed += failed;
    this.bytesRead += bytesRead;
    this.bytesWritten += bytesWritten;
    if (work !== undefined) addJobWork(this.workload, work);
    for (const [name, bytes] of specs) this.#addSpec(name, 1, bytes);
  }
}
