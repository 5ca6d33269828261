import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Engine } from '../engine/engine.js';
import type { RunEvent, RunStarted, Summary } from '../model/events.js';
import { FAILURE_CODES } from '../model/failure.js';
import type { Job, Mode } from '../model/job.js';
import { isRefused, type RefusedObject } from '../model/original.js';
import { addRequests, NO_REQUESTS, type Requests } from '../model/requests.js';
import type { Failed, Outcome } from '../model/outcome.js';
import type { Layout } from '../model/layout.js';
import type { Spec } from '../model/spec.js';
import type { Planned } from '../plan/join.js';
import type { Store } from '../store/store.js';
import { Tally } from './tally.js';

/** What every run needs, already constructed. */
export interface RunParts {
  readonly originals: Store;
  readonly variants: Store;
  readonly engine: Engine;
  readonly layout: Layout;
  readonly specs: readonly Spec[];
  /** What names the originals, where it is not their listing. */
  readonly manifest?: { readonly requests: Requests };
}

export interface RunControl {
  /** Plan only: tells what is due, writes nothing. */
  readonly dryRun: boolean;
  /** Stop after this many originals with something due; null for no limit. */
  readonly limit: number | null;
  readonly onEvent: (event: RunEvent) => void;
  /** Aborted: no new original is begun, and what is in flight is finished. */
  readonly signal: AbortSignal;
}

/** How far the plan may be ahead of the work, in originals: it makes the total known early, and bounds memory. */
const LOOKAHEAD = 10_000;

/** How often the plan tells how far it has come, in originals. */
const PLANNED_EVERY = 250;

/**
 * The whole of a run but for where its plan comes from: what is planned is worked on while the planning goes on.
 * @returns the summary, which was also the last event
 */
export async function perform(
  command: RunStarted['command'],
  mode: Mode,
  plan: AsyncIterable<Planned | RefusedObject>,
  parts: RunParts,
  control: RunControl,
): Promise<Summary> {
  const { onEvent, signal } = control;
  const warnings = [...(await parts.originals.check('read')), ...(control.dryRun ? [] : await parts.variants.check('write'))];

  onEvent({
    type: 'run',
    id: runId(),
    command,
    originals: parts.originals.location,
    variants: parts.variants.location,
    engine: parts.engine.name,
    mode,
    specs: parts.specs.map((spec) => spec.name),
    resumed: false,
    dryRun: control.dryRun,
  });
  for (const warning of warnings) onEvent(warning);

  const tally = new Tally();
  const jobs = jobsOf(plan, parts.specs, tally, control);
  if (control.dryRun) {
    for await (const { original, due } of jobs) {
      for (const { spec, key, reason } of due) onEvent({ type: 'due', original: original.key, variant: spec.name, key, reason });
    }
  } else {
    for await (const result of parts.engine.run(untilAborted(jobs, signal, tally))) {
      tally.addResult(result);
      for (const outcome of result.outcomes) onEvent({ type: 'outcome', ...outcome });
    }
  }

  const stores = addRequests(parts.originals.requests, parts.variants.requests);
  const summary = tally.summary(addRequests(stores, parts.manifest?.requests ?? NO_REQUESTS));
  onEvent(summary);
  return summary;
}

/** From what is planned to what is to be done; what cannot be done is told and counted on the way. */
async function* jobsOf(
  plan: AsyncIterable<Planned | RefusedObject>,
  specs: readonly Spec[],
  tally: Tally,
  { onEvent, limit, signal }: RunControl,
): AsyncGenerator<Job> {
  const fail = (outcomes: readonly Failed[], due: number): void => {
    tally.due += due;
    tally.addOutcomes(outcomes, due);
    for (const outcome of outcomes) onEvent({ type: 'outcome', ...outcome });
  };
  const tellPlanned = (ended: boolean): void =>
    onEvent({ type: 'planned', listed: tally.originals, jobs: tally.jobs, ended });

  for await (const item of plan) {
    if (tally.jobs === limit) break;
    if (signal.aborted) {
      tally.cutShort = true;
      break;
    }
    tally.originals += 1;
    if (isRefused(item)) {
      tally.jobs += 1;
      fail([failure(item.key, null, item.refused, item.detail)], specs.length);
    } else {
      const { original, due, collisions } = item;
      const collided = collisions.map(({ spec, rival }) => failure(original.key, spec.name, 'key-collision', rival));
      if (due.length + collided.length === 0) tally.upToDate += 1;
      else tally.jobs += 1;
      fail(collided, collided.length);
      tally.due += due.length;
      if (due.length > 0) yield { original, due };
    }
    if (tally.originals % PLANNED_EVERY === 0) tellPlanned(false);
  }
  tellPlanned(true);
}

function failure(original: string, variant: string | null, code: Failed['code'], detail: string): Failed {
  return { result: 'failed', original, variant, code, retryable: FAILURE_CODES[code], detail } satisfies Outcome;
}

/** Plans ahead of the work, and ends as soon as the signal is given, whatever is planned already. */
async function* untilAborted(jobs: AsyncIterable<Job>, signal: AbortSignal, tally: Tally): AsyncGenerator<Job> {
  const ahead = Readable.from(jobs, { highWaterMark: LOOKAHEAD, signal });
  try {
    for await (const job of ahead) yield job as Job;
  } catch (error) {
    if (!signal.aborted) throw error;
    tally.cutShort = true;
  }
}

/** Sorts by time: 20261123T130512Z-3fa9c1. */
function runId(): string {
  const time = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  return `${time}-${randomBytes(3).toString('hex')}`;
}
