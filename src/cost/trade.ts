import type { CopyKind } from '../model/copy.js';
import type { Job } from '../model/job.js';
import { jobWork, type JobWork } from './workload-of.js';
import type { Workload } from './workload.js';

/** What the work on originals takes, by its kind: all that an estimate has to know of it. */
export interface Trade {
  /** @param minimumBytes what the target's storage class bills an object for at the least */
  jobWork(job: Job, minimumBytes: number): JobWork;
  /** Requests for all of the work when nothing fails. */
  requestsFor(workload: Workload): { readonly get: number; readonly head: number; readonly put: number };
  /** Of the HEADs, the share that goes to where the work goes, and not to the originals. */
  readonly headsAtTarget: number;
  /** Whether other ways to do it are worth comparing. */
  readonly comparesWays: boolean;
}

/** Each original is read, its variants are written, and it is looked at once more. */
export const MAKING: Trade = {
  jobWork,
  requestsFor: ({ originals, variants }) => ({ get: originals, head: originals, put: variants }),
  headsAtTarget: 0,
  comparesWays: true,
};

/** Seconds of one core for a copy that the store makes, and for each MB where the bytes come through here. Assumptions. */
const COPYING = { seconds: 0.01, secondsPerMb: 0.003 };

/**
 * Original and copy are looked at before, and of a backup afterwards as well (work/back-up.ts, work/bring-back.ts); the copy is one
 * request, or some where it is larger than 512 MiB.
 */
export function copyingTrade(kind: CopyKind): Trade {
  const looks = kind === 'back-up' || kind === 'back-up-missing' ? 2 : 1;
  return {
    jobWork(job, minimumBytes) {
      const { size } = job.original;
      const added = job.due.some(({ reason }) => reason === 'missing') ? Math.max(size, minimumBytes) : 0;
      return { ...jobWork(job, 0), cpuSeconds: COPYING.seconds + (size / 1e6) * COPYING.secondsPerMb, outputBytes: size, addedBytes: added };
    },
    requestsFor: ({ originals, variants }) => ({ get: 0, head: 2 * looks * originals, put: variants }),
    headsAtTarget: 1 / 2,
    comparesWays: false,
  };
}
