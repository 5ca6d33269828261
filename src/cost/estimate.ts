import { lineInUsd } from './lines.js';
import { toUsd } from './money.js';
import { minimumBytesOf, storageOf, type MonthlyStorage } from './storage.js';
import type { Bound } from './wall-time.js';
import { costOf, costOrWhyNot, WAYS, type Undertaking, type Way } from './ways.js';
import { addedVariants, type Workload } from './workload.js';

/** A figure that was measured on a part: with 90% probability the whole is between `low` and `high`. */
export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** What durations and sizes are taken from: originals that were measured, earlier runs of the same root, or the model of work. */
export type Basis = 'sample' | 'history' | 'default';

/** Seconds of one core, and bytes of variants. */
export interface Measured {
  readonly basis: Basis;
  /** How many originals were measured, or done by those runs; 0 for the default. */
  readonly originals: number;
  readonly cpuSeconds: Interval;
  readonly outputBytes: Interval;
}

export interface EstimateLine {
  readonly item: string;
  readonly quantity: number;
  readonly unit: string;
  readonly unitPrice: number;
  readonly usd: number;
}

/** What it takes to do it one way. */
export interface WayEstimate {
  readonly way: Way;
  readonly usd: number;
  readonly seconds: number;
  readonly boundBy: Bound;
  readonly lines: readonly EstimateLine[];
}

/** Everything that a person is told before a run. Money in USD, time in seconds, sizes in bytes. */
export interface Estimate extends WayEstimate {
  readonly storage: MonthlyStorage;
  readonly measured: Measured;
  readonly alternatives: readonly (WayEstimate | { readonly way: Way; readonly why: string })[];
}

/** @throws UserError `price-missing` for a price that the chosen way cannot do without */
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
  return Math.max(workload.addedBytes * growth, addedVariants(workload) * minimumBytes);
}

function wayEstimate({ way, lines, total, time }: ReturnType<typeof costOf>): WayEstimate {
  return { way, usd: toUsd(total), seconds: time.seconds, boundBy: time.boundBy, lines: lines.map(lineInUsd) };
}

/** Without a measurement the value is all there is. */
export function exactly(value: number): Interval {
  return { value, low: value, high: value };
}
