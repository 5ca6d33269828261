import type { ComparedLine } from '../model/estimate.js';
import { idOf, type Line } from './lines.js';
import { toUsd } from './money.js';

/** Every line that either has. Both are merged. */
export function compared(estimated: readonly Line[], actual: readonly Line[]): readonly ComparedLine[] {
  const [before, after] = [byId(estimated), byId(actual)];
  return [...new Map([...before, ...after])].map(([id, { item, unit, unitPrice }]) => ({ item, unit, unitPrice, estimated: sumOf(before.get(id)), actual: sumOf(after.get(id)) }));
}

function byId(lines: readonly Line[]): ReadonlyMap<string, Line> {
  return new Map(lines.map((line) => [idOf(line), line]));
}

function sumOf(line: Line | undefined): { quantity: number; usd: number } {
  return { quantity: line?.quantity ?? 0, usd: toUsd(line?.amount ?? 0) };
}
