import type { Way, WayUnknown } from '../model/estimate.js';
import type { Traffic } from '../model/traffic.js';
import { UserError } from '../model/user-error.js';
import { invocationsFor, lambdaLines, lambdaTime, secondsInFunction, type Fanout } from './lambda.js';
import { lineOf, merged, totalOf, type Line } from './lines.js';
import type { Nano } from './money.js';
import { orMissing, pricesOf, required } from './prices.js';
import { storeLines, type Billing } from './store-lines.js';
import { storeBounds, wallTime, type WallTime } from './wall-time.js';
import type { Workload } from './workload.js';

/** The work, with all that a way needs to know of it. */
export interface Undertaking {
  readonly workload: Workload;
  /** Seconds of one core, and bytes of variants: measured where they could be. */
  readonly cpuSeconds: number;
  readonly outputBytes: number;
  /** All requests that it takes when nothing fails. */
  readonly traffic: Traffic;
  /** Of the HEADs to where the work goes, those of the work itself, and not of the plan. */
  readonly lookUps: number;
  readonly billing: Billing;
  /** Of this machine. */
  readonly here: Here;
  readonly fanout: Omit<Fanout, 'originalsPerInvocation'>;
}

export interface Here {
  readonly cores: number;
  /** Requests under way at one time, where a bucket takes part. */
  readonly connections: number;
}

export interface WayCost {
  readonly way: Way;
  readonly lines: readonly Line[];
  readonly total: Nano;
  readonly time: WallTime;
}

/** How long a request takes until its answer begins, in the bucket's region and from afar, in seconds. An assumption. */
export const LATENCY_SECONDS = { inRegion: 0.03, away: 0.08 };

/** In a function an original is read, and its last variant written and confirmed, while nothing is computed, in seconds. An assumption. */
export const WAITING_SECONDS = 0.06;

/** An invocation of the fan-out takes so long at the most, in seconds, and so many originals. */
export const INVOCATION = { seconds: 2, originals: 50 };

/** The coordinator and what else runs beside the image work, as a share of that. Measured by `npm run bench:run`. */
export const BESIDE = 0.05;

/** What one request to a bucket takes of a core, in seconds. Measured by `npm run bench:run`: 16 to 22 ms for eight. */
export const REQUEST_CPU_SECONDS = 0.0024;

/** Workers of a queue, and how long each idles before it is let go, in seconds. Assumptions. */
export const QUEUE = { workers: 4, idleSeconds: 300, messagesPerRequest: 10, requestsPerMessage: 3 };

/** @throws UserError `price-missing` */
export function costOf(way: Way, undertaking: Undertaking): WayCost {
  const { lines, time } = PRICED[way](undertaking);
  return { way, lines: merged(lines), total: totalOf(lines), time };
}

/** As `costOf`, for a comparison: a price that is missing is told in its place. */
export function costOrWhyNot(way: Way, undertaking: Undertaking): WayCost | WayUnknown {
  const cost = orMissing(() => costOf(way, undertaking));
  return cost instanceof UserError ? { way, why: cost.message } : cost;
}

type Priced = (undertaking: Undertaking) => { lines: readonly Line[]; time: WallTime };

const PRICED: Record<Way, Priced> = {
  local: (undertaking) => ({ lines: storesFrom(undertaking, false), time: onMachines(undertaking, undertaking.here.cores, 1, undertaking.billing.inRegion) }),

  machine(undertaking) {
    const machine = machineOf(undertaking);
    const time = onMachines(undertaking, machine.cores, 1, true);
    return { lines: [...storesFrom(undertaking, true), lineOf('machine', time.seconds / 3600, machine.hour)], time };
  },

  queue(undertaking) {
    const machine = machineOf(undertaking);
    const region = regionOf(undertaking);
    const price = required(pricesOf(undertaking.billing.prices, region).queue, region, 'queue');
    const time = onMachines(undertaking, machine.cores, QUEUE.workers, true);
    const requests = Math.ceil(undertaking.workload.originals / QUEUE.messagesPerRequest) * QUEUE.requestsPerMessage;
    const hours = ((time.seconds + QUEUE.idleSeconds) * QUEUE.workers) / 3600;
    return { lines: [...storesFrom(undertaking, true), lineOf('queue', requests, price), lineOf('machine', hours, machine.hour)], time };
  },

  lambda(undertaking) {
    const { work, perInvocation } = inFunctions(undertaking);
    return invoked(undertaking, { ...work, fanout: { ...undertaking.fanout, originalsPerInvocation: perInvocation } });
  },

  's3-batch'(undertaking) {
    const { work } = inFunctions(undertaking);
    const { lines, time } = invoked(undertaking, { ...work, fanout: { ...undertaking.fanout, originalsPerInvocation: 1 } });
    const region = regionOf(undertaking);
    const batch = required(pricesOf(undertaking.billing.prices, region).batch, region, 'batch');
    const fees = [lineOf('batch-job', 1, batch.job), lineOf('batch-objects', undertaking.workload.originals, batch.object)];
    return { lines: [...lines, ...fees], time };
  },
};

/** @param inRegion whether the work is done where the originals are, whatever was said of this machine */
function storesFrom({ workload, outputBytes, traffic, billing }: Undertaking, inRegion: boolean): readonly Line[] {
  const use = { traffic, classes: workload.classes, bytesRead: workload.bytes, bytesWritten: outputBytes };
  return storeLines(use, { ...billing, inRegion: inRegion || billing.inRegion });
}

/** With one process for each core; the bucket's own limits hold for all of them together. */
function onMachines({ workload, cpuSeconds, billing, here, ...sent }: Undertaking, cores: number, machines: number, inRegion: boolean): WallTime {
  if (workload.originals === 0) return wallTime({});
  const { gets, puts } = requestsOf(sent);
  // An original is worked on by one core.
  const used = Math.min(cores * machines, workload.originals);
  const bounds = { cores: (cpuSeconds * (1 + BESIDE) + (gets + puts) * REQUEST_CPU_SECONDS) / used };
  if (billing.places.originals === null && billing.places.variants === null) return wallTime(bounds);
  const latency = inRegion ? LATENCY_SECONDS.inRegion : LATENCY_SECONDS.away;
  const connections = ((gets + puts) * latency) / (here.connections * machines);
  return wallTime({ ...bounds, connections, ...storeBounds({ gets, puts }) });
}

/** Those that the work on originals takes, by the rate that a bucket limits. */
function requestsOf({ traffic: { originals, variants }, lookUps }: Pick<Undertaking, 'traffic' | 'lookUps'>) {
  return { gets: originals.get + originals.head + lookUps, puts: variants.put };
}

function inFunctions({ workload, cpuSeconds, fanout, ...sent }: Undertaking) {
  const { originals } = workload;
  const requests = requestsOf(sent);
  const secondsPerOriginal = originals === 0 ? 0 : billedSeconds({ cpuSeconds, ...requests }, originals, fanout.memoryMb);
  const perInvocation = Math.min(INVOCATION.originals, Math.max(1, Math.floor(INVOCATION.seconds / secondsPerOriginal)));
  return { work: { originals, secondsPerOriginal, ...requests }, perInvocation };
}

/** Of one original in a function, without a cold start: its share of the work on all of them, and the waiting. */
export function billedSeconds(all: { cpuSeconds: number; gets: number; puts: number }, originals: number, memoryMb: number): number {
  const cpuSeconds = all.cpuSeconds + (all.gets + all.puts) * REQUEST_CPU_SECONDS;
  return secondsInFunction(cpuSeconds / originals, memoryMb) + WAITING_SECONDS;
}

function invoked(undertaking: Undertaking, { fanout, ...work }: Parameters<typeof lambdaTime>[0] & { fanout: Fanout }) {
  const { prices, freeTier } = undertaking.billing;
  const lines = lambdaLines(work, fanout, { prices, region: regionOf(undertaking), freeTier });
  return { lines: [...storesFrom(undertaking, true), ...lines], time: lambdaTime(work, fanout) };
}

/** How many invocations the way `lambda` plans. */
export function plannedInvocations(undertaking: Undertaking): number {
  const { work, perInvocation } = inFunctions(undertaking);
  return invocationsFor(work.originals, { originalsPerInvocation: perInvocation });
}

/** The work in the cloud is done where the originals are. @throws UserError `price-missing` where one side is a folder */
function regionOf({ billing }: Undertaking): string {
  const { originals, variants } = billing.places;
  if (originals !== null && variants !== null) return originals;
  throw new UserError('price-missing', `${originals === null ? 'Originals' : 'Variants'} in a folder cannot be reached from the cloud.`);
}

function machineOf(undertaking: Undertaking) {
  const region = regionOf(undertaking);
  return required(pricesOf(undertaking.billing.prices, region).machine, region, 'machine');
}

