import type { DueReason, Job } from '../model/job.js';
import { expectedBytes, expectedOf } from './expected.js';
import type { Workload } from './workload.js';

/**
 * What one job adds to a workload.
 *
 * @param minimumBytes what the variants' storage class bills an object for at the least; 0 for none
 */
export function workloadOf({ original, due }: Job, minimumBytes: number): Workload {
  const { cpuSeconds, bytes: outputBytes } = expectedOf({ original, due });
  const byReason: Record<string, Partial<Record<DueReason, number>>> = {};
  let addedBytes = 0;
  for (const variant of due) {
    const { spec, reason } = variant;
    const reasons = (byReason[spec.name] ??= {});
    reasons[reason] = (reasons[reason] ?? 0) + 1;
    // Any other reason replaces a variant that is stored and paid for already.
    if (reason === 'missing') addedBytes += Math.max(minimumBytes, expectedBytes(original, variant));
  }
  const { size: bytes, storageClass = 'STANDARD' } = original;
  return { originals: 1, variants: due.length, bytes, classes: { [storageClass]: { originals: 1, bytes } }, cpuSeconds, outputBytes, addedBytes, due: byReason };
}
