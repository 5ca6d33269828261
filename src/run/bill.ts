import { compared } from '../cost/compared.js';
import { totalOf } from '../cost/lines.js';
import { toUsd, type Nano } from '../cost/money.js';
import { storeLines, type Billing } from '../cost/store-lines.js';
import { costOf } from '../cost/ways.js';
import type { Sums } from '../checkpoint/run-record.js';
import type { Bill } from '../model/estimate.js';
import { NO_REQUESTS } from '../model/requests.js';
import type { Traffic } from '../model/traffic.js';
import { isPriced, type Pricing } from './pricing.js';
import { undertakingOf } from './undertaking.js';

/** What a run has cost so far, by what was really done. */
export function spentOn(traffic: Traffic, sums: Sums, billing: Billing): Nano {
  return totalOf(linesOf(traffic, sums, billing));
}

/**
 * What a run has cost, beside what was to be expected of the same plan if nothing had failed; null where no prices are
 * known. What the plan itself took counts on both sides.
 *
 * @param looksUp whether each original was looked up for the plan, and not listed
 */
export function billOf(traffic: Traffic, sums: Sums, billing: Billing, pricing: Pricing, looksUp: boolean): Bill | null {
  if (!isPriced(billing, Object.keys(sums.workload.classes))) return null;
  const { originals, variants } = traffic;
  const planned = {
    originals: { ...NO_REQUESTS, list: originals.list, head: looksUp ? Math.min(originals.head, sums.originals) : 0 },
    variants: { ...NO_REQUESTS, list: variants.list, head: variants.head },
  };
  const expected = costOf('local', undertakingOf(sums.workload, planned, billing, pricing));
  const actual = linesOf(traffic, sums, billing);
  return { usd: toUsd(totalOf(actual)), estimatedUsd: toUsd(expected.total), lines: compared(expected.lines, actual) };
}

function linesOf(traffic: Traffic, { workload, bytesRead, bytesWritten }: Sums, billing: Billing) {
  return storeLines({ traffic, classes: workload.classes, bytesRead, bytesWritten }, billing);
}
