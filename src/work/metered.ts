import { addRequests, NO_REQUESTS, requestsSince, type Requests } from '../model/requests.js';
import type { JobResult } from '../model/outcome.js';
import type { Work } from './make-variants.js';

/**
 * Adds to the work on each original what this process has sent, and used of its processor, since the last result: so that the
 * sum over all results is what the process took for all.
 *
 * @param senders who counts what is sent
 */
export function metered(senders: readonly { readonly requests: Requests }[]): (work: Work) => JobResult {
  let told = NO_REQUESTS;
  /** As of the last result; what the process took to start is nobody's. */
  let usedBefore = process.cpuUsage();
  return (work) => {
    const now = senders.reduce((sum, { requests }) => addRequests(sum, requests), NO_REQUESTS);
    const requests = requestsSince(now, told);
    told = now;
    const { user, system } = process.cpuUsage(usedBefore);
    usedBefore = process.cpuUsage();
    return { ...work, requests, cpuSeconds: (user + system) / 1e6 };
  };
}
