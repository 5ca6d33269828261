import { expect, test } from 'vitest';
import { EVERYTHING, keyFilter, originalFilter, type Filter } from '../../src/source/filter.js';

test.each<[Partial<Filter>, string, boolean]>([
  [{}, 'a/b.jpg', true],
  [{ prefix: 'a/' }, 'a/b.jpg', true],
  [{ prefix: 'a/' }, 'b/a/b.jpg', false],
  [{ include: ['*.jpg'] }, 'a/b.jpg', true],
  [{ include: ['*.jpg'] }, 'a/b.JPG', false],
  [{ include: ['*.jpg'] }, 'a/.hidden.jpg', true],
  [{ include: ['a/*.jpg'] }, 'a/b.jpg', true],
  [{ include: ['a/*.jpg'] }, 'a/c/b.jpg', false],
  [{ include: ['a/**/*.jpg'] }, 'a/c/d/b.jpg', true],
  [{ include: ['a/**'] }, 'a/.b/c', true],
  [{ include: ['*.{jpg,png}'] }, 'x.png', true],
  [{ include: ['*.png', '*.jpg'] }, 'x.jpg', true],
  [{ include: ['new*line'] }, 'new\nline', true],
  [{ include: ['!a'] }, '!a', true],
  [{ include: ['a\\*b'] }, 'a*b', true],
  [{ include: ['a\\*b'] }, 'axb', false],
  [{ exclude: ['*.md'] }, 'docs/README.md', false],
  [{ exclude: ['*.md'] }, 'docs/README.jpg', true],
  [{ include: ['*.jpg'], exclude: ['thumb*'] }, 'a/thumb1.jpg', false],
])('%o and %s: %s', (filter, key, accepted) => {
  expect(keyFilter({ ...EVERYTHING, ...filter })(key)).toBe(accepted);
});

test('originals are chosen by time and size as well; what is refused has neither', () => {
  const accepts = originalFilter({ ...EVERYTHING, since: 1_000, minSize: 10, maxSize: 20 });
  const original = { key: 'a', etag: '', size: 10, lastModified: 1_000 };
  expect(accepts(original)).toBe(true);
  expect(accepts({ ...original, size: 20 })).toBe(true);
  for (const other of [{ size: 9 }, { size: 21 }, { lastModified: 999 }]) expect(accepts({ ...original, ...other })).toBe(false);
  expect(accepts({ key: 'a', refused: 'invalid-key', detail: '' })).toBe(true);
  expect(originalFilter({ ...EVERYTHING, prefix: 'b', since: 0 })(original)).toBe(false);
});
