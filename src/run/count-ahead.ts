import { setImmediate as othersTurn } from 'node:timers/promises';
import type { RunEvent } from '../model/events.js';
import type { Spec } from '../model/spec.js';
import { jobsOf, type Found, type Planning } from './jobs.js';
import { Tally } from './tally.js';

/**
 * Does the work, and counts meanwhile in a second pass over the plan what there is to do in all. The plan of the work is only
 * a little ahead of it, so without this nobody could tell how long it takes until it has nearly come to its end. It begins
 * once something is due: where nothing is, all the time is the plan's, and a second pass would double it.
 *
 * @param plan what is still to be done, from its start; read while the work goes on
 * @param planning whose `onEvent` is told what the work tells, and `counted`, if that is known before the work has ended
 * @param work gets what it is to tell its events to
 */
export async function countingAhead<T>(plan: AsyncIterable<Found>, specs: readonly Spec[], planning: Planning, work: (onEvent: (event: RunEvent) => void) => Promise<T>): Promise<T> {
  const ended = new AbortController();
  const signal = AbortSignal.any([planning.signal, ended.signal]);
  const start = (): Promise<void> =>
    count(plan, specs, { ...planning, signal, onEvent: () => undefined }).then(
      (jobs) => {
        if (!signal.aborted) planning.onEvent({ type: 'counted', jobs } satisfies RunEvent);
      },
      // What keeps it from being listed keeps the work from it too, and is told there.
      () => undefined,
    );
  let counting: Promise<void> | undefined;
  try {
    return await work((event) => {
      planning.onEvent(event);
      if (event.type === 'planned' && event.jobs > 0 && !event.ended) counting ??= start();
    });
  } finally {
    ended.abort();
    await counting;
  }
}

/** After so many the work has its turn, for which a listing that is at hand would leave no time. */
const TURN = 100;

/** Originals with something due, also where that fails in planning already. */
async function count(plan: AsyncIterable<Found>, specs: readonly Spec[], planning: Planning): Promise<number> {
  const tally = new Tally();
  const jobs = jobsOf(plan, specs, tally, null, planning)[Symbol.asyncIterator]();
  while ((await jobs.next()).done !== true) if (tally.jobs % TURN === 0) await othersTurn();
  return tally.jobs;
}
