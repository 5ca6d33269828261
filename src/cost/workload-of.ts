import type { DueReason, Job } from '../model/job.js';
import { expectedBytes, expectedOf } from './expected.js';
import type { Workload } from './workload.js';

/**
 * What one original with its due variants adds to the workload.
 *
 * @param minimumBytes what the storage class of the variants bills for one at least; 0 for none
 */
export function workloadOf(job: Job, minimumBytes: number): Workload {
  const { original, due } = job;
  const expected = expectedOf(job);
  const byReason: Record<string, Partial<Record<DueReason, number>>> = {};
  let addedBytes = 0;
  for (const variant of due) {
    const reasons = (byReason[variant.spec.name] ??= {});
    reasons[variant.reason] = (reasons[variant.reason] ?? 0) + 1;
    if (variant.reason === 'missing') addedBytes += Math.max(minimumBytes, expectedBytes(original, variant));
  }
  return {
    originals: 1,
    variants: due.length,
    bytes: original.size,
    classes: { [original.storageClass ?? 'STANDARD']: { originals: 1, bytes: original.size } },
    cpuSeconds: expected.cpuSeconds,
    outputBytes: expected.bytes,
    addedBytes,
    due: byReason,
  };
}
