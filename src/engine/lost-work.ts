import type { Job } from '../model/job.js';
import type { JobResult } from '../model/outcome.js';
import { addRequests, NO_REQUESTS } from '../model/requests.js';

/** Where the work reads and writes, as a person writes it. */
export interface Places {
  readonly originals: string;
  readonly variants: string;
}

/**
 * Who died at work did not tell what it had sent and read: it counts as all that the job takes when nothing fails.
 *
 * @param times how often somebody died at it before this result came
 */
export function withLostWork(result: JobResult, { original, due }: Job, { originals, variants }: Places, times: number): JobResult {
  const inBucket = (location: string): number => (location.startsWith('s3://') ? times : 0);
  const lost = { ...NO_REQUESTS, get: inBucket(originals), head: inBucket(originals), put: inBucket(variants) * due.length };
  return { ...result, bytesRead: result.bytesRead + inBucket(originals) * original.size, requests: addRequests(result.requests, lost) };
}
