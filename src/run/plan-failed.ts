import { finalFailures, isOfFolder } from '../checkpoint/failures.js';
import type { Recording } from '../checkpoint/recording.js';
import { differences, lastRecord, readRecord, recordsOf, RETRY, savedAt, type Identity, type RunRecord } from '../checkpoint/run-record.js';
import type { Mode } from '../model/job.js';
import { isRefused, type RefusedObject } from '../model/original.js';
import { UserError, type UserErrorCode } from '../model/user-error.js';
import type { Past } from '../plan/past.js';
import type { Store } from '../store/store.js';
import type { SessionParts } from './begin.js';
import type { Found } from './jobs.js';
import type { RunParts } from './perform.js';
import { planKeys } from './plan-keys.js';

/** How often the plan says how far it has come, in failures. */
const MARK_EVERY = 100;

type Parts = RunParts & SessionParts;

/**
 * The run of which the failures are to be tried again: the last one of this job, or the one of which an unfinished retry
 * has them from. The place of any other unfinished run is not disturbed.
 *
 * @param dryRun then a damaged record is passed over, as with --fresh; its session tells of it
 * @throws UserError `usage` if there is none; `checkpoint-mismatch` if another run must be finished before; `checkpoint-damaged`,
 *   in a dry run where no other record will do
 */
export async function failedRun({ checkpoint, variants, fresh }: Parts, job: Identity, dryRun: boolean): Promise<RunRecord> {
  const damage: string[] = [];
  const onDamaged = fresh || dryRun ? (message: string) => void damage.push(message) : undefined;
  // What is damaged may be the very run that was meant, and would hinder the one that is foreseen.
  const refused = (code: UserErrorCode, message: string): UserError => {
    const [damaged] = fresh ? [] : damage;
    return damaged === undefined ? new UserError(code, message) : new UserError('checkpoint-damaged', damaged);
  };
  const last = await lastRecord(checkpoint, variants.location, onDamaged);
  if (last !== undefined && last.state !== 'complete' && !fresh) {
    const source = last.identity.filter[RETRY];
    const failed = typeof source === 'string' && isOf(last, job) ? await readRecord(checkpoint, source, variants.location) : undefined;
    if (failed !== undefined) return failed;
    throw refused('checkpoint-mismatch', `Run ${last.id} has not come to its end; go on with it first (imgvar status says how), or give it up with --fresh.`);
  }
  for await (const record of recordsOf(checkpoint, variants.location, onDamaged)) {
    if (cameToItsEnd(record) && isOf(record, job)) return record;
  }
  const other = last === undefined ? '' : `; the last one, ${last.id}, differs in ${differences(jobOf(last), job).join(', ') || 'nothing'}`;
  throw refused('usage', `No run of this job has come to its end in ${variants.location}, so there is nothing to try again${other}.`);
}

/** A run that was ended by a limit is complete, and tells nothing of what it did not come to. */
function cameToItsEnd({ state, ranges }: RunRecord): boolean {
  return state === 'complete' && ranges.length === 0;
}

/** What was done, without whether it was a retry. */
function jobOf({ identity }: RunRecord): Identity {
  const filter = { ...identity.filter };
  delete filter[RETRY];
  return { ...identity, filter };
}

function isOf(record: RunRecord, job: Identity): boolean {
  return differences(jobOf(record), job).length === 0;
}

/**
 * The originals that failed in a run, by the mode: what exists by now is up to date; where all were to be made, what was
 * written since that run began. An original that was modified since then may have failed half-way, with variants of what it was, which that run wrote. The place in the record is the number of a failure.
 */
export async function* planFailed(
  parts: Parts,
  failed: RunRecord,
  mode: Mode,
  past: Past,
  accepts: (key: string) => boolean,
  recording: Recording | null,
): AsyncGenerator<Found> {
  const range = recording?.record.ranges[0];
  if (recording !== null && range === undefined) return;
  const part = recording === null || range === undefined ? null : recording.settledIn(range);
  const doubtSince = failed.doubtSince ?? failed.startedAt;
  const ended = await savedAt(parts.checkpoint, failed.id);
  const since: Past = {
    ...past,
    isInDoubt: (modifiedAt, writtenAt) => past.isInDoubt(modifiedAt, writtenAt) || (modifiedAt >= doubtSince && writtenAt <= ended),
    ...(mode === 'all' ? { startedAt: failed.startedAt } : {}),
  };
  const originals = failedOriginals(parts, failed, accepts, Number(range?.after ?? 0));
  let marked = 0;
  for await (const { given, found } of planKeys(parts, mode, since, originals)) {
    // Everything before this failure has come out.
    if (given.failure - marked > MARK_EVERY) {
      marked = given.failure - 1;
      yield { part, found: { passed: String(marked) } };
    }
    yield { part, found };
  }
  yield { part, found: { passed: null } };
}

type FailedOriginal = { readonly failure: number } & ({ readonly key: string } | RefusedObject);

/** Failures of one original stand together, and are one. */
async function* failedOriginals(
  { checkpoint, originals }: Parts,
  failed: RunRecord,
  accepts: (key: string) => boolean,
  after: number,
): AsyncGenerator<FailedOriginal> {
  let failure = 0;
  let last: string | null = null;
  for await (const { original, variant } of finalFailures(checkpoint, failed)) {
    failure += 1;
    if (failure <= after || original === last) continue;
    last = original;
    if (isOfFolder({ original, variant })) yield* within(originals, original, accepts, failure);
    else yield { failure, key: original };
  }
}

/** A folder that could not be listed fails under its name with the slash; what is in it may be known by now. */
async function* within(originals: Store, folder: string, accepts: (key: string) => boolean, failure: number): AsyncGenerator<FailedOriginal> {
  for await (const page of originals.list(folder)) {
    for (const listed of page) if (isRefused(listed) || accepts(listed.key)) yield { ...listed, failure };
  }
}
