import type { MonthlyStorage } from '../model/estimate.js';
import { GB } from './lines.js';
import { toUsd } from './money.js';
import { pricesOf } from './prices.js';
import { classPrices, type Billing } from './store-lines.js';
import { chargeTiers } from './tiers.js';

/** What a variant is billed for at the least, in bytes: 0 in a folder, and where it is not known. */
export function minimumBytesOf({ prices, places: { variants, variantsClass } }: Pick<Billing, 'prices' | 'places'>): number {
  return (variants === null ? null : prices.regions[variants]?.s3?.classes[variantsClass]?.minimumBytes) ?? 0;
}

/** @throws UserError `price-missing` */
export function storageOf(addedBytes: number, { prices, places }: Billing): MonthlyStorage {
  const { variants, variantsClass } = places;
  if (variants === null) return { bytes: addedBytes, usdPerMonth: 0 };
  const { storagePerGbMonth } = classPrices(pricesOf(prices, variants), variants, variantsClass);
  return { bytes: addedBytes, usdPerMonth: toUsd(chargeTiers(addedBytes / GB, storagePerGbMonth)) };
}
