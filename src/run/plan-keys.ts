import { Failure } from '../model/failure.js';
import type { DueVariant, Mode } from '../model/job.js';
import { isRefused, type RefusedObject, type StoredObject } from '../model/original.js';
import type { Spec } from '../model/spec.js';
import { dueReason } from '../plan/due.js';
import type { Collision, Planned } from '../plan/join.js';
import { givenOriginal } from '../source/given.js';
import type { Store } from '../store/store.js';
import type { RunParts } from './perform.js';

/** About how many objects are looked up at once. A bucket answers in some 20 ms, so this gives over a thousand a second. */
const LOOKUPS = 32;

/** What stores are asked for: an original by its key, or one that is refused already. */
type Given = { readonly key: string } | RefusedObject;

/**
 * Plans originals by their keys, in the order given: each is looked up, and so are its variants, except in the mode `all`,
 * where they are due whatever exists.
 */
export async function* planKeys(
  parts: RunParts,
  mode: Mode,
  keys: AsyncIterable<Given> | Iterable<Given>,
): AsyncGenerator<Planned | RefusedObject> {
  const most = Math.max(1, Math.floor(LOOKUPS / Math.max(1, parts.specs.length)));
  const begun: Promise<Planned | RefusedObject>[] = [];
  for await (const given of keys) {
    const plan = planOne(parts, mode, given);
    // Awaited below, unless the run ends before: then nobody asks any more.
    plan.catch(() => undefined);
    begun.push(plan);
    if (begun.length < most) continue;
    const [oldest] = begun.splice(0, 1);
    if (oldest !== undefined) yield await oldest;
  }
  for (const plan of begun) yield await plan;
}

async function planOne(parts: RunParts, mode: Mode, given: Given): Promise<Planned | RefusedObject> {
  if (isRefused(given)) return given;
  const original = await givenOriginal(parts.originals, given.key);
  if (isRefused(original)) return original;
  try {
    const plans = await Promise.all(parts.specs.map((spec) => planVariant(parts, mode, original, spec)));
    return {
      original,
      due: plans.flatMap((plan) => (plan !== null && 'reason' in plan ? plan : [])),
      collisions: plans.flatMap((plan) => (plan !== null && 'rival' in plan ? plan : [])),
    };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { key: original.key, refused: error.code, detail: error.detail };
  }
}

/** @throws Failure where it cannot be told what exists */
async function planVariant(
  { originals, variants, layout }: RunParts,
  mode: Mode,
  original: StoredObject,
  spec: Spec,
): Promise<DueVariant | Collision | null> {
  const key = layout.keyOf(original.key, spec);
  const rival = layout.rivalOf(original.key, spec);
  const [rivalFound, found] = await Promise.all([
    rival === null ? undefined : statIfHeld(originals, rival),
    mode === 'all' ? undefined : statIfHeld(variants, key),
  ]);
  if (rival !== null && rivalFound !== undefined) return { spec, rival };
  const reason = mode === 'all' ? 'forced' : dueReason(original, found, mode);
  return reason === null ? null : { spec, key, reason };
}

/** A key that a store cannot hold is not there; whoever writes to it fails by that name. */
async function statIfHeld(store: Store, key: string): Promise<StoredObject | undefined> {
  try {
    return await store.stat(key);
  } catch (error) {
    if (error instanceof Failure && error.code === 'invalid-key') return undefined;
    throw error;
  }
}
