import { Readable } from 'node:stream';
import { recordOf } from '../checkpoint/failures.js';
import type { Spent } from '../checkpoint/run-record.js';
import type { Engine } from '../engine/engine.js';
import { toUsd } from '../cost/money.js';
import { minimumBytesOf } from '../cost/storage.js';
import type { RunEvent, RunStarted, Summary, Warning } from '../model/events.js';
import type { Job } from '../model/job.js';
import type { Layout } from '../model/layout.js';
import { addRequests, NO_REQUESTS, type Requests } from '../model/requests.js';
import type { Traffic } from '../model/traffic.js';
import type { Spec } from '../model/spec.js';
import type { Store } from '../store/store.js';
import { jobsAgain } from './again.js';
import type { SessionParts } from './begin.js';
import { billOf, spentOn } from './bill.js';
import { firstTold, jobsOf, type Found, type Underway } from './jobs.js';
import { exceeded, plannedToFail, type MaxFailures } from './max-failures.js';
import { paceTeller } from './pace.js';
import { atWork, billingOf, isPriced, requirePrices, type Pricing } from './pricing.js';
import type { Session } from './session.js';
import { SpendingCap } from './spending.js';
import { sumsOf, Tally } from './tally.js';

/** What every run needs, already constructed. */
export interface RunParts {
  readonly originals: Store;
  readonly variants: Store;
  readonly engine: Engine;
  readonly layout: Layout;
  readonly specs: readonly Spec[];
  /** Does the work and writes nothing, each original alone in a process: to see what it takes. */
  readonly trial: Engine;
  /** How many parts of the listing are gone through side by side, where the store can. */
  readonly lanes: number;
  /** Who else sends requests that are to be counted. */
  readonly others?: readonly { readonly requests: Requests }[];
  /** Whether the plan looks each original up, as its key is given, in place of listing them. */
  readonly looksUp?: boolean;
  readonly pricing: Pricing;
  /** What the run is called. Default: as the operation. */
  readonly command?: RunStarted['command'];
  /** What was found out already that a person should know. */
  readonly warnings?: readonly Warning[];
}

export type PerformParts = RunParts & Pick<SessionParts, 'checkpoint'>;

export interface RunControl {
  /** Plan and estimate only: tells what is due and what it would cost, writes nothing. */
  readonly dryRun: boolean;
  /** With a dry run: how many originals are measured; null: none are. */
  readonly sample: number | null;
  /** With a dry run: list and tell what is due also where a price is missing, and only then throw for it. Default: before. */
  readonly listsUnpriced?: boolean;
  /** Stop before more than so many USD are spent; null for no limit. */
  readonly maxCost: number | null;
  /** Stop after this many originals with something due; null for no limit. */
  readonly limit: number | null;
  /** Originals with something due, where a dry run has counted them before this one. */
  readonly counted?: number;
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
export async function perform(plan: AsyncIterable<Found>, parts: PerformParts, session: Session, control: RunControl): Promise<Summary> {
  const { recording, lost } = session;
  const { onEvent, maxCost } = control;
  const billing = atWork(await billingOf(parts), parts.pricing);
  const tally = new Tally(recording?.record, parts.pricing.trade);
  const spent = (): Spent => tally.spent(sentBy(parts), parts.engine.invoked);
  if (maxCost !== null) requirePrices(billing, parts.engine.mostInvoked);
  const cap = maxCost === null ? null : new SpendingCap(maxCost, () => spentOn(spent(), tally.sums, billing), billing, parts.engine);
  const mayRepeat = (again: readonly Job[]): boolean => cap?.admitAgain(again) ?? true;
  const tellPace = paceTeller(parts.engine, onEvent, () => (isPriced(billing, parts.engine.invoked) ? toUsd(spentOn(spent(), tally.sums, billing)) : null));
  const stop = new AbortController();
  const signal = AbortSignal.any([control.signal, lost, stop.signal]);
  let stoppedBy: Summary['stoppedBy'] = null;
  const stopFor = (reason: NonNullable<Summary['stoppedBy']>): void => {
    // What it may have been stopped by meanwhile stays.
    if (signal.aborted) return;
    stoppedBy = reason;
    stop.abort();
  };

  const work = async (jobs: AsyncIterable<Underway>, which: 'first try' | 'second try' | 'only try'): Promise<void> => {
    const underway = new Map<string, Underway[]>();
    const admitted = admittedBy(cap, untilAborted(jobs, underway, signal, tally), signal, () => {
      stopFor('cost');
      tally.cutShort = true;
    });
    for await (const result of parts.engine.run(admitted, { mayRepeat, beforeWork: session.assure, signal: lost })) {
      await session.assure();
      const { original, outcomes, due } = result;
      const ended = underway.get(original)?.shift();
      tally.addResult(result, ended?.work);
      ended?.settle(sumsOf(result), outcomes.flatMap((outcome) => (outcome.result === 'failed' ? recordOf(outcome, due) : [])));
      if (ended !== undefined) cap?.settle(ended.job);
      if (underway.get(original)?.length === 0) underway.delete(original);
      for (const outcome of outcomes) onEvent(which === 'first try' ? firstTold(outcome) : { type: 'outcome', ...outcome });
      tellPace();
      await recording?.saveNowAndThen();
      // What is tried once more has been counted by its first try.
      if (which !== 'second try' && exceeded(control.maxFailures, tally)) stopFor('failures');
    }
  };

  let atEnd = false;
  let doubt: { readonly doubtSince?: number } = {};
  if (recording !== null) recording.spent = spent;
  try {
    const canAfford = async (): Promise<boolean> => {
      if (cap === null || (await cap.staysOpen())) return true;
      stopFor('cost');
      return false;
    };
    const onFailedInPlan = (): void => {
      if (plannedToFail(control.maxFailures, tally)) stopFor('failures');
    };
    const jobs = jobsOf(plan, parts.specs, tally, recording, { ...control, signal, minimumBytes: minimumBytesOf(billing), trade: parts.pricing.trade, canAfford, onFailedInPlan });
    if (recording === null) await work(jobs, 'only try');
    else {
      if (recording.record.phase === 'listing') await work(jobs, 'first try');
      // Also where the last job was in flight when it was stopped: what failed is still to be tried once more. With --limit it is behind
      // the last mark, and known to the sums alone.
      if (signal.aborted) tally.cutShort ||= recording.hasFailures || tally.sums.failed > 0;
      if (!tally.cutShort) recording.closeParts();
      if (!signal.aborted && recording.hasFailures) {
        await recording.beginAgain();
        onEvent({ type: 'again' });
        await work(jobsAgain(parts, recording, tally, (failure) => onEvent({ type: 'outcome', ...failure })), 'second try');
      }
    }
    if (lost.aborted) throw lost.reason;
    atEnd = !tally.cutShort;
  } catch (error) {
    // Nothing more is planned, and what was in flight has ended in its midst.
    stop.abort();
    if (recording !== null) doubt = { doubtSince: recording.record.doubtSince ?? recording.record.startedAt };
    // All else comes of that.
    throw lost.aborted ? lost.reason : error;
  } finally {
    const state = stoppedBy !== null ? 'stopped' : atEnd ? 'complete' : 'interrupted';
    // A run that found nothing to do leaves nothing behind, unless it is recorded as running; one that lost its root has no say there any more.
    const isToldOf = state !== 'complete' || tally.jobs > 0 || session.resumed || recording?.isKept === true;
    if (!lost.aborted && isToldOf) await recording?.save({ state, stoppedBy, ...doubt });
    recording?.end();
  }
  // Before the sums are drawn: to give the root back takes requests as well.
  await session.end();
  const all = spent();
  const bill = billOf(all, tally.sums, billing, parts.pricing, parts.looksUp ?? false);
  const summary = tally.summary(all, { resumed: session.resumed, stoppedBy, bill });
  onEvent(summary);
  return summary;
}

/** What this process sent itself: for the plan, and for what it keeps. */
export function sentBy({ originals, variants, others = [], checkpoint }: PerformParts): Traffic {
  const own = [...new Set([originals.own, variants.own, checkpoint]), ...others].map(({ requests }) => requests);
  return { originals: originals.requests, variants: variants.requests, own: own.reduce(addRequests, NO_REQUESTS) };
}

/** Jobs as far as there is money for them; none once the signal is given, which may be while one waits for money. */
async function* admittedBy(cap: SpendingCap | null, jobs: AsyncIterable<Job>, signal: AbortSignal, onEnd: () => void): AsyncGenerator<Job> {
  for await (const job of jobs) {
    const fits = cap === null || (await cap.admit(job));
    if (!fits || signal.aborted) {
      // It is not begun, so nothing stays reserved for it.
      cap?.settle(job);
      return onEnd();
    }
    yield job;
  }
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
