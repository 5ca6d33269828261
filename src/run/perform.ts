import { Readable } from 'node:stream';
import { recordOf } from '../checkpoint/failures.js';
import type { Engine } from '../engine/engine.js';
import type { RunEvent, Summary } from '../model/events.js';
import type { Job } from '../model/job.js';
import type { Layout } from '../model/layout.js';
import type { Outcome } from '../model/outcome.js';
import { addRequests, type Requests } from '../model/requests.js';
import type { Spec } from '../model/spec.js';
import type { Store } from '../store/store.js';
import { jobsAgain } from './again.js';
import { jobsOf, type Found, type Underway } from './jobs.js';
import { exceeded, type MaxFailures } from './max-failures.js';
import type { Session } from './session.js';
import { sumsOf, Tally } from './tally.js';

/** What every run needs, already constructed. */
export interface RunParts {
  readonly originals: Store;
  readonly variants: Store;
  readonly engine: Engine;
  readonly layout: Layout;
  readonly specs: readonly Spec[];
  /** How many parts of the listing are gone through side by side, where the store can. */
  readonly lanes: number;
  /** Who else sends requests that are to be counted. */
  readonly others?: readonly { readonly requests: Requests }[];
}

export interface RunControl {
  /** Plan only: tells what is due, writes nothing. */
  readonly dryRun: boolean;
  /** Stop after this many originals with something due; null for no limit. */
  readonly limit: number | null;
  readonly maxFailures: MaxFailures;
  readonly onEvent: (event: RunEvent) => void;
  /** Aborted: no new original is begun, and what is in flight is finished. */
  readonly signal: AbortSignal;
}

/** How far the plan may be ahead of the work, in originals: it makes the total known early, and bounds memory. */
const LOOKAHEAD = 10_000;

/**
 * The whole of a run but for where its plan comes from: what is planned is worked on while the planning goes on, and
 * what failed and may pass is tried once more at the end.
 * @returns the summary, which was also the last event
 */
export async function perform(plan: AsyncIterable<Found>, parts: RunParts, session: Session, control: RunControl): Promise<Summary> {
  const { recording, lost } = session;
  const { onEvent } = control;
  const tally = new Tally(recording?.record);
  const senders = [parts.originals, parts.variants, ...(parts.others ?? [])];
  const spent = () => tally.spent(senders.map(({ requests }) => requests).reduce(addRequests));
  const stop = new AbortController();
  const signal = AbortSignal.any([control.signal, lost, stop.signal]);
  let stoppedBy: Summary['stoppedBy'] = null;

  /** @param last whether what fails now has failed for good */
  const work = async (jobs: AsyncIterable<Underway>, last: boolean): Promise<void> => {
    const underway = new Map<string, Underway[]>();
    for await (const result of parts.engine.run(untilAborted(jobs, underway, signal, tally))) {
      const { original, outcomes, due } = result;
      tally.addResult(result);
      underway.get(original)?.shift()?.settle(sumsOf(result), outcomes.flatMap((outcome) => (outcome.result === 'failed' ? recordOf(outcome, due) : [])));
      if (underway.get(original)?.length === 0) underway.delete(original);
      for (const outcome of outcomes) onEvent(last ? { type: 'outcome', ...outcome } : firstTold(outcome));
      await recording?.saveNowAndThen();
      if (stoppedBy === null && exceeded(control.maxFailures, tally)) {
        stoppedBy = 'failures';
        stop.abort();
      }
    }
  };

  if (recording !== null) recording.spent = spent;
  try {
    const jobs = jobsOf(plan, parts.specs, tally, recording, { ...control, signal });
    if (control.dryRun) await tellDue(jobs, onEvent);
    else if (recording === null) await work(jobs, true);
    else {
      if (recording.record.phase === 'listing') await work(jobs, false);
      if (!signal.aborted) recording.closeParts();
      if (!signal.aborted && recording.hasFailures) {
        await recording.beginAgain();
        await work(jobsAgain(parts, recording, tally, (failure) => onEvent({ type: 'outcome', ...failure })), true);
      }
    }
    if (lost.aborted) throw lost.reason;
  } finally {
    const state = stoppedBy !== null ? 'stopped' : tally.cutShort ? 'interrupted' : 'complete';
    // A run that found nothing to do leaves nothing behind; one that lost its root has no say there any more.
    if (!lost.aborted && (state !== 'complete' || tally.jobs > 0 || session.resumed)) await recording?.save({ state });
  }
  // Before the sums are drawn: to give the root back takes requests as well.
  await session.end();
  const summary = tally.summary(spent(), session.resumed, stoppedBy);
  onEvent(summary);
  return summary;
}

async function tellDue(jobs: AsyncIterable<Underway>, onEvent: RunControl['onEvent']): Promise<void> {
  for await (const { job } of jobs) {
    for (const { spec, key, reason } of job.due) onEvent({ type: 'due', original: job.original.key, variant: spec.name, key, reason });
  }
}

/** What may pass is tried again, and no outcome until then. */
function firstTold(outcome: Outcome): RunEvent {
  if (outcome.result === 'made' || !outcome.retryable) return { type: 'outcome', ...outcome };
  const { original, variant, code, detail } = outcome;
  return { type: 'retry', original, variant, code, detail };
}

/** Plans ahead of the work, and ends as soon as the signal is given, whatever is planned already. */
async function* untilAborted(
  jobs: AsyncIterable<Underway>,
  underway: Map<string, Underway[]>,
  signal: AbortSignal,
  tally: Tally,
): AsyncGenerator<Job> {
  const ahead = Readable.from(jobs, { highWaterMark: LOOKAHEAD, signal });
  try {
    for await (const next of ahead) {
      const { key } = (next as Underway).job.original;
      underway.set(key, [...(underway.get(key) ?? []), next as Underway]);
      yield (next as Underway).job;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    tally.cutShort = true;
  }
}
