import fc from 'fast-check';
import { compareKeys } from '../../src/model/key.js';
import { parseLayout } from '../../src/model/layout.js';
import type { StoredObject } from '../../src/model/original.js';
import type { Spec } from '../../src/model/spec.js';
import { joinListings, type Planned } from '../../src/plan/join.js';
import { collect, inPages, spec, stored } from '../support.js';

export const SPECS = [spec('large'), spec('web', { format: 'webp' }), spec('w', { format: 'jpeg' })];
export const LAYOUTS = ['{variant}/{path}', '{dir}/{variant}/{name}.{ext}', '{path}/{variant}', '{dir}/{name}-{variant}.{ext}', 'v2/{dir}/{name}~{variant}.{ext}'];

export function inOrder(objects: Iterable<StoredObject>): StoredObject[] {
  return [...objects].sort((a, b) => compareKeys(a.key, b.key));
}

export interface World {
  layout: string;
  specs: readonly Spec[];
  originals: readonly StoredObject[];
  variants: readonly StoredObject[];
  prefix?: string;
  accepts?: (key: string) => boolean;
  pageSize?: number;
  /** Gets the keys that are looked up by themselves. */
  lookedUp?: string[];
  /** Gets the keys of originals that are asked for behind the end. */
  askedBeyond?: string[];
  after?: string;
  upTo?: string | null;
}

/** Nothing but the two listings, of which that of the variants is empty. */
export const ALONE = {
  after: '',
  past: { startedAt: Number.MAX_SAFE_INTEGER, now: () => Number.MAX_SAFE_INTEGER, isInDoubt: () => false, precision: 1, isStale: () => false },
  lookUp: () => Promise.reject(new Error('not in this test')),
  existsBeyond: () => Promise.resolve(false),
  listVariants: () => inPages([]),
  prefix: '',
  mode: 'due' as const,
  accepts: () => true,
};

/** The part of the originals that comes after `after` and not after `upTo`. */
export async function join({ layout, specs, originals, variants, prefix = '', accepts: acceptsKey = () => true, pageSize = 3, lookedUp: asked = [], askedBeyond = [], after = '', upTo = null }: World) {
  const isIn = (key: string) => compareKeys(key, after) > 0 && (upTo === null || compareKeys(key, upTo) <= 0);
  const found = await collect(
    joinListings({
      ...ALONE,
      originals: inPages(originals.filter(({ key }) => key.startsWith(prefix) && isIn(key)), pageSize),
      after,
      listVariants: (at, behind) => inPages(variants.filter(({ key }) => key.startsWith(at) && compareKeys(key, behind) > 0), pageSize),
      lookUp: async (key) => {
        asked.push(key);
        return variants.find((variant) => variant.key === key);
      },
      existsBeyond: async (key) => {
        askedBeyond.push(key);
        return upTo !== null && originals.some((original) => original.key === key);
      },
      prefix,
      layout: parseLayout(layout, specs.map(({ name }) => name)),
      specs,
      accepts: ({ key }) => acceptsKey(key),
    }),
  );
  return found.filter((item): item is Planned => 'original' in item);
}

export function told(planned: readonly Planned[]): string[] {
  return planned.flatMap(({ original, due, collisions }) => [
    ...due.map(({ spec: of, reason }) => String([original.key, of.name, reason])),
    ...collisions.map(({ spec: of }) => String([original.key, of.name, 'collision'])),
  ]);
}

/** Keys that are prefixes of each other, around the characters that layouts and extensions put behind a name. */
export const keys = fc
  .array(fc.constantFrom('a', 'b', 'a', '/', '-', '.', '!', '~', 'large', '-web', '.jpg', '.webp', '.tiff', '😀', '\uffee'), { minLength: 1, maxLength: 5 })
  .map((parts) => parts.join(''));

export const world = fc
  .record({
    layout: fc.constantFrom(...LAYOUTS),
    specs: fc.subarray(SPECS, { minLength: 1 }),
    originals: fc.uniqueArray(keys, { maxLength: 25 }),
    made: fc.array(fc.constantFrom('none', 'older', 'newer'), { minLength: 1, maxLength: 75 }),
    foreign: fc.uniqueArray(keys, { maxLength: 8 }),
    pageSize: fc.integer({ min: 1, max: 5 }),
  })
  .map(({ layout: template, specs, originals, made, foreign, pageSize }): World => {
    const layout = parseLayout(template, specs.map(({ name }) => name));
    const variants = new Map(foreign.map((key) => [key, stored(key, 500)]));
    const every = originals.flatMap((original) => specs.map((of) => layout.keyOf(original, of)));
    for (const [index, key] of every.entries()) {
      const how = made[index % made.length];
      if (how !== 'none') variants.set(key, stored(key, how === 'older' ? 900 : 1_100));
    }
    return { layout: template, specs, originals: inOrder(originals.map((key) => stored(key))), variants: inOrder(variants.values()), pageSize };
  });
