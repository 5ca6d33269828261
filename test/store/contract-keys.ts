import { expect, it } from 'vitest';
import { keysIn, put, byUtf8, type Open } from './contract-words.js';

/** Every store holds these: real folders have such names. */
const HELD = [
  'with space.jpg',
  ' leading and trailing ',
  'a+b.jpg',
  'a%2Fb.jpg',
  'a%b.jpg',
  'a#b.jpg',
  'a?b=c&d.jpg',
  'a&amp;b<c>"d\'.jpg',
  'emoji 👩‍👩‍👧.jpg',
  'caf\u00e9.jpg',
  'cafe\u0301.jpg',
  '日本/語/写真.jpg',
  '.hidden',
  '.hidden folder/..dots../...',
  '.imgvarish/a',
  'sub/.imgvar/a',
  'no-extension',
  'UPPER.JPG',
  'upper.jpg',
  'constructor',
  '__proto__',
  'toString/valueOf',
  'a,b;c=d@e$f!g*h(i)[j]{k}|l^m`n~o.jpg',
  'C:colon.jpg',
  `${'n'.repeat(251)}.jpg`,
  `${'é'.repeat(125)}n.jpg`,
  `${'long/'.repeat(179)}x.jpg`,
];

/** A store may be unable to hold these; then it refuses them by `invalid-key` from every method. */
const ODD = [
  '',
  '/',
  '/leading',
  'trailing/',
  'double//slash',
  '.',
  '..',
  './a',
  '../a',
  'a/../b',
  'a/./b',
  'a/..',
  '../../../../../../../../tmp/imgvar-escaped',
  'new\nline.jpg',
  'return\rhere',
  'bell\u0007.jpg',
  'delete\u007f.jpg',
  'c1\u0085\u009b.jpg',
  'nul\0.jpg',
  'back\\slash.jpg',
  '..\\back',
  'half \ud83d pair',
  'half \ude00 pair',
  'not a character \ufffe\uffff.jpg',
  'replacement \ufffd.jpg',
  'direction \u202egpj.jpg',
  `${'m'.repeat(256)}`,
  `${'m'.repeat(256)}/a`,
  'deep/'.repeat(1000) + 'x',
];

export function keyContract(open: Open, lineBreaks: boolean): void {
  it('holds keys as they are, each with its own content', async () => {
    const { store } = await open();
    for (const key of HELD) await put(store, key, `at ${key}`);
    expect(await keysIn(store, '')).toEqual([...HELD].sort(byUtf8));
    for (const key of HELD) {
      expect((await store.read(key, 5000)).bytes.toString()).toBe(`at ${key}`);
      expect(await store.stat(key)).toMatchObject({ key });
      expect(await keysIn(store, key)).toEqual(HELD.filter((other) => other.startsWith(key)).sort(byUtf8));
    }
  });

  const odd = ODD.filter((key) => lineBreaks || !key.includes('\n'));
  it.each(odd.map((key) => [JSON.stringify(key).slice(0, 60), key]))('holds %s or refuses it as a key', async (_, key) => {
    const { store } = await open();
    await put(store, 'beside', 'untouched');
    const error: unknown = await put(store, key, 'content').then(() => undefined, (reason: unknown) => reason);
    if (error === undefined) {
      expect((await store.read(key, 100)).bytes.toString()).toBe('content');
      expect(await store.stat(key)).toMatchObject({ key, size: 7 });
      expect(await keysIn(store, '')).toEqual(['beside', key].sort(byUtf8));
    } else {
      expect(error).toMatchObject({ code: 'invalid-key' });
      await expect(store.read(key, 100)).rejects.toMatchObject({ code: 'invalid-key' });
      await expect(store.stat(key)).rejects.toMatchObject({ code: 'invalid-key' });
      expect(await keysIn(store, '')).toEqual(['beside']);
    }
    expect((await store.read('beside', 100)).bytes.toString()).toBe('untouched');
  });

  it('removes all that it holds, whatever their keys', async () => {
    const { store } = await open();
    const held = ['plain.jpg'];
    await put(store, 'plain.jpg', 'x');
    for (const key of odd) await put(store, key, 'x').then(() => held.push(key), () => undefined);
    expect(await keysIn(store, '')).toHaveLength(held.length);
    expect([...(await store.delete(held))]).toEqual([]);
    expect(await keysIn(store, '')).toEqual([]);
  });

  it.each(['../', '/', 'a//b', './', '.imgvar/', '.imgvar/l', '\0', '\ud83d'])(
    'lists nothing of its surroundings under the prefix %j',
    async (prefix) => {
      const { store } = await open();
      await put(store, 'a/b', '');
      for (const key of await keysIn(store, prefix)) expect(key).toBe(`invalid-key: ${prefix}`);
    },
  );

  it.each(['.imgvar', '.imgvar/specs.json', '.imgvar/a/b', '.IMGVAR', '.ImgVar/specs.json'])('keeps %s for imgvar itself', async (key) => {
    const { store } = await open();
    await expect(put(store, key, '')).rejects.toMatchObject({ code: 'invalid-key' });
    await expect(store.read(key, 100)).rejects.toMatchObject({ code: 'invalid-key' });
    await expect(store.stat(key)).rejects.toMatchObject({ code: 'invalid-key' });
    expect(await keysIn(store, '')).toEqual([]);
  });

  it('loses nothing when a key is also the folder of another', async () => {
    const { store } = await open();
    await put(store, 'a', 'file');
    await put(store, 'b/c', 'file');
    const later = await Promise.allSettled([put(store, 'a/x', 'x'), put(store, 'b', 'x')]);
    const both = later.map((result) => result.status === 'fulfilled');
    expect(await keysIn(store, '')).toEqual(['a', ...(both[0] ? ['a/x'] : []), ...(both[1] ? ['b'] : []), 'b/c']);
    expect((await store.read('a', 10)).bytes.toString()).toBe('file');
    expect((await store.read('b/c', 10)).bytes.toString()).toBe('file');
  });
}
