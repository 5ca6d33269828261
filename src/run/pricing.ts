import type { Fanout } from '../cost/lambda.js';
import { missingPrice } from '../cost/missing-price.js';
import type { Prices } from '../cost/prices.js';
import type { Billing } from '../cost/store-lines.js';
import type { Trade } from '../cost/trade.js';
import type { Here } from '../cost/ways.js';
import type { Way } from '../model/estimate.js';
import type { Invoked } from '../model/invoked.js';
import type { Store } from '../store/store.js';

/** How money and time are reckoned. */
export interface Pricing {
  /** What kind of work it is. */
  readonly trade: Trade;
  /** How it is to be done. */
  readonly way: Way;
  readonly prices: Prices;
  /** The region by whose prices buckets are billed; null: each bucket's own. */
  readonly region: string | null;
  readonly inRegion: boolean;
  readonly freeTier: boolean;
  readonly kms: boolean;
  /** The storage class that variants are written with. */
  readonly variantsClass: string;
  readonly here: Here;
  readonly fanout: Omit<Fanout, 'originalsPerInvocation'>;
}

/** The bill's terms for these stores; their regions are known best once something was asked of them. */
export async function billingOf({ originals, variants, pricing }: { originals: Store; variants: Store; pricing: Pricing }): Promise<Billing> {
  const { prices, region, inRegion, freeTier, kms, variantsClass } = pricing;
  const [from, to] = [await originals.region(), await variants.region()];
  const billedBy = (own: string | null): string | null => (own === null ? null : (region ?? own));
  const apart = from !== null && to !== null && from !== to;
  return { prices, places: { originals: billedBy(from), variants: billedBy(to), apart, variantsClass }, inRegion, freeTier, kms };
}

/** A function works where the originals are, so that no byte leaves the region. */
export function atWork(billing: Billing, { way }: Pricing): Billing {
  return { ...billing, inRegion: billing.inRegion || way === 'lambda' };
}

/** Whether everything that this run could be billed for has a price. @param invoked what Lambda does for it */
export function isPriced(billing: Billing, invoked?: Invoked): boolean {
  return missingPrice(billing, invoked) === null;
}

/** @param invoked what Lambda does for it @throws UserError `price-missing` */
export function requirePrices(billing: Billing, invoked?: Invoked): void {
  const missing = missingPrice(billing, invoked);
  if (missing !== null) throw missing;
}
