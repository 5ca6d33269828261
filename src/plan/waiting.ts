import { compareKeys } from '../model/key.js';
import type { Layout } from '../model/layout.js';
import type { StoredObject } from '../model/original.js';
import type { Spec } from '../model/spec.js';
import type { VariantStream } from './variant-stream.js';

/** An original that was listed, and waits until every listing of variants has passed the keys of its variants. */
export interface Waiting {
  readonly original: StoredObject;
  readonly wants: readonly Want[];
  /** The same by the listing in which they are to be found, in the order of their keys. */
  readonly groups: readonly { readonly stream: VariantStream; readonly wants: readonly Want[] }[];
  /** The last key of another original that could own one of its variants' keys; null if there can be none. */
  readonly lastRival: string | null;
  /** The key that was listed before it. */
  readonly previous: string;
}

export interface Want {
  readonly spec: Spec;
  readonly key: string;
  readonly stream: VariantStream;
  readonly rival: string | null;
  /** The rival, if it exists. */
  owner: string | null;
  found: StoredObject | undefined;
}

export function waitingFor(original: StoredObject, streams: readonly VariantStream[], layout: Layout): Omit<Waiting, 'previous'> {
  let lastRival: string | null = null;
  const groups = streams.map((stream) => {
    const wants = stream.specs.map((spec): Want => {
      const rival = layout.rivalOf(original.key, spec);
      if (rival !== null && (lastRival === null || compareKeys(rival, lastRival) > 0)) lastRival = rival;
      return { spec, key: layout.keyOf(original.key, spec), stream, rival, owner: null, found: undefined };
    });
    return { stream, wants: wants.sort((a, b) => compareKeys(a.key, b.key)) };
  });
  return { original, wants: groups.flatMap(({ wants }) => wants), groups, lastRival };
}

/**
 * The common case, which is some ten times as fast: nothing else waits, and every listing stands where this original's
 * variants are or would be. If not, what was found is kept, and the rest is looked for in the ordinary way.
 */
export function takenInPassing({ groups }: Pick<Waiting, 'groups'>): boolean {
  let all = true;
  for (const { stream, wants } of groups) if (!stream.takeAll(wants)) all = false;
  return all;
}

/** Notices rivals that are listed now, and lets go of those who need not wait for theirs any longer. */
export function passRivals(awaitingRivals: Map<Waiting, string>, reached: string): Waiting[] {
  const free: Waiting[] = [];
  for (const [candidate, lastRival] of awaitingRivals) {
    for (const want of candidate.wants) if (want.rival === reached) want.owner = reached;
    if (compareKeys(lastRival, reached) > 0) continue;
    awaitingRivals.delete(candidate);
    free.push(candidate);
  }
  return free;
}

/** Rivals that come behind the end of this listing are in nobody's listing here. */
export async function lookBeyond(awaitingRivals: ReadonlyMap<Waiting, string>, existsBeyond: (key: string) => Promise<boolean>): Promise<void> {
  for (const { wants } of awaitingRivals.keys()) {
    for (const want of wants) if (want.rival !== null && want.owner === null && (await existsBeyond(want.rival))) want.owner = want.rival;
  }
}

export function noteNeeds({ wants }: Waiting, needed: Map<VariantStream, string>): void {
  for (const { stream, key, found } of wants) {
    if (found !== undefined || stream.hasPassed(key)) continue;
    const first = needed.get(stream);
    if (first === undefined || compareKeys(key, first) < 0) needed.set(stream, key);
  }
}

/** The last of these keys, which are in order. */
export function lastOf(wants: readonly Want[]): string {
  return wants.at(-1)?.key ?? '';
}

/** Whether every listing of variants has passed what this original wants of it. */
export function isPassed({ wants }: Waiting): boolean {
  return wants.every((want) => want.found !== undefined || want.stream.hasPassed(want.key));
}
