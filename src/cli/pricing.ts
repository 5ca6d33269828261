import type { Config } from '../config/load.js';
import { loadPrices } from '../config/prices-file.js';
import { LIST_PRICES } from '../cost/list-prices.js';
import { MAKING } from '../cost/trade.js';
import type { Here } from '../cost/ways.js';
import type { Way } from '../model/estimate.js';
import type { Pricing } from '../run/pricing.js';

/** How money is reckoned, as a person says it. */
export interface PricingSettings {
  /** A file of prices that come before those that imgvar knows. */
  readonly prices?: string | undefined;
  /** The region by whose prices buckets are billed. Default: each bucket's own. */
  readonly priceRegion?: string | undefined;
  /** Whether the work is done in the originals' region, so that downloads are free. Default false. */
  readonly inRegion?: boolean | undefined;
  /** Whether what AWS gives away every month is unused. Default false. */
  readonly freeTier?: boolean | undefined;
  /** Whether each GET and PUT is a request to KMS as well. Default false. */
  readonly kms?: boolean | undefined;
}

/** What a function has where nobody chose otherwise: one whole vCPU; the concurrency is an account's default limit. */
export const FANOUT = { memoryMb: 1769, architecture: 'arm64', concurrency: 1000 } as const;

/** What is billed of a function. */
export type CalledFunction = Pricing['fanout'] & Partial<Pick<Pricing, 'variantsClass'>>;

/** @param called the function, where it is known: it writes with the class that it was deployed with @throws UserError `prices-invalid` */
export async function pricingOf(settings: PricingSettings, config: Config, cwd: string, way: Way, here: Here, called: CalledFunction = FANOUT): Promise<Pricing> {
  const { variantsClass = config.s3.storageClass ?? 'STANDARD', ...fanout } = called;
  const { prices: file, priceRegion = null, inRegion = false, freeTier = false, kms = false } = settings;
  return {
    trade: MAKING,
    way,
    prices: file === undefined ? LIST_PRICES : await loadPrices(file, cwd),
    region: priceRegion,
    inRegion,
    freeTier,
    kms,
    variantsClass,
    here,
    fanout,
  };
}
