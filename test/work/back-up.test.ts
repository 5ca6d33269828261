import { expect, test } from 'vitest';
import { NO_REQUESTS } from '../../src/model/requests.js';
import type { Copier, Copy, CopySource } from '../../src/store/copier.js';
import { backUp } from '../../src/work/back-up.js';

/** Two buckets in memory, with something that happens before each copy. */
function world({ conditions = true, marks = true, meanwhile = [] as ((world: World) => void)[] } = {}) {
  const held: World = { original: undefined, copies: [] };
  const pending = [...meanwhile];
  const copier: Copier = {
    requests: NO_REQUESTS,
    isSame: () => Promise.reject(new Error('nobody asks')),
    source: async (key) => (held.original === undefined ? undefined : { original: { key, size: held.original.length, lastModified: 0, etag: held.original } }),
    existing: async () => copyOf(held.copies.at(-1)),
    async copy({ original }: CopySource, existing: Copy | undefined) {
      pending.shift()?.(held);
      if (held.original === undefined) return 'overtaken';
      const isSame = held.original === original.etag && copyOf(held.copies.at(-1))?.etag === existing?.etag;
      if (conditions && !isSame) return 'overtaken';
      held.copies.push({ content: held.original, mark: original.etag });
      return marks ? 'copied' : 'unmarked';
    },
  };
  return { held, copier };
}

interface World {
  original: string | undefined;
  readonly copies: { content: string; mark: string }[];
}

function copyOf(copy: { content: string; mark: string } | undefined): Copy | undefined {
  return copy === undefined ? undefined : { size: copy.content.length, etag: `copy of ${copy.content}`, sourceEtag: copy.mark };
}

test('an original is copied once, whatever is delivered twice', async () => {
  const { held, copier } = world();
  held.original = 'one';
  expect(await backUp('a', copier)).toEqual({ result: 'copied', bytes: 3 });
  expect(await backUp('a', copier)).toEqual({ result: 'present', bytes: 3 });
  expect(held.copies).toHaveLength(1);
});

test('new content is a new version on top', async () => {
  const { held, copier } = world();
  held.original = 'one';
  await backUp('a', copier);
  held.original = 'two';
  expect(await backUp('a', copier)).toMatchObject({ result: 'copied' });
  expect(held.copies.map(({ content }) => content)).toEqual(['one', 'two']);
});

test('what is replaced while it is copied ends with the new content on top, also where conditions are ignored', async () => {
  for (const conditions of [true, false]) {
    const { held, copier } = world({ conditions, meanwhile: [(now) => (now.original = 'two')] });
    held.original = 'one';
    await backUp('a', copier);
    expect(held.copies.at(-1)).toEqual({ content: 'two', mark: 'two' });
  }
});

test('two that copy at the same time leave one version', async () => {
  const { held, copier } = world({ meanwhile: [(now) => now.copies.push({ content: 'one', mark: 'one' })] });
  held.original = 'one';
  expect(await backUp('a', copier)).toEqual({ result: 'present', bytes: 3 });
  expect(held.copies).toHaveLength(1);
});

test('an older copy that comes in late is found on top, and covered again', async () => {
  const { held, copier } = world({ meanwhile: [(now) => now.copies.push({ content: 'old', mark: 'old' })] });
  held.original = 'one';
  await backUp('a', copier);
  expect(held.copies.at(-1)?.content).toBe('one');
});

test('a copy that cannot be marked ends it', async () => {
  const { held, copier } = world({ marks: false });
  held.original = 'one';
  expect(await backUp('a', copier)).toMatchObject({ result: 'copied' });
  expect(held.copies).toHaveLength(1);
});

test('what was never there, or goes before it is copied, is missing', async () => {
  await expect(backUp('a', world().copier)).rejects.toMatchObject({ code: 'original-missing' });
  const { held, copier } = world({ meanwhile: [(now) => (now.original = undefined)] });
  held.original = 'one';
  await expect(backUp('a', copier)).rejects.toMatchObject({ code: 'original-missing' });
});

test('what is replaced without end is a failure that may pass', async () => {
  let n = 0;
  const { held, copier } = world({ meanwhile: Array.from({ length: 20 }, () => (now: World) => (now.original = `content ${n++}`)) });
  held.original = 'one';
  await expect(backUp('a', copier)).rejects.toMatchObject({ code: 'original-changed' });
});

test('where no versions are kept, a copy that is there by then stays', async () => {
  const { held, copier } = world();
  held.original = 'two';
  held.copies.push({ content: 'one', mark: 'one' });
  expect(await backUp('a', copier, { replaces: false })).toEqual({ result: 'present', bytes: 0 });
  expect(held.copies).toHaveLength(1);
  // Its own copy is replaced, if the original changes while it is made.
  const other = world({ meanwhile: [(now) => (now.original = 'two')], conditions: false });
  other.held.original = 'one';
  await backUp('a', other.copier, { replaces: false });
  expect(other.held.copies.at(-1)).toEqual({ content: 'two', mark: 'two' });
});
