import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareKeys } from '../../src/model/key.js';
import { LayoutError, parseLayout, type Layout } from '../../src/model/layout.js';
import type { Format, Spec } from '../../src/model/spec.js';
import { spec } from '../support.js';

const joined = (parts: string[], maxLength: number, minLength = 0): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...parts), { minLength, maxLength }).map((chosen) => chosen.join(''));

/** Texts that invite confusion with extensions, with spec names and with each other. */
const literal = joined(['-', '.', 'a', 'x', '/', 'jpg', 'g', '.jpg', 'webp', '_', '.x', '/b/', '😀'], 2);
const template = fc.oneof(
  fc.constantFrom('{variant}/{path}', '{path}/{variant}', '{dir}/{name}-{variant}.{ext}', '{dir}/{variant}/{name}.{ext}', '{dir}/{name}.{variant}.{ext}'),
  fc.tuple(literal, literal, literal).map(([a, b, c]) => `${a}{variant}${b}{path}${c}`),
  fc.tuple(literal, literal, literal).map(([a, b, c]) => `${a}{path}${b}{variant}${c}`),
  fc
    .tuple(fc.constantFrom('', 'v/'), literal, literal, literal, literal, fc.nat(3))
    .map(([head, before, between, tail, behind, where]) => {
      const at = (place: number): string => (place === where ? `{variant}${behind}` : '');
      const front = at(0) === '' ? head : `${head}${at(0)}/`;
      return `${front}{dir}/${before}${at(1)}{name}${between}${at(2)}.{ext}${tail}${at(3)}`;
    }),
);
const key = joined(['a', 'b', '.', '/', '-', '.x-sm', '-sm', 'sm', '.webp', '.jpg', '.JPG', '.tiff', '.a', 'x', 'g', '.', '_', '.jpg-sm', '😀', '\ue000'], 5, 1);
const specs = fc
  .uniqueArray(
    fc.record({
      name: fc.constantFrom('sm', 'x-sm', 'a', 'x', 'jpg', 'webp', 'g', 'a-', 'b_'),
      format: fc.constantFrom<Format>('original', 'original', 'jpeg', 'webp', 'png'),
    }),
    { selector: ({ name }) => name, minLength: 1, maxLength: 4 },
  )
  .map((chosen) => chosen.map(({ name, format }) => spec(name, { format })));

/** A layout that was not refused, with its specs. */
const world = fc
  .tuple(template, specs)
  .map(([text, chosen]) => ({ layout: layoutOrNull(text, chosen), specs: chosen }))
  .filter((made): made is { layout: Layout; specs: Spec[] } => made.layout !== null);

function layoutOrNull(text: string, chosen: readonly Spec[]): Layout | null {
  try {
    return parseLayout(text, chosen.map(({ name }) => name));
  } catch (error) {
    if (error instanceof LayoutError) return null;
    throw error;
  }
}

/** Everything that is left of a key when an ending, the template's outer texts and one more piece are taken away. */
function whatMightLieBehind(variantKey: string, layout: Layout): Set<string> {
  const [head = ''] = layout.template.split('{');
  const tail = layout.template.slice(layout.template.lastIndexOf('}') + 1);
  const guesses = new Set<string>();
  for (const ending of ['', '.jpg', '.webp', '.png', '.avif']) {
    if (!variantKey.endsWith(ending)) continue;
    const plain = variantKey.slice(0, variantKey.length - ending.length);
    if (!plain.startsWith(head) || !plain.endsWith(tail) || plain.length < head.length + tail.length) continue;
    const inner = plain.slice(head.length, plain.length - tail.length);
    for (let start = 0; start <= inner.length; start++) {
      for (let end = start; end <= inner.length; end++) guesses.add(inner.slice(0, start) + inner.slice(end));
    }
  }
  guesses.delete('');
  return guesses;
}

function meetAsDocumented(layout: Layout, of: Spec, a: string, b: string): boolean {
  return layout.rivalOf(a, of) === b || layout.rivalOf(b, of) === a;
}

describe('for every layout that is not refused', () => {
  test('no two originals and specs share a key, but for an original and its rival', () => {
    fc.assert(
      fc.property(world, key, ({ layout, specs: all }, original) => {
        for (const of of all) {
          const variantKey = layout.keyOf(original, of);
          for (const guess of whatMightLieBehind(variantKey, layout)) {
            for (const other of all) {
              if ((guess === original && other === of) || layout.keyOf(guess, other) !== variantKey) continue;
              const pair = `${layout.template}: ${original} (${of.name}) and ${guess} (${other.name}) share ${variantKey}`;
              expect(other === of && meetAsDocumented(layout, of, original, guess), pair).toBe(true);
            }
          }
        }
      }),
      { numRuns: 1_500 },
    );
  });

  test('originalsOf finds the original again, and besides it at most a rival', () => {
    fc.assert(
      fc.property(world, key, ({ layout, specs: all }, original) => {
        for (const of of all) {
          const found = layout.originalsOf(layout.keyOf(original, of), all);
          expect(found).toContainEqual({ spec: of, original });
          const others = found.filter((one) => one.original !== original);
          expect(others.length).toBe(found.length - 1);
          for (const one of others) {
            expect(one.spec).toBe(of);
            expect(meetAsDocumented(layout, of, original, one.original)).toBe(true);
          }
        }
      }),
      { numRuns: 5_000 },
    );
  });

  test('originalsOf names only originals that have this key', () => {
    fc.assert(
      fc.property(world, key, ({ layout, specs: all }, anyKey) => {
        for (const { spec: of, original } of layout.originalsOf(anyKey, all)) expect(layout.keyOf(original, of)).toBe(anyKey);
      }),
      { numRuns: 5_000 },
    );
  });

  test('originals come in another order than their variants only where one stem begins with the other', () => {
    fc.assert(
      fc.property(world, key, key, ({ layout, specs: all }, a, b) => {
        for (const { specs: together } of layout.listings(all, '', '')) {
          for (const one of together) {
            for (const other of together) {
              const order = Math.sign(compareKeys(a, b));
              const variantOrder = Math.sign(compareKeys(layout.keyOf(a, one), layout.keyOf(b, other)));
              if (a === b || order === variantOrder) continue;
              const [stem, stemOfB] = [layout.stemOf(a), layout.stemOf(b)];
              expect(stem.startsWith(stemOfB) || stemOfB.startsWith(stem), `${layout.template}: ${a}, ${b}`).toBe(true);
            }
          }
        }
      }),
      { numRuns: 10_000 },
    );
  });

  test('a listing that begins behind a key still has the variants behind it, but for originals with a shorter stem', () => {
    fc.assert(
      fc.property(world, key, key, ({ layout, specs: all }, a, b) => {
        const [after, original] = compareKeys(a, b) < 0 ? [a, b] : [b, a];
        for (const listing of after === original ? [] : layout.listings(all, '', after)) {
          for (const of of listing.specs) {
            const isBefore = listing.after !== '' && compareKeys(layout.keyOf(original, of), listing.after) <= 0;
            if (isBefore) expect(after.startsWith(layout.stemOf(original)), `${layout.template}: ${original} after ${after}`).toBe(true);
          }
        }
      }),
      { numRuns: 10_000 },
    );
  });

  test('the listings for a prefix hold the variants of every original under it', () => {
    fc.assert(
      fc.property(world, key, fc.nat(12), ({ layout, specs: all }, original, length) => {
        const listings = layout.listings(all, original.slice(0, length), '');
        expect(listings.flatMap((listing) => listing.specs).map(({ name }) => name).sort()).toEqual(all.map(({ name }) => name).sort());
        for (const listing of listings) {
          for (const of of listing.specs) expect(layout.keyOf(original, of).startsWith(listing.prefix)).toBe(true);
        }
      }),
      { numRuns: 5_000 },
    );
  });
});
