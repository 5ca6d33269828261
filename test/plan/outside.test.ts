import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareKeys } from '../../src/model/key.js';
import type { Listed } from '../../src/model/original.js';
import { outside } from '../../src/plan/outside.js';
import { collect, inPages, stored } from '../support.js';

/** What is found outside of the prefixes, and how many pages were asked for. */
async function found(keys: readonly string[], prefixes: readonly string[], pageSize = 3, refused: readonly string[] = []) {
  const listed = [...keys].sort(compareKeys).map((key): Listed => (refused.includes(key) ? { key, refused: 'invalid-key', detail: '' } : stored(key)));
  let pages = 0;
  async function* list(after: string) {
    for await (const page of inPages(listed.filter(({ key }) => compareKeys(key, after) > 0), pageSize)) {
      pages += 1;
      yield page;
    }
  }
  const objects = await collect(outside(list, prefixes));
  return { keys: objects.map(({ key }) => key), pages };
}

const key = fc.array(fc.constantFrom('A', 'a', 'b', '/', '\u{10ffff}', '~'), { minLength: 1, maxLength: 5 }).map((parts) => parts.join(''));

test('what is under no prefix is found, each once and in order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(key, { maxLength: 20 }), fc.uniqueArray(key, { maxLength: 4 }), fc.integer({ min: 1, max: 5 }), async (keys, prefixes, pageSize) => {
      const expected = keys.filter((one) => !prefixes.some((prefix) => one.startsWith(prefix))).sort(compareKeys);
      expect((await found(keys, prefixes, pageSize)).keys).toEqual(expected);
    }),
    { numRuns: 500 },
  );
});

test('what is under a prefix is leapt over', async () => {
  const many = Array.from({ length: 1_000 }, (_, i) => `large/${i}.jpg`);
  expect(await found(['a', ...many, 'x', 'y'], ['large/', 'small/'], 10)).toEqual({ keys: ['a', 'x', 'y'], pages: 2 });
});

test('where everything is under a prefix, nothing is listed', async () => {
  expect(await found(['a', 'b'], ['large/', ''])).toEqual({ keys: [], pages: 0 });
});

test('what cannot be worked on is not told', async () => {
  expect((await found(['a', 'b', 'c'], [], 3, ['b'])).keys).toEqual(['a', 'c']);
});
