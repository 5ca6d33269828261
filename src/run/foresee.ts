import { estimate } from '../cost/estimate.js';
import { toUsd } from '../cost/money.js';
import { orMissing } from '../cost/prices.js';
import { Sampler } from '../cost/sample.js';
import { minimumBytesOf } from '../cost/storage.js';
import { uncountedIn } from '../cost/uncounted.js';
import { addJobWork, newWorkload, type Workload } from '../cost/workload.js';
import type { Estimated, Summary } from '../model/events.js';
import type { Measured, Way } from '../model/estimate.js';
import { addInvoked, NOTHING_INVOKED } from '../model/invoked.js';
import type { StoredObject } from '../model/original.js';
import { UserError } from '../model/user-error.js';
import { assumptionsOf } from './assumptions.js';
import { spentOn } from './bill.js';
import { jobsOf, type Found } from './jobs.js';
import { measuredByHistory, measuredBySample } from './measured.js';
import { sentBy, type PerformParts, type RunControl } from './perform.js';
import { atWork, billingOf, isPriced, requirePrices } from './pricing.js';
import type { Session } from './session.js';
import { Tally } from './tally.js';
import { undertakingOf } from './undertaking.js';

/**
 * A run that is only planned: tells what is due, what it would cost and how long it would take. Nothing is written.
 *
 * @returns the summary, which was also the last event
 * @throws UserError `price-missing`: before anything is listed, or after that where it was to be listed all the same
 */
export async function foresee(plan: AsyncIterable<Found>, parts: PerformParts, session: Session, control: RunControl): Promise<Summary> {
  const { onEvent } = control;
  // That of work on this machine as well, with which it is compared.
  const billing = await billingOf(parts);
  const asChosen = atWork(billing, parts.pricing);
  const { trade } = parts.pricing;
  if (control.listsUnpriced !== true) requirePrices(asChosen);
  const minimumBytes = minimumBytesOf(billing);
  const tally = new Tally();
  const trials = new Tally();
  const all = newWorkload();
  const everything = parts.specs.map((spec) => ({ spec, key: '', reason: 'forced' as const }));
  const onOriginal = (original: StoredObject): void => {
    addJobWork(all, trade.jobWork({ original, due: everything }, minimumBytes));
  };
  const sampler = control.sample === null ? null : new Sampler(control.sample, Math.random);
  for await (const { job, work } of jobsOf(plan, parts.specs, tally, null, { ...control, minimumBytes, trade, onOriginal })) {
    tally.add({ work });
    sampler?.add(job);
    for (const { spec, key, reason } of job.due) onEvent({ type: 'due', original: job.original.key, variant: spec.name, key, reason });
  }
  const { workload } = tally.sums;
  const planned = sentBy(parts);
  const bySample =
    sampler === null || workload.originals === 0 || control.signal.aborted
      ? null
      : await measuredBySample(sampler.choose(), parts.trial, control.signal, (job, result) => {
          trials.addResult(result, trade.jobWork(job, minimumBytes));
        });
  const measured = bySample ?? (await measuredByHistory(parts.checkpoint, parts.variants.location, workload, trade));
  tally.cutShort ||= control.signal.aborted;
  const reckon = (work: Workload, by: Measured, way: Way) => estimate(way, undertakingOf(work, planned, billing, parts.pricing), by);
  const { way } = parts.pricing;
  const expected = reckon(workload, measured, way);
  // Where nothing is due no function is called, so that all may need a price that the run does without.
  const ofAll = !trade.comparesWays || all.variants === workload.variants ? null : orMissing(() => reckon(all, scaled(measured, workload, all), way));
  onEvent({
    type: 'estimate',
    ...expected,
    alternatives: trade.comparesWays ? expected.alternatives : [],
    originals: workload.originals,
    variants: workload.variants,
    due: workload.due,
    all: ofAll === null || ofAll instanceof UserError ? null : { variants: all.variants, usd: ofAll.usd, seconds: ofAll.seconds },
    uncounted: uncountedIn(way, undertakingOf(workload, planned, billing, parts.pricing)),
    assumptions: assumptionsOf(billing, parts.pricing, Object.keys(all.classes)),
  } satisfies Estimated);
  // What it took to find all this out; nothing was written, so no bytes of the sample were sent anywhere.
  const spent = trials.spent(sentBy(parts), addInvoked(parts.engine.invoked ?? NOTHING_INVOKED, parts.trial.invoked ?? NOTHING_INVOKED));
  const usd = isPriced(asChosen, spent.invoked) ? toUsd(spentOn({ ...spent, bytesWritten: 0 }, trials.sums, asChosen)) : null;
  const summary = tally.summary(spent, { resumed: session.resumed, stoppedBy: null, bill: null, usd });
  onEvent(summary);
  return summary;
}

/** What was measured for some work, for other work of the same kind: by what the model of work expects of each. */
function scaled({ basis, originals, cpuSeconds, outputBytes }: Measured, from: Workload, to: Workload): Measured {
  const by = (measured: Measured['cpuSeconds'], expected: number, wanted: number): Measured['cpuSeconds'] => {
    const factor = expected === 0 ? 0 : wanted / expected;
    return expected === 0
      ? { value: wanted, low: wanted, high: wanted }
      : { value: measured.value * factor, low: measured.low * factor, high: measured.high * factor };
  };
  return { basis, originals, cpuSeconds: by(cpuSeconds, from.cpuSeconds, to.cpuSeconds), outputBytes: by(outputBytes, from.outputBytes, to.outputBytes) };
}
