import type { DueReason, Job } from '../model/job.js';
import { expectedWith } from './expected.js';
import { addJobWork, newWorkload, type Workload } from './workload.js';

/** Names of specs with the reasons why they are due. */
export type DuePattern = readonly (readonly [spec: string, reason: DueReason])[];

/**
 * What one job adds to a workload. Many are kept until they are settled, so they hold nothing of the job itself: most
 * originals have the same specs due for the same reasons, and share one pattern.
 */
export interface JobWork {
  readonly bytes: number;
  readonly storageClass: string;
  readonly due: DuePattern;
  readonly cpuSeconds: number;
  readonly outputBytes: number;
  readonly addedBytes: number;
}

/** @param minimumBytes what the variants' storage class bills an object for at the least; 0 for none */
export function jobWork(job: Job, minimumBytes: number): JobWork {
  const { size, storageClass = 'STANDARD' } = job.original;
  const { cpuSeconds, bytes, addedBytes } = expectedWith(job, minimumBytes);
  return { bytes: size, storageClass, due: patternOf(job.due), cpuSeconds, outputBytes: bytes, addedBytes };
}

/** The workload of one job. @param minimumBytes as `jobWork` */
export function workloadOf(job: Job, minimumBytes: number): Workload {
  const workload = newWorkload();
  addJobWork(workload, jobWork(job, minimumBytes));
  return workload;
}

/** More than there are in most runs; whatever else comes has one of its own. */
const MOST_PATTERNS = 1000;
const patterns = new Map<string, DuePattern>();

function patternOf(due: Job['due']): DuePattern {
  let name = '';
  for (const { spec, reason } of due) name += `${spec.name} ${reason} `;
  const known = patterns.get(name);
  if (known !== undefined) return known;
  const pattern = due.map(({ spec, reason }) => [spec.name, reason] as const);
  if (patterns.size < MOST_PATTERNS) patterns.set(name, pattern);
  return pattern;
}
