import { recordsOf } from '../checkpoint/run-record.js';
import { exactly } from '../cost/estimate.js';
import { expand } from '../cost/expand.js';
import type { Expected } from '../cost/expected.js';
import type { Stratum } from '../cost/sample.js';
import type { Trade } from '../cost/trade.js';
import { REQUEST_CPU_SECONDS } from '../cost/ways.js';
import type { Workload } from '../cost/workload.js';
import type { Measured } from '../model/estimate.js';
import type { Engine } from '../engine/engine.js';
import type { Job } from '../model/job.js';
import type { JobResult } from '../model/outcome.js';
import type { Traffic } from '../model/traffic.js';
import type { OwnFiles } from '../store/own-files.js';

/** Of the last runs of a root, how many are looked at, and how many originals they must have done together to tell anything. */
const RUNS = 3;
const ORIGINALS = 20;

/**
 * How long the work takes and how large the variants become, from the last runs of this root: by how far they were from
 * what the model of work had expected of them. The model alone where there were none. A run whose record is damaged tells
 * nothing here; whoever goes on with it is told.
 */
export async function measuredByHistory(checkpoint: OwnFiles, variants: string, workload: Workload, trade: Trade): Promise<Measured> {
  const done = { runs: 0, originals: 0, cpuSeconds: 0, bytesWritten: 0, expectedSeconds: 0, expectedBytes: 0 };
  for await (const { state, sums, cpuSeconds, traffic } of recordsOf(checkpoint, variants, () => undefined)) {
    if (state !== 'complete' || sums.failed > 0 || sums.workload.originals === 0) continue;
    done.runs += 1;
    done.originals += sums.workload.originals;
    done.cpuSeconds += forImages(cpuSeconds, sentByWork(sums.workload, traffic, trade));
    done.bytesWritten += sums.bytesWritten;
    done.expectedSeconds += sums.workload.cpuSeconds;
    done.expectedBytes += sums.workload.outputBytes;
    if (done.runs === RUNS) break;
  }
  if (done.originals < ORIGINALS || done.expectedSeconds === 0 || done.expectedBytes === 0) return measuredByDefault(workload);
  return {
    basis: 'history',
    originals: done.originals,
    cpuSeconds: exactly((workload.cpuSeconds * done.cpuSeconds) / done.expectedSeconds),
    outputBytes: exactly((workload.outputBytes * done.bytesWritten) / done.expectedBytes),
  };
}

/**
 * How long the work takes and how large the variants become, from originals that are worked on for it, though nothing is
 * written.
 *
 * @param trial works on one original at a time in each of its processes
 * @param signal once it is aborted no more are begun
 * @param onResult told of everything that was done for it
 * @returns null where it was aborted, and a part says nothing
 */
export async function measuredBySample(strata: readonly Stratum[], trial: Engine, signal: AbortSignal, onResult: (job: Job, result: JobResult) => void): Promise<Measured | null> {
  const chosen = strata.flatMap((stratum) => stratum.chosen);
  const taken = new Map<string, Expected>();
  // The first ones find a process that has not done this before: they come again at the end, and that counts.
  const jobOf = new Map(chosen.map((job) => [job.original.key, job]));
  for await (const result of trial.run(inTurn([...chosen, ...chosen.slice(0, WARMING_UP)], signal))) {
    const { original, outcomes, requests } = result;
    const cpuSeconds = forImages(result.cpuSeconds, requests.get + requests.head + requests.put);
    const job = jobOf.get(original);
    if (job !== undefined) onResult(job, result);
    const bytes = outcomes.reduce((sum, outcome) => sum + (outcome.result === 'made' ? outcome.bytes : 0), 0);
    taken.set(original, { cpuSeconds, bytes });
  }
  return signal.aborted ? null : expand(strata, taken);
}

/** Of what a worker took, that without its requests: an estimate adds them by their number (cost/ways.ts). */
function forImages(cpuSeconds: number, requests: number): number {
  return Math.max(0, cpuSeconds - requests * REQUEST_CPU_SECONDS);
}

/** Not what the plan looked up, which workers have no part in. Folders are sent nothing. */
function sentByWork(workload: Workload, { originals, variants }: Traffic, trade: Trade): number {
  const { get, head, put } = trade.requestsFor(workload);
  return (originals.get + originals.head > 0 ? get + head : 0) + (variants.put > 0 ? put : 0);
}

/** More than there are processes on most machines. */
const WARMING_UP = 8;

async function* inTurn<T>(values: readonly T[], signal: AbortSignal): AsyncGenerator<T> {
  for (const value of values) {
    if (signal.aborted) return;
    yield value;
  }
}

export function measuredByDefault({ cpuSeconds, outputBytes }: Workload): Measured {
  return { basis: 'default', originals: 0, cpuSeconds: exactly(cpuSeconds), outputBytes: exactly(outputBytes) };
}
