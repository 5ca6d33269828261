import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EVERYTHING } from '../../src/source/filter.js';
import { compareKeys } from '../../src/model/key.js';
import { fingerprintOf } from '../../src/model/fingerprint.js';
import { parseLayout } from '../../src/model/layout.js';
import type { Era, Eras } from '../../src/model/ledger.js';
import { isRefused } from '../../src/model/original.js';
import { retiredKeys } from '../../src/plan/retired.js';
import { takeInventory, type Held, type Unowned } from '../../src/run/inventory.js';
import { memoryStore } from '../../src/store/memory.js';
import type { Store } from '../../src/store/store.js';
import { PLAIN, collect, inPages, spec, stored } from '../support.js';

const SPECS = [spec('large'), spec('web', { format: 'webp' }), spec('w', { format: 'jpeg' })];
const LAYOUTS = ['{variant}/{path}', '{dir}/{variant}/{name}.{ext}', '{path}/{variant}', '{dir}/{name}-{variant}.{ext}', 'v2/{dir}/{name}~{variant}.{ext}'];
const PAST = { startedAt: Number.MAX_SAFE_INTEGER, now: () => Number.MAX_SAFE_INTEGER, isInDoubt: () => false, precision: 1, isStale: () => false };
/** One that is gone, and one whose format has changed. */
const ERAS: Eras = new Map<string, readonly Era[]>([
  ...SPECS.map((one): [string, readonly Era[]] => [one.name, [{ fingerprint: fingerprintOf(one), since: 0, format: one.format }]]),
  ['w', [{ fingerprint: 'before', since: 0, format: 'original' }, { fingerprint: fingerprintOf(spec('w', { format: 'jpeg' })), since: 5, format: 'jpeg' }]],
  ['old', [{ fingerprint: 'gone', since: 0 }]],
]);

async function inventory(template: string, originals: readonly string[], variants: readonly string[], filter = EVERYTHING) {
  const [o, v] = [memoryStore('originals'), memoryStore('variants')];
  for (const key of originals) await o.write(key, Buffer.from('o'), PLAIN);
  for (const key of variants) await v.write(key, Buffer.from('v'), PLAIN);
  const layout = parseLayout(template, SPECS.map(({ name }) => name));
  const found = await collect(takeInventory({ originals: inSmallPages(o), variants: inSmallPages(v), layout, specs: SPECS, eras: ERAS, past: PAST, filter }));
  const held = found.filter((one): one is Held => 'planned' in one);
  const unowned = found.filter((one): one is Unowned => !isRefused(one) && 'object' in one);
  return { layout, held, unowned };
}

function inSmallPages(store: Store): Store {
  return {
    ...store,
    list: async function* (prefix, options) {
      for await (const page of store.list(prefix, options)) yield* inPages(page);
    },
  };
}

const inOrder = (keys: Iterable<string>): string[] => [...new Set(keys)].sort(compareKeys);

describe('an inventory', () => {
  const name = fc.constantFrom('a', 'a-b', 'a.webp', 'b', 'a-w', 'é', 'b~x', 'large');
  const ext = fc.constantFrom('', '.jpg', '.png', '.webp', '.tiff', '.jpg.webp');
  const dir = fc.constantFrom('', 'd/', 'd/e/', 'a/', 'd-w/');
  const key = fc.tuple(dir, name, ext).map((parts) => parts.join(''));
  const stray = fc.constantFrom('x.txt', 'old/a.jpg', 'old/d/b.png.webp', 'a-old.jpg', 'a/old', 'large/x.jpg', 'w/a.png', 'web/a', 'zz/large/a.jpg', 'v2/d/q~old.jpg');

  it('has every original and every object once, each where it belongs, in any layout', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...LAYOUTS), fc.uniqueArray(key, { maxLength: 14 }), fc.array(key, { maxLength: 5 }), fc.array(fc.nat(2), { maxLength: 60 }), fc.array(stray, { maxLength: 5 }), async (template, originals, gone, which, strays) => {
        const layout = parseLayout(template, SPECS.map(({ name: one }) => one));
        const made = [...originals, ...gone].flatMap((original, i) => SPECS.filter((_, j) => (which[(i * 3 + j) % Math.max(1, which.length)] ?? 0) > 0).map((one) => layout.keyOf(original, one)));
        const variants = inOrder([...made, ...strays]);
        const { held, unowned } = await inventory(template, originals, variants);

        // The slow way: each key asked for by itself.
        const wanted = new Map(originals.flatMap((original) => SPECS.map((one) => [layout.keyOf(original, one), original] as const)));
        expect(inOrder(held.map(({ planned }) => planned.original.key))).toEqual(inOrder(originals));
        expect(held).toHaveLength(originals.length);
        const owned = inOrder(held.flatMap(({ wants }) => wants.flatMap(({ found }) => (found === undefined ? [] : [found.key]))));
        expect(owned).toEqual(variants.filter((one) => wanted.has(one)));
        expect(unowned.map(({ object }) => object.key).sort(compareKeys)).toEqual(variants.filter((one) => !wanted.has(one)));
        const retiredAs = retiredKeys(template, SPECS, ERAS);
        for (const { object, code, originals: candidates } of unowned) {
          expect(code).toBe(layout.originalsOf(object.key, SPECS).length > 0 ? 'original-gone' : retiredAs(object.key) !== null ? 'spec-gone' : 'foreign');
          for (const candidate of candidates) expect(originals).not.toContain(candidate);
        }
        // Nothing that is due, and nothing that is up to date, is among what may go.
        const goes = new Set(unowned.map(({ object }) => object.key));
        for (const { planned, wants } of held) for (const one of [...planned.due, ...wants]) expect(goes.has(one.key)).toBe(false);
      }),
      { numRuns: 400 },
    );
  });

  it('tells at the end of what was held for an original that never came', async () => {
    // "a-large.jpg" comes before those of a-x.jpg, and may be of a.jpg, which would be listed behind that.
    const { unowned } = await inventory('{dir}/{name}-{variant}.{ext}', ['a-x.jpg'], ['a-large.jpg', 'a-x-large.jpg']);
    expect(unowned.map(({ object, code }) => [object.key, code])).toEqual([['a-large.jpg', 'original-gone']]);
  });

  it('with a prefix tells only of what may be of originals that begin so', async () => {
    const variants = ['large/a.jpg', 'large/b.jpg', 'large/ab.jpg', 'x.txt', 'old/a.jpg'];
    const { held, unowned } = await inventory('{variant}/{path}', ['ab.jpg', 'c.jpg'], variants, { ...EVERYTHING, prefix: 'a' });
    expect(held.map(({ planned }) => planned.original.key)).toEqual(['ab.jpg']);
    expect(unowned.map(({ object, code }) => [object.key, code])).toEqual([['large/a.jpg', 'original-gone']]);
  });

  it('takes what is in a folder that cannot be looked into for unknown, not for gone', async () => {
    const [o, v] = [memoryStore('originals'), memoryStore('variants')];
    for (const one of ['large/d/a.jpg', 'large/e.jpg']) await v.write(one, Buffer.from('v'), PLAIN);
    const closed = { ...o, list: async function* () { yield [{ key: 'd/', refused: 'access-denied' as const, detail: '' }]; } };
    const found = await collect(takeInventory({ originals: closed, variants: v, layout: parseLayout('{variant}/{path}', SPECS.map((one) => one.name)), specs: SPECS, eras: ERAS, past: PAST, filter: EVERYTHING }));
    expect(found.map((one) => ('object' in one ? one.object.key : isRefused(one) ? one.refused : ''))).toEqual(['access-denied', 'large/e.jpg']);
  });

  // After the last original, all that is left of the variants is gone through; before the first, all that comes before its own.
  it.each([['behind', 'z.jpg'], ['in front of', '!.jpg']])('tells of what was deleted in one piece as it is listed, with an original %s it', async (_, original) => {
    const [o, v] = [memoryStore('originals'), memoryStore('variants')];
    await o.write(original, Buffer.from('o'), PLAIN);
    let drawn = 0;
    async function* gone(prefix: string) {
      for (let i = 0; i < 200; i++) {
        drawn += 1;
        yield [0, 1, 2].map((j) => stored(`${prefix}2019/${1_000 + i}-${j}.jpg`));
      }
    }
    const variants = { ...v, list: (prefix: string) => (prefix === 'large/' ? gone(prefix) : v.list(prefix)) };
    const layout = parseLayout('{variant}/{path}', SPECS.map((one) => one.name));
    let told = 0;
    for await (const found of takeInventory({ originals: o, variants, layout, specs: SPECS, eras: ERAS, past: PAST, filter: EVERYTHING })) {
      if (isRefused(found) || !('object' in found)) continue;
      told += 1;
      // No more than a page is listed ahead of what was told.
      expect(drawn - told / 3).toBeLessThanOrEqual(1);
    }
    expect(told).toBe(600);
  });

  it('does not take for gone what is behind a link, which may be one to a folder', async () => {
    const [o, v] = [memoryStore('originals'), memoryStore('variants')];
    for (const key of ['large/2015/a.jpg', 'large/2015/b/c.jpg', 'large/2016.jpg', 'large/2015x.jpg']) await v.write(key, Buffer.from('v'), PLAIN);
    const link = { key: '2015', refused: 'invalid-key', detail: 'a symbolic link that leads out of the location' } as const;
    const layout = parseLayout('{variant}/{path}', ['large']);
    const parts = { originals: { ...o, list: () => inPages([link]) }, variants: v, layout, specs: [spec('large')], eras: ERAS, past: PAST, filter: EVERYTHING };
    const found = await collect(takeInventory(parts));
    expect(found.flatMap((one) => ('object' in one ? [one.object.key] : []))).toEqual(['large/2015x.jpg', 'large/2016.jpg']);
  });
});
