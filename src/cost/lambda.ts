import type { Invoked } from '../model/invoked.js';
import { lineOf, tieredLine, type Line } from './lines.js';
import { ARCHITECTURES, pricesOf, required, type Architecture, type Prices } from './prices.js';
import { storeBounds, wallTime, type WallTime } from './wall-time.js';

/** A function, and how it is called. */
export interface Fanout {
  readonly memoryMb: number;
  readonly architecture: Architecture;
  /** Invocations in flight at the most: the account's limit is 1,000 where nobody had it raised. */
  readonly concurrency: number;
  readonly originalsPerInvocation: number;
}

export interface FanoutWork {
  readonly originals: number;
  /** Of one original, billed, without a cold start. */
  readonly secondsPerOriginal: number;
  readonly gets: number;
  readonly puts: number;
}

/**
 * Until an environment can work: billed since 2025-08 for zip packages too. The bundle's own, as docs/functions.md has
 * it, with room for a slower machine.
 */
export const COLD_START_SECONDS = 0.6;

/** Memory at which a function has one whole vCPU; with less it has as much less of it. Source: Lambda quotas. */
export const MB_OF_ONE_VCPU = 1769;

/** START, END and REPORT of an invocation and a line for each original, in bytes. An assumption. */
export const LOG_BYTES = { invocation: 400, original: 300 };
const GB_OF_LOGS = 1e9;

/** Every month, x86 and arm together. Source: AWS Lambda pricing page. */
export const FREE = { requests: 1_000_000, gbSeconds: 400_000 };

/** New environments in ten seconds, for each function; requests a second for each of the concurrency. Source: Lambda scaling, quotas. */
export const ENVIRONMENTS_PER_SECOND = 100;
export const REQUESTS_PER_CONCURRENCY = 10;

/** Seconds that work of so many seconds of a core takes in a function of that memory: one original is worked on at a time. */
export function secondsInFunction(cpuSeconds: number, memoryMb: number): number {
  return cpuSeconds * Math.max(1, MB_OF_ONE_VCPU / memoryMb);
}

export function invocationsFor(originals: number, { originalsPerInvocation }: Pick<Fanout, 'originalsPerInvocation'>): number {
  return Math.ceil(originals / originalsPerInvocation);
}

/** Each environment starts cold once; there are no more of them than run side by side. */
export function coldStartsFor(invocations: number, { concurrency }: Pick<Fanout, 'concurrency'>): number {
  return Math.min(invocations, concurrency);
}

export interface FanoutBilling {
  readonly prices: Prices;
  readonly region: string;
  readonly freeTier: boolean;
}

/** What Lambda will bill. @throws UserError `price-missing` */
export function lambdaLines(work: FanoutWork, fanout: Fanout, billing: FanoutBilling): readonly Line[] {
  const invocations = invocationsFor(work.originals, fanout);
  const seconds = work.originals * work.secondsPerOriginal + coldStartsFor(invocations, fanout) * COLD_START_SECONDS;
  const gbSeconds = { arm64: 0, x86_64: 0, [fanout.architecture]: (seconds * fanout.memoryMb) / 1024 };
  const logBytes = invocations * LOG_BYTES.invocation + work.originals * LOG_BYTES.original;
  return invokedLines({ invocations, gbSeconds, logBytes }, billing);
}

/** What Lambda bills for what was done. Logs are left out where their price is not known. @throws UserError `price-missing` */
export function invokedLines(
  { invocations, gbSeconds, logBytes }: Pick<Invoked, 'invocations' | 'gbSeconds' | 'logBytes'>,
  { prices, region, freeTier }: FanoutBilling,
): readonly Line[] {
  if (invocations === 0) return [];
  const known = pricesOf(prices, region);
  const lambda = required(known.lambda, region, 'lambda');
  const request = required(lambda.request, region, 'lambda.request');
  const used = ARCHITECTURES.filter((architecture) => gbSeconds[architecture] > 0);
  // Once for both together.
  let free = freeTier ? FREE.gbSeconds : 0;
  return [
    tieredLine('invocations', invocations, [{ upTo: null, price: request }], freeTier ? FREE.requests : 0),
    ...used.map((architecture) => {
      const tiers = required(lambda.gbSecond[architecture], region, `lambda.gbSecond.${architecture}`);
      const line = tieredLine('compute', gbSeconds[architecture], tiers, free);
      free = Math.max(0, free - line.quantity);
      return line;
    }),
    ...(known.logs === undefined ? [] : [lineOf('logs', logBytes / GB_OF_LOGS, known.logs)]),
  ];
}

/** The formula is in docs/cost-model.md. */
export function lambdaTime(work: FanoutWork, fanout: Fanout): WallTime {
  const { concurrency, originalsPerInvocation } = fanout;
  const { originals, secondsPerOriginal } = work;
  const invocations = invocationsFor(originals, fanout);
  const used = coldStartsFor(invocations, fanout);
  const bounds = {
    // However many run side by side, one of them takes its time.
    compute: secondsPerOriginal * Math.max(originals / concurrency, Math.min(originals, originalsPerInvocation)),
    'invocation-rate': invocations / (concurrency * REQUESTS_PER_CONCURRENCY),
    ...storeBounds(work),
  };
  return wallTime(bounds, used / ENVIRONMENTS_PER_SECOND + (used > 0 ? COLD_START_SECONDS : 0));
}
