import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DueReason } from '../../src/model/job.js';
import { parseLayout } from '../../src/model/layout.js';
import type { StoredObject } from '../../src/model/original.js';
import type { Spec } from '../../src/model/spec.js';
import { joinListings } from '../../src/plan/join.js';
import { inPages, spec, stored } from '../support.js';
import { ALONE, SPECS, inOrder, join, keys, told, world, type World } from './world.js';

/** 3,000 with `npm run test:join`. */
const RUNS = Number(process.env['IMGVAR_JOIN_RUNS'] ?? 1_000);

/** What is due, found the slow way: every variant looked up by its key. */
function lookedUp({ layout: template, specs, originals, variants }: World): string[] {
  const layout = parseLayout(template, specs.map(({ name }) => name));
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
    specs.map((of) => [original.key, of.name, reason(original, of)]).filter(([, , why]) => why !== null).map(String),
  );
}

test('the join of two listings finds what looking up every variant finds', async () => {
  await fc.assert(
    fc.asyncProperty(world, async (given) => {
      expect(told(await join(given)).sort()).toEqual(lookedUp(given).sort());
    }),
    { numRuns: RUNS },
  );
});

test('a rival behind the end of this part is asked for by itself, and no other is', async () => {
  const originals = ['a', 'a.jpg', 'a.webp'].map((key) => stored(key));
  const asked: string[] = [];
  const planned = await join({ layout: '{variant}/{path}', specs: SPECS, originals, variants: [], upTo: 'a.jpg', askedBeyond: asked });
  expect(told(planned).sort()).toEqual(['a,large,missing', 'a,w,collision', 'a,web,collision', 'a.jpg,large,missing', 'a.jpg,w,missing', 'a.jpg,web,missing']);
  expect(asked.sort()).toEqual(['a.jpg.webp', 'a.webp']);
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

test.each([[SPECS], [SPECS.toReversed()]])('an original waits for the last of its rivals, whichever spec that is of', async (specs) => {
  const originals = ['a', 'a.jpg', 'a.jpgx', 'a.webp'].map((key) => stored(key));
  const planned = await join({ layout: '{variant}/{path}', specs, originals, variants: [], pageSize: 1 });
  expect(told(planned).filter((line) => line.startsWith('a,')).sort()).toEqual(['a,large,missing', 'a,w,collision', 'a,web,collision']);
});

test('a variant that comes before the place where an ended listing began is looked up', async () => {
  const layout = parseLayout('{dir}/{name}-{variant}.{ext}', SPECS.map(({ name }) => name));
  const originals = ['a.jpg', 'a.webp'].map((key) => stored(key));
  // "a-large.webp" comes before "a.".
  const variants = inOrder(originals.flatMap(({ key }) => SPECS.map((of) => stored(layout.keyOf(key, of), 2_000))));
  const planned = await join({ layout: layout.template, specs: SPECS, originals, variants, after: 'a.' });
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
  const planned = await join({ layout: template, specs: SPECS, originals, variants, after, lookedUp: asked });
  expect(planned.flatMap(({ due }) => due)).toEqual([]);
  expect(planned).toHaveLength(3);
  expect(asked.sort()).toEqual(expected);
});

test('what is missing behind the place where a listing begins is not looked up', async () => {
  const asked: string[] = [];
  const originals = ['b.jpg', 'c.jpg'].map((key) => stored(key));
  const planned = await join({ layout: '{variant}/{path}', specs: SPECS, originals, variants: [], after: 'a', lookedUp: asked });
  expect(planned.map(({ due }) => due.length)).toEqual([3, 3]);
  expect(asked).toEqual([]);
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
    layout: parseLayout('{variant}/{path}', ['large', 'small']),
    specs: [spec('large'), spec('small')],
  });
  await plan.next();
  expect([...open].sort()).toEqual(['large/', 'originals', 'small/']);
  await plan.return(undefined);
  expect([...open]).toEqual([]);
});
