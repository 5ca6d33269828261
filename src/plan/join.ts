import { compareKeys } from '../model/key.js';
import type { DueVariant, Mode } from '../model/job.js';
import type { Layout } from '../model/layout.js';
import { isRefused, type Listed, type RefusedObject, type StoredObject } from '../model/original.js';
import type { Spec } from '../model/spec.js';
import { dueReason } from './due.js';
import type { Past } from './past.js';
import { objectIn, VariantStream, type OnUnowned } from './variant-stream.js';
import { isPassed, lastOf, lookBeyond, noteNeeds, passRivals, takenInPassing, waitingFor, type Waiting, type Want } from './waiting.js';

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
  /** Those behind `after`, in UTF-8 byte order of the keys. */
  readonly originals: AsyncIterable<readonly Listed[]>;
  readonly after: string;
  /** Lists the variants under a prefix and behind a key, in the same order. */
  readonly listVariants: (prefix: string, after: string) => AsyncIterable<readonly Listed[]>;
  /** What is listed under one key; used for the few variants that come before the place where a listing begins. */
  readonly lookUp: (variantKey: string) => Promise<Listed | undefined>;
  /** Whether there is an original behind the end of the listing, where that is not the end of all. */
  readonly existsBeyond: (originalKey: string) => Promise<boolean>;
  /** What all originals' keys begin with. */
  readonly prefix: string;
  readonly layout: Layout;
  readonly specs: readonly Spec[];
  readonly mode: Mode;
  readonly past: Past;
  /** Which originals are planned; the others still own their variants' keys. */
  readonly accepts: (original: Listed) => boolean;
  /** Given where everything is to be accounted for: what is there of variants comes out as well. */
  readonly inventory?: Inventory;
}

/**
 * Told of variants that are there, while everything is joined; then originals are all accepted, and listed from the start.
 * Something comes out of the plan for each page of variants, also where no original does.
 */
export interface Inventory {
  /** The variants of an original, before it comes out of the plan itself. */
  readonly onOriginal: (wants: readonly Want[]) => void;
  /** An object that is the variant of no original. */
  readonly onUnowned: OnUnowned;
}

/** Every original up to this key has come out of the plan; with null, all of the listing. */
export interface Passed {
  readonly passed: string | null;
}

/** How often the plan says how far it has come, in originals listed. */
const MARK_EVERY = 10;

/**
 * Joins the listing of originals with those of the variants, as streams: no object is asked for by itself, and memory
 * does not grow with their number. Originals come out nearly in order: one is held back only while others whose keys
 * begin with its own go by.
 */
export async function* joinListings(input: JoinInput): AsyncGenerator<Planned | RefusedObject | Passed> {
  const { layout } = input;
  const streams = layout
    .listings(input.specs, input.prefix, input.after)
    .map((listing) => new VariantStream(input.listVariants(listing.prefix, listing.after), listing, layout, input.inventory?.onUnowned));
  let listedKey = input.after;
  /** The last key, in order, of those that have come out. */
  let lastOut = '';
  let sinceMark = 0;
  const waiting = new Map<string, Waiting>();
  /** Those whose rivals are still to be listed, if they exist, with the last: only originals whose keys begin with theirs come before. */
  const awaitingRivals = new Map<Waiting, string>();
  /** For each listing of variants, the first key in it that any of those that wait needs to know of. */
  const needed = new Map<VariantStream, string>();
  /** A mark that says nothing new: with an inventory the caller has its turn for each page, so that what it was told need not pile up. */
  const betweenPages: readonly Passed[] = input.inventory === undefined ? [] : [{ passed: input.after }];
  const match = (original: string, spec: Spec, object: StoredObject): boolean => {
    const want = waiting.get(original)?.wants.find((candidate) => candidate.spec === spec);
    if (want === undefined) return false;
    want.found = object;
    return true;
  };

  const foundBefore = async (stream: VariantStream, key: string): Promise<StoredObject | undefined> =>
    stream.beginsBehind(key) ? objectIn(await input.lookUp(key)) : stream.heldVariant(key);
  const out = (candidate: Waiting): Planned => {
    waiting.delete(candidate.original.key);
    if (compareKeys(candidate.original.key, lastOut) > 0) lastOut = candidate.original.key;
    return planned(candidate, input);
  };
  /** A mark, if it is time for one: before the first that waits, unless another behind it has come out already. */
  const mark = (): Passed | null => {
    if (++sinceMark < MARK_EVERY) return null;
    const [first] = waiting.values();
    if (first !== undefined && compareKeys(lastOut, first.original.key) > 0) return null;
    sinceMark = 0;
    return { passed: first?.previous ?? listedKey };
  };

  try {
    for await (const page of input.originals) {
      for (const listed of page) {
        for (const free of passRivals(awaitingRivals, listed.key)) if (isPassed(free)) yield out(free);
        if (isRefused(listed) || !input.accepts(listed)) {
          if (isRefused(listed) && input.accepts(listed)) {
            lastOut = listed.key;
            yield listed;
          }
          listedKey = listed.key;
          const passed = mark();
          if (passed !== null) yield passed;
          continue;
        }
        const arrived = { ...waitingFor(listed, streams, layout), previous: listedKey };
        listedKey = listed.key;
        if (waiting.size === 0 && arrived.lastRival === null && takenInPassing(arrived)) {
          yield out(arrived);
          const passed = mark();
          if (passed !== null) yield passed;
          continue;
        }
        waiting.set(listed.key, arrived);
        if (arrived.lastRival !== null) awaitingRivals.set(arrived, arrived.lastRival);
        for (const { stream, wants } of arrived.groups) {
          while (!(await stream.follow(listed.key, lastOf(wants), match))) yield* betweenPages;
          for (const want of wants) want.found ??= await foundBefore(stream, want.key);
        }
        // All that wait are looked at only when a listing of variants has passed a key that one of them needs.
        const hasPassed = [...needed].some(([stream, key]) => stream.hasPassed(key));
        for (const candidate of hasPassed ? waiting.values() : [arrived]) {
          if (awaitingRivals.has(candidate) || !isPassed(candidate)) continue;
          yield out(candidate);
        }
        if (hasPassed) needed.clear();
        for (const candidate of hasPassed ? waiting.values() : [arrived]) noteNeeds(candidate, needed);
        const passed = mark();
        if (passed !== null) yield passed;
      }
    }
    for (const candidate of waiting.values()) {
      for (const { stream, wants } of candidate.groups) while (!(await stream.finish(lastOf(wants), match))) yield* betweenPages;
    }
    await lookBeyond(awaitingRivals, input.existsBeyond);
    for (const candidate of waiting.values()) yield planned(candidate, input);
    if (input.inventory !== undefined) for (const stream of streams) while (!(await stream.finish(null, match))) yield* betweenPages;
    yield { passed: null };
  } finally {
    for (const stream of streams) await stream.close();
  }
}

function planned({ original, wants }: Waiting, { mode, past, inventory }: JoinInput): Planned {
  inventory?.onOriginal(wants);
  const collisions: Collision[] = [];
  const due: DueVariant[] = [];
  for (const { spec, key, owner, found } of wants) {
    if (owner !== null) {
      collisions.push({ spec, rival: owner });
      continue;
    }
    const reason = dueReason(spec, original, found, mode, past);
    if (reason !== null) due.push({ spec, key, reason });
  }
  return { original, due, collisions };
}
