import { isTriedAgain, recordOf, type FailureRecord } from '../checkpoint/failures.js';
import type { Recording } from '../checkpoint/recording.js';
import { addCounts, type Share } from '../checkpoint/sums.js';
import type { Settled } from '../checkpoint/settled.js';
import type { Trade } from '../cost/trade.js';
import type { JobWork } from '../cost/workload-of.js';
import type { Job } from '../model/job.js';
import { isRefused, type RefusedObject, type StoredObject } from '../model/original.js';
import type { RunEvent } from '../model/events.js';
import { failed, type Outcome } from '../model/outcome.js';
import type { Spec } from '../model/spec.js';
import type { Passed, Planned } from '../plan/join.js';
import type { RunControl } from './perform.js';
import type { Tally } from './tally.js';

/** What comes out of the plan, with the part of the keys that it belongs to; null where no place is kept. */
export interface Found {
  readonly part: Settled | null;
  readonly found: Planned | RefusedObject | Passed;
}

/** A job on its way, and who wants to know of its end. */
export interface Underway {
  readonly job: Job;
  /** What it adds to the workload; undefined where that counts it already. */
  readonly work: JobWork | undefined;
  settle(share: Share, failures: readonly FailureRecord[]): void;
}

/** What planning is told of the run, and tells it. */
export interface Planning extends Pick<RunControl, 'onEvent' | 'limit' | 'signal'> {
  /** What a variant is billed for at least, in bytes. */
  readonly minimumBytes: number;
  /** What kind of work it is. */
  readonly trade: Trade;
  /** Told of every original, whether something is due or not. */
  readonly onOriginal?: (original: StoredObject) => void;
  /** Asked now and then, and waited for; once it is not so any more, the plan ends. */
  readonly canAfford?: () => Promise<boolean>;
  /** Told when one was counted that has failed already, so that there is nothing to be done. */
  readonly onFailedInPlan?: () => void;
}

/** How often the plan tells how far it has come, in originals. */
const PLANNED_EVERY = 250;

/** From what is planned to what is to be done; what cannot be done is told and counted on the way. */
export async function* jobsOf(
  plan: AsyncIterable<Found>,
  specs: readonly Spec[],
  tally: Tally,
  recording: Recording | null,
  { onEvent, limit, signal, minimumBytes, trade, onOriginal, canAfford = async () => true, onFailedInPlan }: Planning,
): AsyncGenerator<Underway> {
  const tellPlanned = (ended: boolean): void =>
    onEvent({ type: 'planned', listed: tally.sums.originals, jobs: tally.jobs, ended });

  for await (const { part, found } of plan) {
    if (tally.jobs === limit) break;
    if (signal.aborted) {
      tally.cutShort = true;
      break;
    }
    if ('passed' in found) {
      part?.passed(found.passed);
      await recording?.saveNowAndThen();
      if (await canAfford()) continue;
      tally.cutShort = true;
      break;
    }
    const ticket = part?.planned();
    if (!isRefused(found)) onOriginal?.(found.original);
    const { due, failures } = workIn(found, specs);
    const failing = failures.reduce((count, failure) => count + failure.specs.length, 0);
    const upToDate = due.length + failing === 0 ? 1 : 0;
    const work = due.length === 0 || isRefused(found) ? undefined : trade.jobWork({ original: found.original, due }, minimumBytes);
    const counts = { originals: 1, upToDate, due: due.length + failing, failed: failing };
    tally.add(counts);
    tally.jobs += 1 - upToDate;
    for (const { original, variant, ...failure } of failures) {
      const outcome = failed(original, variant, failure);
      onEvent(recording === null ? { type: 'outcome', ...outcome } : firstTold(outcome));
    }
    if (due.length === 0 || isRefused(found)) {
      ticket?.settle(counts, failures);
      if (failures.length > 0) {
        tally.failedInPlan += 1;
        onFailedInPlan?.();
      }
    } else {
      // Should it be killed: what may have been replaced while it was worked on is made again by the run that goes on.
      if (recording?.isKept === false) await recording.save({});
      yield { job: { original: found.original, due }, work, settle: (more, others) => ticket?.settle({ ...addCounts(counts, more), work, specs: more.specs }, [...failures, ...others]) };
    }
    if (tally.sums.originals % PLANNED_EVERY === 0) tellPlanned(false);
  }
  tellPlanned(true);
}

/** Of a try that is followed by a second one: what may pass is tried again, and no outcome until then. */
export function firstTold(outcome: Outcome): RunEvent {
  if (outcome.result === 'made' || !isTriedAgain(outcome)) return { type: 'outcome', ...outcome };
  const { original, variant, code, detail } = outcome;
  return { type: 'retry', original, variant, code, detail };
}

/** What is to be made, and what is known already that it cannot be. */
function workIn(found: Planned | RefusedObject, specs: readonly Spec[]): { due: Planned['due']; failures: readonly FailureRecord[] } {
  if (isRefused(found)) {
    const failure = failed(found.key, null, { code: found.refused, detail: found.detail });
    return { due: [], failures: [recordOf(failure, specs.map(({ name }) => name))] };
  }
  const { original, due, collisions } = found;
  const failures = collisions.map(({ spec, rival }) =>
    recordOf(failed(original.key, spec.name, { code: 'key-collision', detail: rival }), []),
  );
  return { due, failures };
}
