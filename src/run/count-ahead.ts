import type { RunEvent } from '../model/events.js';
import type { Spec } from '../model/spec.js';
import { jobsOf, type Found, type Planning } from './jobs.js';
import { Tally } from './tally.js';

/**
 * Does the work, and counts meanwhile in a second pass over the plan what there is to do in all. The plan of the work is only
 * a little ahead of it, so without this nobody could tell how long it takes until it has nearly come to its end.
 *
 * @param plan what is still to be done, from its start; read at once, while the work goes on
 * @param onEvent told `counted`, if that is known before the work has ended
 */
export async function countingAhead<T>(plan: AsyncIterable<Found>, specs: readonly Spec[], planning: Planning, work: () => Promise<T>): Promise<T> {
  const ended = new AbortController();
  const signal = AbortSignal.any([planning.signal, ended.signal]);
  const counting = count(plan, specs, { ...planning, signal, onEvent: () => undefined }).then(
    (jobs) => {
      if (!signal.aborted) planning.onEvent({ type: 'counted', jobs } satisfies RunEvent);
    },
    // What keeps it from being listed keeps the work from it too, and is told there.
    () => undefined,
  );
  try {
    return await work();
  } finally {
    ended.abort();
    await counting;
  }
}

/** Originals with something due, also where that fails in planning already. */
async function count(plan: AsyncIterable<Found>, specs: readonly Spec[], planning: Planning): Promise<number> {
  const tally = new Tally();
  const jobs = jobsOf(plan, specs, tally, null, planning)[Symbol.asyncIterator]();
  while ((await jobs.next()).done !== true);
  return tally.jobs;
}
