import { charge, type Nano } from './money.js';
import type { Tiers } from './prices.js';

/** What `quantity` costs where each part of it is billed by the step it falls into, beginning with nothing used this month. */
export function chargeTiers(quantity: number, tiers: Tiers): Nano {
  let from = 0;
  let sum = 0;
  for (const { upTo, price } of tiers) {
    const to = Math.min(quantity, upTo ?? Infinity);
    sum += charge(to - from, price);
    from = to;
  }
  return sum;
}

/** The price of one at the first step. */
export function firstPrice(tiers: Tiers): number {
  return tiers[0]?.price ?? 0;
}
