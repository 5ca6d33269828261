import type { Job } from '../model/job.js';
import { NO_REQUESTS, type Requests } from '../model/requests.js';

/** Where the work reads and writes, as a person writes it. */
export interface Places {
  readonly originals: string;
  readonly variants: string;
}

/** Who died at work did not tell what it had sent: it counts as all that the job takes when nothing fails. */
export function lostRequests({ due }: Job, { originals, variants }: Places, times = 1): Requests {
  const inBucket = (location: string): number => (location.startsWith('s3://') ? times : 0);
  return { ...NO_REQUESTS, get: inBucket(originals), head: inBucket(originals), put: inBucket(variants) * due.length };
}
