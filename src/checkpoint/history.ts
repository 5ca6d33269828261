import type { FailureCode } from '../model/failure.js';
import type { PastRun, RunState } from '../model/past-run.js';
import { allRequests } from '../model/traffic.js';
import type { OwnFiles } from '../store/own-files.js';
import { finalFailures } from './failures.js';
import { recordsOf, unlessDamaged, type OnDamaged, type RunRecord } from './run-record.js';

/**
 * The runs of a root, the newest first. Writes nothing.
 *
 * @param variants the root, as records name it
 * @param held whether somebody writes the root now
 * @param onDamaged told of a record that cannot be read, in a sentence; the others are told all the same
 */
export async function* history(own: OwnFiles, variants: string, held: boolean, onDamaged: OnDamaged): AsyncGenerator<PastRun> {
  let isLast = true;
  for await (const record of recordsOf(own, variants, onDamaged)) {
    const failures = await unlessDamaged(failuresByCode(own, record), onDamaged);
    yield toldOf(record, stateOf(record, isLast, held), failures ?? {});
    isLast = false;
  }
}

/** One root has one writer, so that of several that are recorded as running only the last one may be. */
export function stateOf({ state }: Pick<RunRecord, 'state'>, isLast: boolean, held: boolean): RunState {
  if (state !== 'running') return state;
  return isLast && held ? 'running' : 'killed';
}

export function toldOf(record: RunRecord, state: RunState, failures: PastRun['failures']): PastRun {
  const { id, stoppedBy, identity, terms, startedAt, seconds, sums, traffic, ranges } = record;
  const { originals: all, due, made, upToDate, failed, bytesRead, bytesWritten } = sums;
  const { command, originals, variants, mode, specs, filter } = identity;
  return {
    type: 'run-record',
    id,
    state,
    stoppedBy,
    command,
    originals,
    variants,
    mode,
    specs: Object.keys(specs),
    filter,
    terms,
    startedAt: new Date(startedAt).toISOString(),
    seconds,
    sums: { originals: all, due, made, upToDate, failed, bytesRead, bytesWritten },
    requests: allRequests(traffic),
    left: ranges,
    secondTry: secondTryOf(record),
    failures,
  };
}

function secondTryOf({ phase, state, failures }: RunRecord): PastRun['secondTry'] {
  if (failures.first === 0) return 'none';
  return phase === 'again' && state === 'complete' ? 'done' : 'open';
}

async function failuresByCode(own: OwnFiles, record: RunRecord): Promise<PastRun['failures']> {
  const counts: Partial<Record<FailureCode, number>> = {};
  for await (const { code } of finalFailures(own, record)) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}
