import type { MonthlyStorage } from '../model/estimate.js';
import { GB } from './lines.js';
import { toUsd } from './money.js';
import { pricesOf } from './prices.js';
import { classPrices, type Billing } from './store-lines.js';
import { chargeTiers } from './tiers.js';

/** @throws UserError `price-missing` */
export function storageOf(addedBytes: number, { prices, places }: Billing): MonthlyStorage {
  const { variants, variantsClass } = places;
  if (variants === null) return { bytes: addedBytes, usdPerMonth: 0 };
  const { storagePerGbMonth } = classPrices(pricesOf(prices, variants), variants, variantsClass);
  return { bytes: addedBytes, usdPerMonth: toUsd(chargeTiers(addedBytes / GB, storagePerGbMonth)) };
}
