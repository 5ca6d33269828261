import { WAYS, type Estimate, type Interval, type Measured, type Way, type WayEstimate } from '../model/estimate.js';
import { lineInUsd } from './lines.js';
import { toUsd } from './money.js';
import { minimumBytesOf, storageOf } from './storage.js';
import { costOf, costOrWhyNot, type Undertaking } from './ways.js';
import { addedVariants, type Workload } from './workload.js';

/**
 * Money and time of the chosen way, and of every other.
 *
 * @throws UserError `price-missing` for a price that the chosen way cannot do without
 */
export function estimate(way: Way, undertaking: Undertaking, measured: Measured): Estimate {
  const { workload, billing } = undertaking;
  const known = { ...undertaking, cpuSeconds: measured.cpuSeconds.value, outputBytes: measured.outputBytes.value };
  return {
    ...wayEstimate(costOf(way, known)),
    storage: storageOf(addedBytes(workload, measured, minimumBytesOf(billing)), billing),
    measured,
    alternatives: WAYS.map((other) => {
      const cost = costOrWhyNot(other, known);
      return 'why' in cost ? cost : wayEstimate(cost);
    }),
  };
}

/** What is added, measured by as much as everything that is made; none of it counted for less than is billed. */
function addedBytes(workload: Workload, measured: Measured, minimumBytes: number): number {
  const growth = workload.outputBytes === 0 ? 1 : measured.outputBytes.value / workload.outputBytes;
  const least = addedVariants(workload) * minimumBytes;
  return least + (workload.addedBytes - least) * growth;
}

function wayEstimate({ way, lines, total, time }: ReturnType<typeof costOf>): WayEstimate {
  return { way, usd: toUsd(total), seconds: time.seconds, boundBy: time.boundBy, lines: lines.map(lineInUsd) };
}

/** Without a measurement the value is all there is. */
export function exactly(value: number): Interval {
  return { value, low: value, high: value };
}
