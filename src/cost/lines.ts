import type { EstimateLine, Item, Unit } from '../model/estimate.js';
import { charge, toUsd, type Nano } from './money.js';
import { chargeTiers, firstPrice } from './tiers.js';
import type { Tiers } from './prices.js';

/** One line of a bill. */
export interface Line {
  readonly item: Item;
  readonly quantity: number;
  readonly unit: Unit;
  /** USD for one, at the first tier. */
  readonly unitPrice: number;
  readonly amount: Nano;
}

/** Bytes in a GB as AWS bills it: 2^30. Source: AWS S3 pricing page. */
export const GB = 2 ** 30;

const UNITS: Readonly<Record<Item, Unit>> = {
  list: 'requests',
  get: 'requests',
  head: 'requests',
  put: 'requests',
  'look-up': 'requests',
  'own-get': 'requests',
  'own-put': 'requests',
  retrieval: 'GB',
  'transfer-out': 'GB',
  'transfer-between': 'GB',
  kms: 'requests',
  invocations: 'requests',
  compute: 'GB-seconds',
  logs: 'GB',
  'batch-job': 'jobs',
  'batch-objects': 'objects',
  queue: 'requests',
  machine: 'hours',
};

export function lineOf(item: Item, quantity: number, unitPrice: number): Line {
  return { item, quantity, unit: UNITS[item], unitPrice, amount: charge(quantity, unitPrice) };
}

/** @param free how much of it costs nothing in a month */
export function tieredLine(item: Item, quantity: number, tiers: Tiers, free = 0): Line {
  return { item, quantity, unit: UNITS[item], unitPrice: firstPrice(tiers), amount: chargeTiers(Math.max(0, quantity - free), tiers) };
}

/** Exact: whole nanodollars. */
export function totalOf(lines: readonly Line[]): Nano {
  return lines.reduce((sum, { amount }) => sum + amount, 0);
}

/** Lines of one item and one price become one, in the order in which they first come; those of nothing go. */
export function merged(lines: readonly Line[]): readonly Line[] {
  const byItem = new Map<string, Line>();
  for (const line of lines) {
    if (line.quantity === 0) continue;
    const id = idOf(line);
    const before = byItem.get(id);
    byItem.set(id, before === undefined ? line : { ...line, quantity: before.quantity + line.quantity, amount: before.amount + line.amount });
  }
  return [...byItem.values()];
}

/** The same for lines of one item and one price. */
export function idOf({ item, unitPrice }: Line): string {
  return `${item} ${unitPrice}`;
}

/** As a JSON line has it. */
export function lineInUsd({ item, quantity, unit, unitPrice, amount }: Line): EstimateLine {
  return { item, quantity, unit, unitPrice, usd: toUsd(amount) };
}
