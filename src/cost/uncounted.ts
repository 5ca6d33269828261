import { pricesOf, type Prices } from './prices.js';
import type { Undertaking, Way } from './ways.js';
import { addedVariants } from './workload.js';

/**
 * What the lines or the time of an estimate leave out in a particular case, so that it can be said beside them. What no
 * estimate ever counts is in docs/cost-model.md.
 *
 * - `logs`: what CloudWatch bills for the function's log, as its price is not known for the region.
 * - `monitoring`: what Intelligent-Tiering bills for each object and month.
 * - `early-deletion`: the rest of the 30 or 90 days that a replaced variant of such a storage class is billed for.
 * - `machine-start`: a machine's disk and address, and the time until it works.
 * - `batch-pace`: AWS publishes no rate at which S3 Batch Operations invokes a function; the time assumes that it does not wait.
 */
export const UNCOUNTED = ['logs', 'monitoring', 'early-deletion', 'machine-start', 'batch-pace'] as const;
export type Uncounted = (typeof UNCOUNTED)[number];

/** Storage classes that bill a shortest time. Source: AWS S3 pricing page. */
const WITH_SHORTEST_TIME = ['STANDARD_IA', 'ONEZONE_IA', 'GLACIER_IR'];

/** @throws UserError `price-missing` for a region that is not known at all */
export function uncountedIn(way: Way, { workload, billing: { prices, places } }: Undertaking): readonly Uncounted[] {
  const { originals, variants, variantsClass } = places;
  const added = addedVariants(workload);
  const invokes = way === 'lambda' || way === 's3-batch';
  const left: Record<Uncounted, boolean> = {
    logs: invokes && originals !== null && !logsKnown(prices, originals),
    monitoring: variants !== null && variantsClass === 'INTELLIGENT_TIERING' && added > 0,
    'early-deletion': variants !== null && WITH_SHORTEST_TIME.includes(variantsClass) && workload.variants > added,
    'machine-start': way === 'machine' || way === 'queue',
    'batch-pace': way === 's3-batch',
  };
  return UNCOUNTED.filter((name) => left[name]);
}

/** Whether a line for logs is among those of Lambda. @throws UserError `price-missing` for a region that is not known at all */
export function logsKnown(prices: Prices, region: string): boolean {
  return pricesOf(prices, region).logs !== undefined;
}
