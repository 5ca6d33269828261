import type { ComparedLine } from '../model/estimate.js';
import type { Line } from './lines.js';
import { toUsd } from './money.js';

/** Every line that either has. */
export function compared(estimated: readonly Line[], actual: readonly Line[]): readonly ComparedLine[] {
  const ids = new Set([...estimated, ...actual].map(idOf));
  return [...ids].flatMap((id) => {
    const before = estimated.find((line) => idOf(line) === id);
    const after = actual.find((line) => idOf(line) === id);
    const { item, unit, unitPrice } = before ?? after ?? NO_LINE;
    return { item, unit, unitPrice, estimated: sumOf(before), actual: sumOf(after) };
  });
}

function idOf({ item, unitPrice }: Line): string {
  return `${item} ${unitPrice}`;
}

function sumOf(line: Line = NO_LINE): { quantity: number; usd: number } {
  return { quantity: line.quantity, usd: toUsd(line.amount) };
}

const NO_LINE: Line = { item: 'list', unit: 'requests', unitPrice: 0, quantity: 0, amount: 0 };
