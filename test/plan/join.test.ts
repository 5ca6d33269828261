import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DueReason } from '../../src/model/job.js';
import { compareKeys } from '../../src/model/key.js';
import { parseLayout } from '../../src/model/layout.js';
import { isRefused, type Listed, type StoredObject } from '../../src/model/original.js';
import type { Spec } from '../../src/model/spec.js';
import { UserError } from '../../src/model/user-error.js';
import { joinListings, type Planned } from '../../src/plan/join.js';
import { collect, inPages, spec, stored } from '../support.js';

/** 3,000 with `npm run test:join`. */
const RUNS = Number(process.env['IMGVAR_JOIN_RUNS'] ?? 1_000);

const SPECS = [spec('large'), spec('web', { format: 'webp' }), spec('w', { format: 'jpeg' })];
const LAYOUTS = ['{variant}/{path}', '{dir}/{variant}/{name}.{ext}', '{path}/{variant}', '{dir}/{name}-{variant}.{ext}', 'v2/{dir}/{name}~{variant}.{ext}'];

function inOrder(objects: Iterable<StoredObject>): StoredObject[] {
  return [...objects].sort((a, b) => compareKeys(a.key, b.key));
}

interface World {
  layout: string;
  specs?: readonly Spec[];
  originals: readonly StoredObject[];
  variants: readonly StoredObject[];
  prefix?: string;
  accepts?: (key: string) => boolean;
  pageSize?: number;
  /** Gets the keys that are looked up by themselves. */
  lookedUp?: string[];
  after?: string;
  upTo?: string | null;
}

/** Nothing but the two listings. */
const ALONE = {
  after: '',
  past: { startedAt: Number.MAX_SAFE_INTEGER, precision: 1, isStale: () => false },
  lookUp: () => Promise.reject(new Error('not in this test')),
  existsBeyond: () => Promise.resolve(false),
};

/** The part of the originals that comes after `after` and not after `upTo`. */
async function join({ layout, specs = SPECS, originals, variants, prefix = '', accepts: acceptsKey = () => true, pageSize = 3, lookedUp: asked = [], after = '', upTo = null }: World) {
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
      existsBeyond: async (key) => upTo !== null && originals.some((original) => original.key === key),
      prefix,
      layout: parseLayout(layout, specs.map(({ name }) => name)),
      specs,
      mode: 'due',
      accepts: ({ key }) => acceptsKey(key),
    }),
  );
  return found.filter((item): item is Planned => 'original' in item);
}

/** What is due, found the slow way: every variant looked up by its key. */
function lookedUp({ layout: template, originals, variants }: World): string[] {
  const layout = parseLayout(template, SPECS.map(({ name }) => name));
  const byKey = new Map(variants.map((variant) => [variant.key, variant]));
  const keys = new Set(originals.map(({ key }) => key));
  const reason = (original: StoredObject, of: Spec): DueReason | 'collision' | null => {
    const rival = layout.rivalOf(original.key, of);
    if (rival !== null && keys.has(rival)) return 'collision';
    const variant = byKey.get(layout.keyOf(original.key, of));
    if (variant === undefined) return 'missing';
    return variant.lastModified < original.lastModified ? 'original-newer' : null;
  };
  return originals.flatMap((original) =>
    SPECS.map((of) => [original.key, of.name, reason(original, of)]).filter(([, , why]) => why !== null).map(String),
  );
}

function told(planned: readonly Planned[]): string[] {
  return planned.flatMap(({ original, due, collisions }) => [
    ...due.map(({ spec: of, reason }) => String([original.key, of.name, reason])),
    ...collisions.map(({ spec: of }) => String([original.key, of.name, 'collision'])),
  ]);
}

/** Keys that are prefixes of each other, around the characters that layouts and extensions put behind a name. */
const keys = fc
  .array(fc.constantFrom('a', 'b', 'a', '/', '-', '.', '!', '~', 'large', '-web', '.jpg', '.webp', '.tiff', '😀', '\uffee'), { minLength: 1, maxLength: 5 })
  .map((parts) => parts.join(''));

const world = fc
  .record({
    layout: fc.constantFrom(...LAYOUTS),
    originals: fc.uniqueArray(keys, { maxLength: 25 }),
    made: fc.array(fc.constantFrom('none', 'older', 'newer'), { minLength: 1, maxLength: 75 }),
    foreign: fc.uniqueArray(keys, { maxLength: 8 }),
    pageSize: fc.integer({ min: 1, max: 5 }),
  })
  .map(({ layout: template, originals, made, foreign, pageSize }): World => {
    const layout = parseLayout(template, SPECS.map(({ name }) => name));
    const variants = new Map(foreign.map((key) => [key, stored(key, 500)]));
    const every = originals.flatMap((original) => SPECS.map((of) => layout.keyOf(original, of)));
    for (const [index, key] of every.entries()) {
      const how = made[index % made.length];
      if (how !== 'none') variants.set(key, stored(key, how === 'older' ? 900 : 1_100));
    }
    return { layout: template, originals: inOrder(originals.map((key) => stored(key))), variants: inOrder(variants.values()), pageSize };
  });

test('the join of two listings finds what looking up every variant finds', async () => {
  await fc.assert(
    fc.asyncProperty(world, async (given) => {
      expect(told(await join(given)).sort()).toEqual(lookedUp(given).sort());
    }),
    { numRuns: RUNS },
  );
});

test.each([[SPECS], [SPECS.toReversed()]])('an original waits for the last of its rivals, whichever spec that is of', async (specs) => {
  const originals = ['a', 'a.jpg', 'a.jpgx', 'a.webp'].map((key) => stored(key));
  const planned = await join({ layout: '{variant}/{path}', specs, originals, variants: [], pageSize: 1 });
  expect(told(planned).filter((line) => line.startsWith('a,')).sort()).toEqual(['a,large,missing', 'a,w,collision', 'a,web,collision']);
});

test('in two parts it finds the same as in one', async () => {
  await fc.assert(
    fc.asyncProperty(world, keys, async (given, between) => {
      const expected = told(await join(given)).sort();
      const parts = [...(await join({ ...given, upTo: between })), ...(await join({ ...given, after: between }))];
      expect(told(parts).sort()).toEqual(expected);
    }),
    { numRuns: RUNS },
  );
});

test('a variant that comes before the place where an ended listing began is looked up', async () => {
  const layout = parseLayout('{dir}/{name}-{variant}.{ext}', SPECS.map(({ name }) => name));
  const originals = ['a.jpg', 'a.webp'].map((key) => stored(key));
  // "a-large.webp" comes before "a.".
  const variants = inOrder(originals.flatMap(({ key }) => SPECS.map((of) => stored(layout.keyOf(key, of), 2_000))));
  const planned = await join({ layout: layout.template, originals, variants, after: 'a.' });
  expect(planned.map(({ original, due }) => [original.key, due.length])).toEqual([['a.jpg', 0], ['a.webp', 0]]);
});

test.each([
  // In the first layout every variant has its place behind the cut; in the other, "a-large.webp" is that place itself.
  ['{variant}/{path}', 'a', []],
  ['{dir}/{name}-{variant}.{ext}', 'a-large.webp', ['a-large.webp']],
  ['{dir}/{name}-{variant}.{ext}', 'a.', ['a-large.webp', 'a-w.webp.jpg', 'a-web.webp']],
])('%s behind %s: only what does not come behind it is looked up', async (template, after, expected) => {
  const layout = parseLayout(template, SPECS.map(({ name }) => name));
  const originals = ['a.webp', 'b.webp', 'c.webp'].map((key) => stored(key));
  const variants = inOrder(originals.flatMap(({ key }) => SPECS.map((of) => stored(layout.keyOf(key, of), 2_000))));
  const asked: string[] = [];
  const planned = await join({ layout: template, originals, variants, after, lookedUp: asked });
  expect(planned.flatMap(({ due }) => due)).toEqual([]);
  expect(planned).toHaveLength(3);
  expect(asked.sort()).toEqual(expected);
});

test('at a mark, everything up to it has come out, and nothing before an earlier mark comes later', async () => {
  // Names without an extension may have rivals; every tenth is the beginning of the next nine.
  const originals = inOrder(Array.from({ length: 1_000 }, (_, i) => stored(`${i % 10 === 0 ? '' : `${i - (i % 10)}!`}${i}`)));
  const layout = parseLayout('{dir}/{name}-{variant}.{ext}', SPECS.map(({ name }) => name));
  const out = new Set<string>();
  let marks = 0;
  const input = { originals: inPages(originals), listVariants: () => inPages([]), prefix: '', layout, specs: SPECS, mode: 'due' as const, accepts: () => true };
  for await (const found of joinListings({ ...ALONE, ...input })) {
    if ('original' in found) out.add(found.original.key);
    if (!('passed' in found)) continue;
    marks += 1;
    const upTo = originals.filter(({ key }) => found.passed === null || compareKeys(key, found.passed) <= 0);
    expect(upTo.filter(({ key }) => !out.has(key))).toEqual([]);
    expect(out.size).toBe(upTo.length);
  }
  expect(marks).toBeGreaterThan(50);
  expect(out.size).toBe(1_000);
});

test('with a prefix or a filter it finds the same for the originals that are left', async () => {
  await fc.assert(
    fc.asyncProperty(world, fc.constantFrom('a', 'a/', 'a-', 'b.'), async (given, start) => {
      const all = await join(given);
      const expected = told(all.filter(({ original }) => original.key.startsWith(start))).sort();
      expect(told(await join({ ...given, accepts: (key) => key.startsWith(start) })).sort()).toEqual(expected);
      expect(told(await join({ ...given, prefix: start })).sort()).toEqual(expected);
    }),
    { numRuns: 500 },
  );
});

describe('what is held back stays few, however many originals there are', () => {
  const many = Array.from({ length: 4_000 }, (_, i) => String(i).padStart(6, '0'));

  test.each([
    ['{variant}/{path}', 'a', 'are there', (i: string) => `a!${i}`],
    ['{dir}/{name}-{variant}.{ext}', 'a', 'are there', (i: string) => `a!${i}`],
    ['{dir}/{name}-{variant}.{ext}', 'a.jpg', 'are there', (i: string) => `a-x${i}.jpg`],
    ['{path}/{variant}', 'a', 'are there', (i: string) => `a!${i}`],
    ['{path}/{variant}', 'a', 'are missing', (i: string) => `a!${i}`],
  ])('%s, %s among 4,000 that begin like it, whose variants %s', async (template, one, variantsAre, keyOf) => {
    const layout = parseLayout(template, SPECS.map(({ name }) => name));
    const originals = inOrder([one, ...many.map(keyOf)].map((key) => stored(key)));
    const made = originals.flatMap(({ key }) => SPECS.map((of) => stored(layout.keyOf(key, of), 2_000)));
    const variants = variantsAre === 'are missing' ? [stored('~')] : inOrder(made);
    let drawn = 0;
    async function* counted(listed: readonly Listed[]) {
      for await (const page of inPages(listed, 100)) {
        drawn += page.length;
        yield page;
      }
    }
    let most = 0;
    let seen = 0;
    const plan = joinListings({
      ...ALONE,
      originals: counted(originals),
      listVariants: (at) => inPages(variants.filter(({ key }) => key.startsWith(at)), 100),
      prefix: '',
      layout,
      specs: SPECS,
      mode: 'due',
      accepts: () => true,
    });
    for await (const item of plan) {
      if ('passed' in item) continue;
      seen += 1;
      expect(isRefused(item) ? null : item.due.length).toBe(variantsAre === 'are missing' ? SPECS.length : 0);
      most = Math.max(most, drawn - seen);
    }
    expect(seen).toBe(originals.length);
    expect(most).toBeLessThanOrEqual(100 + 3);
  });
});

test('what cannot be worked on passes through, where it is wanted', async () => {
  const refused = { key: 'b', refused: 'invalid-key', detail: 'a link' } as const;
  const input = {
    ...ALONE,
    originals: inPages([stored('a'), refused, stored('c')]),
    listVariants: () => inPages([]),
    prefix: '',
    layout: parseLayout('{variant}/{path}', ['large']),
    specs: [spec('large')],
    mode: 'due' as const,
  };
  expect(await collect(joinListings({ ...input, accepts: () => true }))).toContainEqual(refused);
  const rest = await collect(joinListings({ ...input, originals: inPages([stored('a'), refused]), accepts: ({ key }) => key !== 'b' }));
  expect(rest).not.toContainEqual(refused);
});

test('a part of the variants that cannot be listed ends the run, as what is missing there is unknown', async () => {
  const plan = joinListings({
    ...ALONE,
    originals: inPages([stored('a')]),
    listVariants: () => inPages([{ key: 'large/', refused: 'access-denied', detail: 'EACCES' }]),
    prefix: '',
    layout: parseLayout('{variant}/{path}', ['large']),
    specs: [spec('large')],
    mode: 'due',
    accepts: () => true,
  });
  await expect(collect(plan)).rejects.toMatchObject({ constructor: UserError, code: 'location-unreadable', message: expect.stringContaining('large/') });
});

test('what is refused otherwise among the variants is passed over', async () => {
  const plan = joinListings({
    ...ALONE,
    originals: inPages(['a', 'b', 'c'].map((key) => stored(key))),
    listVariants: () => inPages([stored('large/a', 2_000), { key: 'large/b', refused: 'invalid-key', detail: 'a link' }, stored('large/c', 2_000)]),
    prefix: '',
    layout: parseLayout('{variant}/{path}', ['large']),
    specs: [spec('large')],
    mode: 'due',
    accepts: () => true,
  });
  const planned = (await collect(plan)).filter((found): found is Planned => 'original' in found);
  expect(planned.map(({ due }) => due.map(({ reason }) => reason))).toEqual([[], ['missing'], []]);
});

test('whoever stops early lets every listing go', async () => {
  const open = new Set<string>();
  async function* listing(name: string, keys: readonly string[]) {
    open.add(name);
    try {
      yield* inPages(keys.map((key) => stored(key)), 1);
    } finally {
      open.delete(name);
    }
  }
  const plan = joinListings({
    ...ALONE,
    originals: listing('originals', ['a', 'b', 'c']),
    listVariants: (prefix) => listing(prefix, ['a', 'b', 'c'].map((key) => prefix + key)),
    prefix: '',
    layout: parseLayout('{variant}/{path}', ['large', 'small']),
    specs: [spec('large'), spec('small')],
    mode: 'due',
    accepts: () => true,
  });
  await plan.next();
  expect([...open].sort()).toEqual(['large/', 'originals', 'small/']);
  await plan.return(undefined);
  expect([...open]).toEqual([]);
});
