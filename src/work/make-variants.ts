import { renderVariants, type Rendered } from '../image/render.js';
import { Failure } from '../model/failure.js';
import { fingerprintOf } from '../model/fingerprint.js';
import type { DueVariant, Job } from '../model/job.js';
import type { Limits } from '../model/limits.js';
import type { StoredObject } from '../model/original.js';
import { failed, type Failed, type JobResult, type Made, type Outcome } from '../model/outcome.js';
import type { Store } from '../store/store.js';
import { MOST_ATTEMPTS } from './attempts.js';

/** Where the work is done, and what it may take. */
export interface Workplace {
  readonly originals: Store;
  readonly variants: Store;
  readonly limits: Limits;
  /** Waits for a turn, so that no more originals are decoded at one time than fit; reading and writing need none. */
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>;
  /** What the place itself has left for an image whose turn it is, in seconds: that may be less than the limit. Infinity where it has no end. */
  readonly secondsLeft: () => number;
}

/** What became of one original, without what only the place knows. */
export type Work = Omit<JobResult, 'requests' | 'cpuSeconds'>;

/**
 * The work on one original, wherever it is done: reads it once, makes its due variants, writes them, and looks once more
 * whether the original is still the same. If it was replaced meanwhile it is made again, as its old variants, being
 * newer than the new content, would pass for up to date.
 */
export async function makeVariants(job: Job, place: Workplace): Promise<Work> {
  const { key } = job.original;
  let bytesRead = 0;
  const result = (outcomes: readonly Outcome[]): Work => ({
    original: key,
    due: job.due.map(({ spec }) => spec.name),
    outcomes,
    bytesRead,
  });
  try {
    for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
      const { bytes, object } = await place.originals.read(key, place.limits.bytes);
      bytesRead += bytes.length;
      const writes = await place.inTurn(() => renderAndWrite(job, bytes, object, place));
      const outcomes = await allOf(writes);
      const now = await place.originals.stat(key);
      if (now === undefined) throw new Failure('original-missing', 'removed while it was worked on');
      if (now.etag === object.etag) return result(outcomes);
    }
    throw new Failure('original-changed', `${MOST_ATTEMPTS} times while it was worked on`);
  } catch (error) {
    return result([failedBy(key, null, error)]);
  }
}

/**
 * Ends when all is rendered; writing goes on meanwhile and afterwards. Trouble with the original before anything was made
 * of it is thrown; afterwards it is told of each variant that is still missing.
 */
async function renderAndWrite(
  job: Job,
  bytes: Buffer,
  original: StoredObject,
  place: Workplace,
): Promise<readonly Promise<Outcome>[]> {
  const writes: Promise<Outcome>[] = [];
  // As it is now, after the wait for a turn, and perhaps an attempt that was in vain.
  const seconds = Math.min(place.limits.seconds, place.secondsLeft());
  const remaining = new Map(job.due.map((due) => [due.spec, due]));
  try {
    for await (const { specs, result } of renderVariants(bytes, [...remaining.keys()], { ...place.limits, seconds })) {
      for (const spec of specs) {
        const due = remaining.get(spec);
        if (due === undefined) throw new Error(`rendered a spec that was not asked for: ${spec.name}`);
        remaining.delete(spec);
        const writing =
          result instanceof Failure
            ? Promise.resolve(failed(original.key, spec.name, result))
            : write(due, result, original, place.variants);
        // A bug there is met where all writes are awaited; until then it must not pass for one that nobody awaits.
        writing.catch(() => undefined);
        writes.push(writing);
      }
    }
  } catch (error) {
    if (writes.length === 0) throw error;
    const rest = [...remaining.values()].map(({ spec }) => failedBy(original.key, spec.name, error));
    return [...writes, ...rest.map((outcome) => Promise.resolve(outcome))];
  }
  return writes;
}

async function write(due: DueVariant, rendered: Rendered, original: StoredObject, variants: Store): Promise<Outcome> {
  try {
    await variants.write(due.key, rendered.bytes, {
      contentType: rendered.contentType,
      cacheControl: due.spec.cacheControl,
      fingerprint: fingerprintOf(due.spec),
      originalEtag: original.etag,
    });
  } catch (error) {
    return failedBy(original.key, due.spec.name, error);
  }
  return {
    result: 'made',
    original: original.key,
    variant: due.spec.name,
    key: due.key,
    bytes: rendered.bytes.length,
    width: rendered.width,
    height: rendered.height,
    reason: due.reason,
  } satisfies Made;
}

/** All of them; should one throw, then only once the others have ended, so that no write goes on behind its caller's back. */
async function allOf(writes: readonly Promise<Outcome>[]): Promise<readonly Outcome[]> {
  await Promise.allSettled(writes);
  return Promise.all(writes);
}

/** Expected trouble as an outcome; anything else is a bug and goes on its way up. */
function failedBy(original: string, variant: string | null, error: unknown): Failed {
  if (!(error instanceof Failure)) throw error;
  return failed(original, variant, error);
}
