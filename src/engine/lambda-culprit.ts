import type { Entry } from './lambda-batches.js';
import type { Death } from './lambda-invocation.js';

/** Sends entries once more. @returns how their invocation died; null if it did not, and all of them are settled */
export type Again = (entries: readonly Entry[]) => Promise<Death | null>;

/**
 * Finds out who of a batch ends the invocation, and has all the others done: whoever does it alone, too, is to blame.
 *
 * Two halves first, as most deaths are nobody's fault. Should one die again, half of the suspects is tried, together with
 * those who were not tried since they died in bad company, so that these are done on the way. A batch of 50 with one
 * culprit takes 8 invocations at the most, beside the one that died first.
 *
 * @param blame told of a culprit, with how it died
 */
export async function findCulprit(batch: readonly Entry[], death: Death, again: Again, blame: (entry: Entry, death: Death) => void): Promise<void> {
  const [only] = batch;
  if (only === undefined) return;
  if (batch.length === 1) return blame(only, death);
  const [first, second] = split(batch, Math.min(batch.length - 1, Math.floor(batch.length / 2) + 1));
  let found = await again(first);
  let suspects = first;
  let untried = second;
  if (found === null) {
    found = await again(second);
    if (found === null) return;
    suspects = second;
    untried = [];
  }
  /** Whether the suspects died with nobody else. */
  let alone = true;
  while (suspects.length > 1) {
    const [tried, others] = split(suspects, Math.floor(suspects.length / 2));
    const died = await again([...tried, ...untried]);
    alone = died !== null && untried.length === 0;
    suspects = died === null ? others : tried;
    untried = died === null ? [] : [...untried, ...others];
    found = died ?? found;
  }
  const [suspect] = suspects;
  const verdict = alone ? found : await again(suspects);
  if (suspect !== undefined && verdict !== null) blame(suspect, verdict);
  if (untried.length === 0) return;
  const died = await again(untried);
  // There is more than one: from here on each half by itself.
  if (died !== null) await divide(untried, died, again, blame);
}

/** Finds all culprits, however many. */
async function divide(entries: readonly Entry[], death: Death, again: Again, blame: (entry: Entry, death: Death) => void): Promise<void> {
  const [only] = entries;
  if (only !== undefined && entries.length === 1) return blame(only, death);
  for (const half of split(entries, Math.ceil(entries.length / 2))) {
    const died = await again(half);
    if (died !== null) await divide(half, died, again, blame);
  }
}

function split<T>(all: readonly T[], at: number): [readonly T[], readonly T[]] {
  return [all.slice(0, at), all.slice(at)];
}
