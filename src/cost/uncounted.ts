import { UNCOUNTED, type Uncounted, type Way } from '../model/estimate.js';
import { pricesOf, type Prices } from './prices.js';
import type { Undertaking } from './ways.js';
import { addedVariants } from './workload.js';

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
