import { Failure } from '../model/failure.js';
import type { DueVariant, Mode } from '../model/job.js';
import { isRefused, type RefusedObject, type StoredObject } from '../model/original.js';
import type { Spec } from '../model/spec.js';
import { dueReason } from '../plan/due.js';
import type { Collision, Planned } from '../plan/join.js';
import type { Past } from '../plan/past.js';
import { givenOriginal } from '../source/given.js';
import { statIfHeld } from '../store/stat-if-held.js';
import type { RunParts } from './perform.js';

/** How many objects are looked up at once, but for rivals. Where a bucket answers in 20 ms, these are 1600 a second. */
const LOOKUPS = 32;

/** What is to be planned: an original by its key, or one that is refused already. */
type Given = { readonly key: string } | RefusedObject;

/**
 * Plans originals by their keys, in the order given: each is looked up, and so are its variants.
 *
 * @param past null: all variants are due, whatever exists; they are not looked up
 */
export async function* planKeys<T extends Given>(
  parts: RunParts,
  mode: Mode,
  past: Past | null,
  keys: AsyncIterable<T> | Iterable<T>,
): AsyncGenerator<{ readonly given: T; readonly found: Planned | RefusedObject }> {
  const each = past === null ? 1 : 1 + parts.specs.length;
  const most = Math.max(1, Math.floor(LOOKUPS / each));
  const begun: { readonly given: T; readonly plan: Promise<Planned | RefusedObject> }[] = [];
  for await (const given of keys) {
    const plan = planOne(parts, mode, past, given);
    // Awaited below, unless the run ends before: then nobody asks any more.
    plan.catch(() => undefined);
    begun.push({ given, plan });
    if (begun.length < most) continue;
    const [oldest] = begun.splice(0, 1);
    if (oldest !== undefined) yield { given: oldest.given, found: await oldest.plan };
  }
  for (const { given: next, plan } of begun) yield { given: next, found: await plan };
}

/** The original and its variants are looked up at once: that an original is missing is rare, and costs only requests. */
async function planOne({ originals, variants, layout, specs }: RunParts, mode: Mode, past: Past | null, given: Given): Promise<Planned | RefusedObject> {
  if (isRefused(given)) return given;
  const lookUp = async (spec: Spec): Promise<Seen> => {
    const key = layout.keyOf(given.key, spec);
    const rival = layout.rivalOf(given.key, spec);
    const [owner, variant] = await Promise.all([
      rival === null ? undefined : statIfHeld(originals, rival),
      past === null ? undefined : statIfHeld(variants, key),
    ]);
    return { spec, key, variant, rival: owner === undefined ? null : rival };
  };
  const [original, seen] = await Promise.all([
    givenOriginal(originals, given.key),
    Promise.all(specs.map(lookUp)).catch((error: unknown) => {
      if (error instanceof Failure) return error;
      throw error;
    }),
  ]);
  if (isRefused(original)) return original;
  if (seen instanceof Failure) return { key: original.key, refused: seen.code, detail: seen.detail };
  return planned(original, seen, mode, past);
}

/** What was found of one variant. */
interface Seen {
  readonly spec: Spec;
  readonly key: string;
  readonly variant: StoredObject | undefined;
  /** The other original that owns the variant's key; null if there is none. */
  readonly rival: string | null;
}

function planned(original: StoredObject, seen: readonly Seen[], mode: Mode, past: Past | null): Planned {
  const due: DueVariant[] = [];
  const collisions: Collision[] = [];
  for (const { spec, key, variant, rival } of seen) {
    const reason = past === null ? 'forced' : dueReason(spec, original, variant, mode, past);
    if (rival !== null) collisions.push({ spec, rival });
    else if (reason !== null) due.push({ spec, key, reason });
  }
  return { original, due, collisions };
}
