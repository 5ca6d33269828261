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
  const match = (original: string, spec: Spec, object: StoredObject): void => {
    const want = waiting.get(original)?.wants.find((candidate) => candidate.spec === spec);
    if (want !== undefined && want.key === object.key) want.found = object;
  };

  try {
    for await (const page of input.originals) {
      for (const listed of page) {
        noticeRivals(waiting, listed.key);
        if (isRefused(listed)) {
          if (input.accepts(listed.key)) yield listed;
          continue;
        }
        if (!input.accepts(listed.key)) continue;
        const wants = wantsOf(listed, streams, layout);
        waiting.set(listed.key, { original: listed, wants });
        for (const stream of streams) {
          await stream.follow(listed.key, lastWanted(wants, stream), match);
          for (const want of wants) if (want.stream === stream) want.found ??= stream.heldVariant(want.key);
        }
        for (const [key, candidate] of waiting) {
          if (!isSettled(candidate, listed.key)) continue;
          waiting.delete(key);
          yield planned(candidate, mode);
        }
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

function wantsOf(original: StoredObject, streams: readonly VariantStream[], layout: Layout): Want[] {
  return streams.flatMap((stream) =>
    stream.specs.map((spec) => ({
      spec,
      key: layout.keyOf(original.key, spec),
      stream,
      rival: layout.rivalOf(original.key, spec),
      found: undefined,
      rivalExists: false,
    })),
  );
}

function noticeRivals(waiting: ReadonlyMap<string, Waiting>, originalKey: string): void {
  for (const { wants } of waiting.values()) {
    for (const want of wants) if (want.rival === originalKey) want.rivalExists = true;
  }
}

function lastWanted(wants: readonly Want[], stream: VariantStream): string {
  let last = '';
  for (const want of wants) if (want.stream === stream && compareKeys(want.key, last) > 0) last = want.key;
  return last;
}

/** Whether nothing that is still to be listed can change what is known of this original; `reached` was listed last. */
function isSettled({ wants }: Waiting, reached: string): boolean {
  return wants.every(
    (want) =>
      (want.found !== undefined || want.stream.hasPassed(want.key)) &&
      (want.rival === null || want.rivalExists || compareKeys(want.rival, reached) <= 0),
  );
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
