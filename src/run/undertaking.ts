import { NO_REQUESTS, type Requests } from '../model/requests.js';
import type { Traffic } from '../model/traffic.js';
import type { Billing } from '../cost/store-lines.js';
import type { Trade } from '../cost/trade.js';
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
  const lookUps = lookUpsOf(workload, pricing.trade);
  return {
    workload,
    cpuSeconds: workload.cpuSeconds,
    outputBytes: workload.outputBytes,
    traffic: {
      originals: originals === null ? planned.originals : { ...planned.originals, get: planned.originals.get + get, head: planned.originals.head + head - lookUps },
      variants: variants === null ? planned.variants : { ...planned.variants, head: planned.variants.head + lookUps, put: planned.variants.put + put },
      own: variants === null ? NO_REQUESTS : ownRequests(workload.cpuSeconds / pricing.here.cores),
    },
    lookUps,
    billing,
    here: pricing.here,
    fanout: pricing.fanout,
  };
}

/** HEADs of the work to where it goes. */
export function lookUpsOf(workload: Workload, { requestsFor, headsAtTarget }: Trade): number {
  return requestsFor(workload).head * headsAtTarget;
}

/**
 * For the lock, the ledger and the checkpoint: some at the beginning and the end, and while the run lasts the checkpoint
 * is written and the lease renewed (checkpoint/recording.ts, checkpoint/lock.ts).
 */
function ownRequests(seconds: number): Requests {
  return { ...NO_REQUESTS, list: 8 + Math.round(seconds / 20), get: 6, put: 10 + Math.round(seconds / 3) + Math.round(seconds / 20) };
}
