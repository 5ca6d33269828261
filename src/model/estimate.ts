import type { DueReason } from './job.js';

/** How the same work can be done. */
export const WAYS = ['local', 'machine', 'queue', 'lambda', 's3-batch'] as const;
export type Way = (typeof WAYS)[number];

/** What is billed. */
export type Item =
  | 'list'
  | 'get'
  | 'head'
  | 'put'
  | 'look-up'
  | 'own-get'
  | 'own-put'
  | 'retrieval'
  | 'transfer-out'
  | 'transfer-between'
  | 'kms'
  | 'invocations'
  | 'compute'
  | 'logs'
  | 'batch-job'
  | 'batch-objects'
  | 'queue'
  | 'machine';

export type Unit = 'requests' | 'GB' | 'GB-seconds' | 'jobs' | 'objects' | 'hours';

/** What the time of a run can be bound by. */
export type Bound = 'cores' | 'compute' | 'invocation-rate' | 'put-rate' | 'get-rate' | 'connections' | 'nothing';

/**
 * What the lines or the time of an estimate leave out in a particular case, so that it can be said beside them. What no
 * estimate ever counts is in docs/cost-model.md.
 *
 * - `logs`: what CloudWatch bills for the function's log, as its price is not known for the region.
 * - `monitoring`: what Intelligent-Tiering bills for each object and month.
 * - `early-deletion`: the rest of the 30 or 90 days that a replaced variant of such a storage class is billed for.
 * - `machine-start`: a machine's disk and address, and the time until it works.
 * - `batch-pace`: AWS publishes no rate at which S3 Batch Operations invokes a function; the time assumes that it does not wait.
 */
export const UNCOUNTED = ['logs', 'monitoring', 'early-deletion', 'machine-start', 'batch-pace'] as const;
export type Uncounted = (typeof UNCOUNTED)[number];

/** One line of a bill, in USD. */
export interface EstimateLine {
  readonly item: Item;
  readonly quantity: number;
  readonly unit: Unit;
  /** USD for one, at the first tier. */
  readonly unitPrice: number;
  readonly usd: number;
}

/** What it takes to do it one way: USD and seconds. */
export interface WayEstimate {
  readonly way: Way;
  readonly usd: number;
  readonly seconds: number;
  readonly boundBy: Bound;
  readonly lines: readonly EstimateLine[];
}

/** A way that cannot be priced, with the reason in a sentence. */
export interface WayUnknown {
  readonly way: Way;
  readonly why: string;
}

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

/** What stays in the store, and costs as long as it is there; no part of the total. */
export interface MonthlyStorage {
  /** Bytes of variants that do not exist yet; none counts for less than the storage class bills. */
  readonly bytes: number;
  readonly usdPerMonth: number;
}

/** Everything that a person is told of money and time before a run. */
export interface Estimate extends WayEstimate {
  readonly storage: MonthlyStorage;
  readonly measured: Measured;
  /** Every way, also the chosen one. */
  readonly alternatives: readonly (WayEstimate | WayUnknown)[];
}

/** Due variants by spec and reason. */
export type DueCounts = Readonly<Record<string, Readonly<Partial<Record<DueReason, number>>>>>;

/** One line of the bill as it was expected, and as it is by what was really done. */
export interface ComparedLine {
  readonly item: Item;
  readonly unit: Unit;
  readonly unitPrice: number;
  readonly estimated: { readonly quantity: number; readonly usd: number };
  readonly actual: { readonly quantity: number; readonly usd: number };
}

/** What a run has cost, beside what was to be expected of the same plan if nothing had failed. */
export interface Bill {
  readonly usd: number;
  readonly estimatedUsd: number;
  readonly lines: readonly ComparedLine[];
}
