import { compareKeys } from '../model/key.js';
import type { DueVariant, Mode } from '../model/job.js';
import type { Layout } from '../model/layout.js';
import { isRefused, type Listed, type RefusedObject, type StoredObject } from '../model/original.js';
import type { Spec } from '../model/spec.js';
import { dueReason } from './due.js';
import { VariantStream } from './variant-stream.js';

/** What is to be done for one original; nothing when `due` and `collisions` are empty. */
export interface Planned {
  readonly original: StoredObject;
  readonly due: readonly DueVariant[];
  /** Variants whose key belongs to another original (see Layout.rivalOf): they cannot be made. */
  readonly collisions: readonly Collision[];
}

export interface Collision {
  readonly spec: Spec;
  readonly rival: string;
}

export interface JoinInput {
  /** In UTF-8 byte order of the keys. */
  readonly originals: AsyncIterable<readonly Listed[]>;
  /** Lists the variants under a prefix, in the same order. */
  readonly listVariants: (prefix: string) => AsyncIterable<readonly Listed[]>;
  /** What all originals' keys begin with. */
  readonly prefix: string;
  readonly layout: Layout;
  readonly specs: readonly Spec[];
  readonly mode: Mode;
  /** Which originals are planned; the others still own their variants' keys. */
  readonly accepts: (originalKey: string) => boolean;
}

/** An original that was listed, and waits until every listing of variants has passed the keys of its variants. */
interface Waiting {
  readonly original: StoredObject;
  readonly wants: readonly Want[];
  /** The last key of another original that could own one of its variants' keys; null if there can be none. */
  readonly lastRival: string | null;
}

interface Want {
  readonly spec: Spec;
  readonly key: string;
  readonly stream: VariantStream;
  readonly rival: string | null;
  found: StoredObject | undefined;
  rivalExists: boolean;
}

/**
 * Joins the listing of originals with those of the variants, as streams: no object is asked for by itself, and memory
 * does not grow with their number. Originals come out nearly in order: one is held back only while others whose keys
 * begin with its own go by.
 */
export async function* joinListings(input: JoinInput): AsyncGenerator<Planned | RefusedObject> {
  const { layout, mode } = input;
  const streams = layout
    .listings(input.specs, input.prefix)
    .map(({ prefix, specs }) => new VariantStream(input.listVariants(prefix), specs, layout));
  const waiting = new Map<string, Waiting>();
  /** Those whose rivals are still to be listed, if they exist: only originals whose keys begin with theirs come before. */
  const awaitingRivals = new Set<Waiting>();
  /** For each listing of variants, the first key in it that any of those that wait needs to know of. */
  const needed = new Map<VariantStream, string>();
  const match = (original: string, spec: Spec, object: StoredObject): void => {
    const want = waiting.get(original)?.wants.find((candidate) => candidate.spec === spec);
    if (want !== undefined && want.key === object.key) want.found = object;
  };

  try {
    for await (const page of input.originals) {
      for (const listed of page) {
        const changed = passRivals(awaitingRivals, listed.key);
        if (isRefused(listed)) {
          if (input.accepts(listed.key)) yield listed;
          continue;
        }
        if (!input.accepts(listed.key)) continue;
        const arrived = waitingFor(listed, streams, layout);
        waiting.set(listed.key, arrived);
        if (arrived.lastRival !== null) awaitingRivals.add(arrived);
        for (const stream of streams) {
          await stream.follow(listed.key, lastWanted(arrived.wants, stream), match);
          for (const want of arrived.wants) if (want.stream === stream) want.found ??= stream.heldVariant(want.key);
        }
        // All that wait are looked at only when a listing of variants has passed a key that one of them needs.
        const hasPassed = [...needed].some(([stream, key]) => stream.hasPassed(key));
        for (const candidate of hasPassed ? waiting.values() : [...changed, arrived]) {
          if (awaitingRivals.has(candidate) || !isPassed(candidate)) continue;
          waiting.delete(candidate.original.key);
          yield planned(candidate, mode);
        }
        if (hasPassed) needed.clear();
        for (const candidate of hasPassed ? waiting.values() : [arrived]) noteNeeds(candidate, needed);
      }
    }
    for (const candidate of waiting.values()) {
      for (const stream of streams) await stream.finish(lastWanted(candidate.wants, stream), match);
    }
    for (const candidate of waiting.values()) yield planned(candidate, mode);
  } finally {
    for (const stream of streams) await stream.close();
  }
}

function waitingFor(original: StoredObject, streams: readonly VariantStream[], layout: Layout): Waiting {
  let lastRival: string | null = null;
  const wants = streams.flatMap((stream) =>
    stream.specs.map((spec): Want => {
      const rival = layout.rivalOf(original.key, spec);
      if (rival !== null && (lastRival === null || compareKeys(rival, lastRival) > 0)) lastRival = rival;
      return { spec, key: layout.keyOf(original.key, spec), stream, rival, found: undefined, rivalExists: false };
    }),
  );
  return { original, wants, lastRival };
}

/** Notices rivals that are listed now, and lets go of those who need not wait for theirs any longer. */
function passRivals(awaitingRivals: Set<Waiting>, reached: string): Waiting[] {
  const free: Waiting[] = [];
  for (const candidate of awaitingRivals) {
    for (const want of candidate.wants) if (want.rival === reached) want.rivalExists = true;
    if (candidate.lastRival !== null && compareKeys(candidate.lastRival, reached) > 0) continue;
    awaitingRivals.delete(candidate);
    free.push(candidate);
  }
  return free;
}

function noteNeeds({ wants }: Waiting, needed: Map<VariantStream, string>): void {
  for (const { stream, key, found } of wants) {
    if (found !== undefined || stream.hasPassed(key)) continue;
    const first = needed.get(stream);
    if (first === undefined || compareKeys(key, first) < 0) needed.set(stream, key);
  }
}

function lastWanted(wants: readonly Want[], stream: VariantStream): string {
  let last = '';
  for (const want of wants) if (want.stream === stream && compareKeys(want.key, last) > 0) last = want.key;
  return last;
}

/** Whether every listing of variants has passed what this original wants of it. */
function isPassed({ wants }: Waiting): boolean {
  return wants.every((want) => want.found !== undefined || want.stream.hasPassed(want.key));
}

function planned({ original, wants }: Waiting, mode: Mode): Planned {
  const collisions: Collision[] = [];
  const due: DueVariant[] = [];
  for (const { spec, key, rival, rivalExists, found } of wants) {
    if (rivalExists && rival !== null) {
      collisions.push({ spec, rival });
      continue;
    }
    const reason = dueReason(original, found, mode);
    if (reason !== null) due.push({ spec, key, reason });
  }
  return { original, due, collisions };
}
