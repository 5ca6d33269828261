import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { freshMoment } from '../../src/checkpoint/clock.js';
import type { Store } from '../../src/store/store.js';
import { PAGE_LENGTH } from '../../src/store/store.js';
import { keyContract } from './contract-keys.js';
import { PLAIN } from '../support.js';
import { byUtf8, bytes, everything, keysIn, pagesIn, put, type Open } from './contract-words.js';

/**
 * What every store promises (src/store/store.ts). It knows nothing of file systems; a store adds tests for what is its
 * own.
 *
 * @param open a store on a location of its own, empty
 * @param lineBreaks whether keys with one are to be tried; a server that cannot hold them may not know
 */
export function storeContract(name: string, open: Open, { lineBreaks = true } = {}): void {
  describe(`${name} keeps the store's contract`, () => {
    objectContract(open);
    ownContract(open);
    keyContract(open, lineBreaks);
    listContract(open, lineBreaks);
  });
}

function objectContract(open: Open): void {
  it('is usable when it is new, and empty', async () => {
    const { store } = await open();
    await store.check('write');
    await store.check('read');
    expect(await pagesIn(store, '')).toEqual([]);
    expect(await store.stat('a/b.jpg')).toBeUndefined();
    await expect(store.read('a/b.jpg', 10)).rejects.toMatchObject({ code: 'original-missing' });
  });

  it('tells the same of an object whether it is listed, statted or read', async () => {
    const { store } = await open();
    await put(store, 'a/b.jpg', 'content');
    const { bytes: content, object } = await store.read('a/b.jpg', 7);
    expect(content.toString()).toBe('content');
    expect(object).toMatchObject({ key: 'a/b.jpg', size: 7 });
    expect(Number.isInteger(object.lastModified)).toBe(true);
    expect(await store.stat('a/b.jpg')).toEqual(object);
    expect(await everything(store, '')).toEqual([object]);
  });

  it('keeps an empty object', async () => {
    const { store } = await open();
    await put(store, 'empty', '');
    expect((await store.read('empty', 0)).bytes).toHaveLength(0);
    expect(await store.stat('empty')).toMatchObject({ size: 0 });
    expect(await keysIn(store, '')).toEqual(['empty']);
  });

  it('keeps every byte of a large object', async () => {
    const { store } = await open();
    const large = bytes(3_000_017);
    await store.write('large', large, { ...PLAIN, cacheControl: 'max-age=60' });
    expect((await store.read('large', large.length)).bytes.equals(large)).toBe(true);
  });

  it('reads nothing that is larger than allowed', async () => {
    const { store } = await open();
    await put(store, 'seven', '7 bytes');
    await expect(store.read('seven', 6)).rejects.toMatchObject({ code: 'too-large' });
    expect((await store.read('seven', 7)).bytes).toHaveLength(7);
  });

  it('replaces an object, and its etag with its content', async () => {
    const { store } = await open();
    const etags = new Set<string | undefined>();
    for (const content of ['first', 'other', 'third', 'and longer']) {
      await put(store, 'a', content);
      expect((await store.read('a', 100)).bytes.toString()).toBe(content);
      const etag = (await store.stat('a'))?.etag;
      expect((await store.stat('a'))?.etag).toBe(etag);
      etags.add(etag);
    }
    expect(etags.size).toBe(4);
    expect(await keysIn(store, '')).toEqual(['a']);
  });

  it('leaves one whole content when many write the same key', async () => {
    const { store } = await open();
    const contents = Array.from({ length: 12 }, (_, i) => Buffer.alloc(50_000 + i, i));
    const seen: Buffer[] = [];
    await put(store, 'busy', 'before');
    await Promise.all(
      contents.map(async (content) => {
        await store.write('busy', content, PLAIN);
        seen.push((await store.read('busy', 1e6)).bytes);
      }),
    );
    seen.push((await store.read('busy', 1e6)).bytes);
    for (const content of seen) expect(contents.some((whole) => whole.equals(content))).toBe(true);
    expect(await keysIn(store, '')).toEqual(['busy']);
  });

  it('removes objects, whether they are there or not, and only those', async () => {
    const { store } = await open();
    for (const key of ['a/b/c.jpg', 'a/d.jpg', 'a/b.jpg', "e é & < > ' \".jpg"]) await put(store, key, 'x');
    expect((await store.delete(['a/b/c.jpg', 'nothing.jpg', "e é & < > ' \".jpg", 'a/b/nothing/x'])).size).toBe(0);
    expect(await keysIn(store, '')).toEqual(['a/b.jpg', 'a/d.jpg']);
    expect(await store.stat('a/b/c.jpg')).toBeUndefined();
    const refused = await store.delete(['half \ud800 a character', 'a/d.jpg']);
    expect([...refused].map(([key, { code }]) => [key, code])).toEqual([['half \ud800 a character', 'invalid-key']]);
    expect(await keysIn(store, '')).toEqual(['a/b.jpg']);
    expect((await store.delete([])).size).toBe(0);
  });

  it('removes as many objects as a page has', async () => {
    const { store } = await open();
    const keys = Array.from({ length: 120 }, (_, i) => `many/${i}.jpg`);
    await Promise.all(keys.map((key) => put(store, key, 'x')));
    await put(store, 'other.jpg', 'x');
    expect((await store.delete(keys)).size).toBe(0);
    expect(await keysIn(store, '')).toEqual(['other.jpg']);
  });

  it('knows whether what is removed can come back', async () => {
    const { store } = await open();
    await store.check('write');
    expect(await store.keepsVersions()).toBe(false);
  });

  it('shares no memory with its callers', async () => {
    const { store } = await open();
    const mine = Buffer.from('mine');
    await store.write('a', mine, PLAIN);
    mine.fill('x');
    (await store.read('a', 4)).bytes.fill('y');
    expect((await store.read('a', 4)).bytes.toString()).toBe('mine');
  });
}

function ownContract(open: Open): void {
  it('keeps files of its own, which no listing shows', async () => {
    const { store } = await open();
    await store.check('write');
    expect(await store.own.read('a/b.json')).toBeUndefined();
    expect(await store.own.list('a/')).toEqual([]);
    await store.own.write('a/b.json', Buffer.from('one'));
    await store.own.write('a/b.json', Buffer.from('two'));
    await store.own.write('a/c', Buffer.from('three'));
    await store.own.write('b', Buffer.from('four'));
    expect((await store.own.read('a/b.json'))?.bytes.toString()).toBe('two');
    expect(await store.own.list('a/')).toEqual(['a/b.json', 'a/c']);
    expect(await store.own.list('a/b')).toEqual(['a/b.json']);
    await store.own.remove('a/c');
    await store.own.remove('never/was');
    expect(await store.own.list('a/')).toEqual(['a/b.json']);
    expect(await keysIn(store, '')).toEqual([]);
  });

  it('lets one of many create a file, and nobody replace it so', async () => {
    const { store } = await open();
    await store.check('write');
    const tries = await Promise.all(Array.from({ length: 8 }, (_, i) => store.own.create('lock', Buffer.from(`by ${i}`))));
    expect(tries.filter((created) => created)).toHaveLength(1);
    expect((await store.own.read('lock'))?.bytes.toString()).toBe(`by ${tries.indexOf(true)}`);
    expect(await store.own.create('lock', Buffer.from('late'))).toBe(false);
  });

  it('dates its own files by the clock of everything else', async () => {
    const { store } = await open();
    await store.check('write');
    await put(store, 'before', 'x');
    const moment = await freshMoment(store.own);
    await put(store, 'after', 'x');
    const [before, after] = [await store.stat('before'), await store.stat('after')];
    expect(before?.lastModified).toBeLessThan(moment);
    expect(after?.lastModified).toBeGreaterThanOrEqual(moment);
  });
}

function listContract(open: Open, lineBreaks: boolean): void {
  it('lists in UTF-8 byte order, also where UTF-16 has another', async () => {
    const { store } = await open();
    const keys = ['a', 'a!', 'a-', 'a.jpg', 'a0', 'a😀', 'a\ue000', 'a\uffee', 'aé', '😀', '\uf8ff', 'B', 'b', 'ab', '~', 'a*/x', 'a./x'];
    const deep = ['d/b', 'd!', 'd-', 'd.jpg', 'd0', 'd/😀', 'd/\uffee', 'd/b!/x', 'd/b0', 'd😀/x', 'd\uffee/x'];
    for (const key of [...keys, ...deep]) await put(store, key, key);
    expect(await keysIn(store, '')).toEqual([...keys, ...deep].sort(byUtf8));
  });

  it('lists by any beginning of a key', async () => {
    const { store } = await open();
    for (const key of ['a/b/x', 'a/b/y/z', 'a/bc.jpg', 'a/c', 'ab', 'b']) await put(store, key, '');
    const found = async (prefix: string): Promise<string[]> => keysIn(store, prefix);
    expect(await found('a')).toEqual(['a/b/x', 'a/b/y/z', 'a/bc.jpg', 'a/c', 'ab']);
    expect(await found('a/')).toEqual(['a/b/x', 'a/b/y/z', 'a/bc.jpg', 'a/c']);
    expect(await found('a/b')).toEqual(['a/b/x', 'a/b/y/z', 'a/bc.jpg']);
    expect(await found('a/b/')).toEqual(['a/b/x', 'a/b/y/z']);
    expect(await found('a/b/x')).toEqual(['a/b/x']);
    expect(await found('ab/')).toEqual([]);
    expect(await found('none/at/all')).toEqual([]);
  });

  it('lists thousands in pages of bounded length', async () => {
    const { store } = await open();
    const keys = Array.from({ length: 2 * PAGE_LENGTH + 100 }, (_, i) => `${i % 7}/${i}.jpg`);
    await inTurns(keys, (key) => put(store, key, ''));
    const pages = await pagesIn(store, '');
    expect(pages.flat().map(({ key }) => key)).toEqual([...keys].sort(byUtf8));
    for (const page of pages) {
      expect(page.length).toBeGreaterThan(0);
      expect(page.length).toBeLessThanOrEqual(PAGE_LENGTH);
    }
    const from = keys.sort(byUtf8)[PAGE_LENGTH - 50] ?? '';
    expect(await keysIn(store, '', from)).toEqual(keys.slice(PAGE_LENGTH - 49));
  });

  it('lists what comes after any text', async () => {
    const { store } = await open();
    const keys = ['a', 'a-/x', 'a.jpg', 'b/b/x', 'b/b/y/z', 'b/bc.jpg', 'b/c', 'b0', 'c'];
    for (const key of keys) await put(store, key, '');
    const odd = ['', '/', 'a/', 'a\0', 'b', 'b/', 'b//', 'b/b', 'b/b/', 'b/b/y', 'b/b/y/', 'b/b0', 'b/\u{10ffff}', '../', '.imgvar/a', '\0', 'b/'.repeat(1000), `b/${'é'.repeat(600)}`];
    for (const after of [...keys, ...odd]) {
      for (const prefix of ['', 'a', 'b/', 'b/b', 'c']) {
        const expected = keys.filter((key) => key.startsWith(prefix) && byUtf8(key, after) > 0);
        expect(await keysIn(store, prefix, after), `${prefix} after ${after}`).toEqual(expected);
      }
    }
  });

  it('lists what was written, in order, for any prefix', async () => {
    const { store } = await open();
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(anyKey.filter((key) => lineBreaks || !key.includes('\n')), { maxLength: 12 }), fc.infiniteStream(fc.nat(20)), fc.infiniteStream(fc.constantFrom('', ...CHARACTERS, '\0', '\u{10ffff}')), async (names, cuts, afters) => {
        const root = `run-${run++}/`;
        const stored = await stores(store, names.map((name) => root + name));
        expect(await keysIn(store, root)).toEqual(stored.sort(byUtf8));
        for (const key of stored) {
          const prefix = root + [...key.slice(root.length)].slice(0, cuts.next().value).join('');
          const below = stored.filter((other) => other.startsWith(prefix));
          expect(await keysIn(store, prefix)).toEqual(below);
          const after = root + [...key.slice(root.length)].slice(0, cuts.next().value).join('') + afters.next().value;
          expect(await keysIn(store, prefix, after)).toEqual(below.filter((other) => byUtf8(other, after) > 0));
        }
      }),
      { numRuns: 30 },
    );
  });
}

/** Of these keys, those that the store took; each of the others it refused as a key. */
async function stores(store: Store, keys: readonly string[]): Promise<string[]> {
  const stored: string[] = [];
  for (const key of keys) {
    const error: unknown = await put(store, key, key).then(() => undefined, (reason: unknown) => reason);
    if (error === undefined) stored.push(key);
    else expect(error).toMatchObject({ code: 'invalid-key' });
  }
  return stored;
}

const CHARACTERS = [...'aAb.-!0 /~%+\\', 'é', 'e\u0301', '😀', '\ue000', '\uffee', '\n'];

/** Text that sorts, splits and escapes in every way; the ending keeps one key from being the folder of another. */
const anyKey = fc
  .array(fc.string({ unit: fc.constantFrom(...CHARACTERS), maxLength: 6 }), {
    minLength: 1,
    maxLength: 4,
  })
  .map((names) => `${names.join('/')}$`);

async function inTurns(keys: readonly string[], work: (key: string) => Promise<void>): Promise<void> {
  const waiting = [...keys];
  const one = async (): Promise<void> => {
    for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) await work(key);
  };
  await Promise.all(Array.from({ length: 16 }, one));
}
