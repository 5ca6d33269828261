import { compared } from '../cost/compared.js';
import { totalOf } from '../cost/lines.js';
import { toUsd, type Nano } from '../cost/money.js';
import { billedAsStandard, type Billing, type StoreUse } from '../cost/store-lines.js';
import { usedLines } from '../cost/used-lines.js';
import { costOf } from '../cost/ways.js';
import type { Spent } from '../checkpoint/run-record.js';
import type { Sums } from '../checkpoint/sums.js';
import type { Bill } from '../model/estimate.js';
import { NO_REQUESTS } from '../model/requests.js';
import { isPriced, type Pricing } from './pricing.js';
import { lookUpsOf, undertakingOf } from './undertaking.js';

/** What was sent to stores and came from there, and what Lambda did. */
type Used = Omit<Spent, 'seconds' | 'cpuSeconds'>;

/** What a run has cost so far, by what was really done. */
export function spentOn(used: Used, sums: Sums, billing: Billing): Nano {
  return totalOf(linesOf(used, sums, billing));
}

/**
 * What a run has cost, beside what was to be expected of the same plan if nothing had failed; null where no prices are
 * known. What the plan itself took counts on both sides.
 *
 * @param looksUp whether each original was looked up for the plan, and not listed
 */
export function billOf(used: Used, sums: Sums, billing: Billing, pricing: Pricing, looksUp: boolean): Bill | null {
  const { traffic: { originals, variants }, invoked } = used;
  if (!isPriced(billing, invoked)) return null;
  const planned = {
    originals: { ...NO_REQUESTS, list: originals.list, head: looksUp ? Math.min(originals.head, sums.originals) : 0 },
    variants: { ...NO_REQUESTS, list: variants.list, head: Math.max(0, variants.head - lookUpsOf(sums.workload, pricing.trade)) },
  };
  // A function that works with a folder is one of this machine, and bills nothing.
  const way = billing.places.originals === null || billing.places.variants === null ? 'local' : pricing.way;
  const expected = costOf(way, undertakingOf(sums.workload, planned, billing, pricing));
  const actual = linesOf(used, sums, billing);
  return { usd: toUsd(totalOf(actual)), estimatedUsd: toUsd(expected.total), lines: compared(expected.lines, actual) };
}

function linesOf({ traffic, invoked, bytesRead, bytesWritten }: Used, { workload }: Sums, billing: Billing) {
  return usedLines({ traffic, classes: readOf(workload.classes, billing), bytesRead, bytesWritten }, invoked, billing);
}

/**
 * The classes, with the bytes that may have been read. Originals of a class without a price are archived as a rule, and fail
 * unread: with a part in what was read, they would leave too little of it to classes that bill for retrieval. Where there are
 * no others, it was read of them.
 */
function readOf(classes: StoreUse['classes'], billing: Billing): StoreUse['classes'] {
  const unpriced = new Set(billedAsStandard(Object.keys(classes), billing));
  const shares = Object.entries(classes);
  if (!shares.some(([name, { bytes }]) => bytes > 0 && !unpriced.has(name))) return classes;
  return Object.fromEntries(shares.map(([name, share]) => [name, unpriced.has(name) ? { ...share, bytes: 0 } : share]));
}
