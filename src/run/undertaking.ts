import { NO_REQUESTS, type Requests } from '../model/requests.js';
import type { Traffic } from '../model/traffic.js';
import type { Billing } from '../cost/store-lines.js';
import type { Undertaking } from '../cost/ways.js';
import type { Workload } from '../cost/workload.js';
import type { Pricing } from './pricing.js';

/**
 * The work as the cost model sees it: what the plan took, and then what each original takes.
 *
 * @param planned requests that the plan took, as it will take them again
 */
export function undertakingOf(workload: Workload, planned: Pick<Traffic, 'originals' | 'variants'>, billing: Billing, pricing: Pricing): Undertaking {
  const { originals, variants } = billing.places;
  const { get, head, put } = pricing.trade.requestsFor(workload);
  return {
    workload,
    cpuSeconds: workload.cpuSeconds,
    outputBytes: workload.outputBytes,
    traffic: {
      originals: originals === null ? planned.originals : { ...planned.originals, get: planned.originals.get + get, head: planned.originals.head + head },
      variants: variants === null ? planned.variants : { ...planned.variants, put: planned.variants.put + put },
      own: variants === null ? NO_REQUESTS : ownRequests(workload.cpuSeconds / pricing.here.cores),
    },
    billing,
    here: pricing.here,
    fanout: pricing.fanout,
  };
}

/**
 * For the lock, the ledger and the checkpoint: some at the beginning and the end, and while the run lasts the checkpoint
 * is written and the lease renewed (checkpoint/recording.ts, checkpoint/lock.ts).
 */
function ownRequests(seconds: number): Requests {
  return { ...NO_REQUESTS, list: 8 + Math.round(seconds / 20), get: 6, put: 10 + Math.round(seconds / 3) + Math.round(seconds / 20) };
}
