/**
 * Amounts of money are whole nanodollars (a billionth of a USD), so that the lines of an estimate add up to its total
 * exactly. They are exact up to nine million dollars, where JavaScript's integers end.
 */
export type Nano = number;

const NANO_PER_USD = 1e9;

/** What so many units cost, rounded once, to the nearest nanodollar. @param unitPrice USD for one */
export function charge(quantity: number, unitPrice: number): Nano {
  return Math.round(quantity * unitPrice * NANO_PER_USD);
}

export function toUsd(amount: Nano): number {
  return amount / NANO_PER_USD;
}

export function fromUsd(usd: number): Nano {
  return Math.round(usd * NANO_PER_USD);
}
