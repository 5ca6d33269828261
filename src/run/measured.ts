import { recordsOf } from '../checkpoint/run-record.js';
import { exactly } from '../cost/estimate.js';
import type { Workload } from '../cost/workload.js';
import type { Measured } from '../model/estimate.js';
import type { OwnFiles } from '../store/own-files.js';

/** Of the last runs of a root, how many are looked at, and how many originals they must have done together to tell anything. */
const RUNS = 3;
const ORIGINALS = 20;

/**
 * How long the work takes and how large the variants become, from the last runs of this root: by how far they were from
 * what the model of work had expected of them. The model alone where there were none.
 */
export async function measuredByHistory(checkpoint: OwnFiles, variants: string, workload: Workload): Promise<Measured> {
  const done = { runs: 0, originals: 0, cpuSeconds: 0, bytesWritten: 0, expectedSeconds: 0, expectedBytes: 0 };
  for await (const { state, sums, cpuSeconds } of recordsOf(checkpoint, variants)) {
    if (state !== 'complete' || sums.failed > 0 || sums.workload.originals === 0) continue;
    done.runs += 1;
    done.originals += sums.workload.originals;
    done.cpuSeconds += cpuSeconds;
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

export function measuredByDefault({ cpuSeconds, outputBytes }: Workload): Measured {
  return { basis: 'default', originals: 0, cpuSeconds: exactly(cpuSeconds), outputBytes: exactly(outputBytes) };
}
