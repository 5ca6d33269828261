import { linkSync, writeFileSync } from 'node:fs';
import { chmod, mkdir, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { folderStore } from '../../src/store/folder.js';
import { everything, keysIn, put } from './contract-words.js';
import { asOrdinaryUser, freshFolder } from './folder-fixture.js';

describe('listing a folder', () => {
  it('shows names that are not UTF-8 as refused, readably and in order', async () => {
    const root = await freshFolder();
    const store = folderStore(root);
    await put(store, 'caf', '');
    await put(store, 'cafz', '');
    await put(store, 'café', '');
    await writeFile(bytesPath(root, 'caf\xe9.jpg'), '');
    await mkdir(bytesPath(root, 'd\xff'));
    await writeFile(bytesPath(root, 'd\xff/inside.jpg'), '');
    await writeFile(bytesPath(root, 'half-\xed\xa0\xbd'), '');
    expect(await keysIn(store, '')).toEqual([
      'caf',
      'invalid-key: caf\\xE9.jpg',
      'cafz',
      'café',
      'invalid-key: d\\xFF/',
      'invalid-key: half-\\xED\\xA0\\xBD',
    ]);
    expect(await keysIn(store, 'd')).toEqual(['invalid-key: d\\xFF/']);
    expect(await keysIn(store, '', 'd\\xFF')).toEqual(['invalid-key: d\\xFF/', 'invalid-key: half-\\xED\\xA0\\xBD']);
    expect(await keysIn(store, '', 'd\\xFF/')).toEqual(['invalid-key: half-\\xED\\xA0\\xBD']);
  });

  it('never shows what is for imgvar itself', async () => {
    const root = await freshFolder();
    const store = folderStore(root);
    await put(store, 'a.jpg', '');
    await put(store, 'sub/.imgvar/a.jpg', '');
    await mkdir(join(root, '.imgvar'));
    await writeFile(join(root, '.imgvar', 'specs.json'), '{}');
    await writeFile(join(root, '.imgvar-tmp-00000000-1-0'), 'torn');
    await mkdir(join(root, '.imgvar-tmp-folder'));
    await writeFile(join(root, '.imgvar-tmp-folder', 'a.jpg'), '');
    expect(await keysIn(store, '')).toEqual(['a.jpg', 'sub/.imgvar/a.jpg']);
    expect(await keysIn(store, 'sub/')).toEqual(['sub/.imgvar/a.jpg']);
    expect(await keysIn(store, '.imgvar-tmp')).toEqual([]);
    await expect(put(store, 'sub/.imgvar-tmp-x', '')).rejects.toMatchObject({ code: 'invalid-key' });
    await expect(store.read('.imgvar-tmp-00000000-1-0', 10)).rejects.toMatchObject({ code: 'invalid-key' });
    expect(await readdir(root)).toContain('.imgvar-tmp-00000000-1-0');
  });

  it('shows a folder that may not be read as refused, and goes on', async () => {
    const root = await freshFolder();
    const store = folderStore(root);
    for (const key of ['a', 'locked/sub/x', 'z']) await put(store, key, '');
    await chmod(join(root, 'locked'), 0);
    await asOrdinaryUser(async () => {
      expect(await keysIn(store, '')).toEqual(['a', 'access-denied: locked/', 'z']);
      expect(await keysIn(store, 'locked/')).toEqual(['access-denied: locked/']);
      expect(await keysIn(store, 'locked/sub/x')).toEqual(['access-denied: locked/sub/x']);
      await expect(store.stat('locked/sub/x')).rejects.toMatchObject({ code: 'access-denied' });
      await expect(store.read('locked/sub/x', 10)).rejects.toMatchObject({ code: 'access-denied' });
    });
    await chmod(join(root, 'locked'), 0o755);
  });

  it('reads only folders that can match the prefix', async () => {
    const root = await freshFolder();
    const store = folderStore(root);
    for (const key of ['a/b', 'a/bc/x', 'a/other/x', 'b/x']) await put(store, key.replace(/b$/, 'b.jpg'), '');
    for (const closed of ['a/other', 'b']) await chmod(join(root, closed), 0);
    await asOrdinaryUser(async () => {
      expect(await keysIn(store, 'a/b')).toEqual(['a/b.jpg', 'a/bc/x']);
    });
    for (const closed of ['a/other', 'b']) await chmod(join(root, closed), 0o755);
  });

  it('reads no folder that ends before where it begins', async () => {
    const root = await freshFolder();
    const store = folderStore(root);
    for (const key of ['a/x', 'b/a/x', 'b/b/x', 'b/b/y', 'b/c/x']) await put(store, key, '');
    for (const closed of ['a', 'b/a', 'b/c']) await chmod(join(root, closed), 0);
    await asOrdinaryUser(async () => {
      expect(await keysIn(store, '', 'b/b/x')).toEqual(['b/b/y', 'access-denied: b/c/']);
      expect(await keysIn(store, '', 'b/a0')).toEqual(['b/b/x', 'b/b/y', 'access-denied: b/c/']);
      // What comes after in it is unknown, which must not pass for nothing.
      expect(await keysIn(store, '', 'b/c/a')).toEqual(['access-denied: b/c/']);
      expect(await keysIn(store, '', 'c')).toEqual([]);
    });
    for (const closed of ['a', 'b/a', 'b/c']) await chmod(join(root, closed), 0o755);
  });

  it('leaves out what vanishes while it is listed', async () => {
    const root = await freshFolder();
    const store = folderStore(root);
    for (let i = 0; i < 1_001; i++) await put(store, `a/${String(i).padStart(4, '0')}`, '');
    await put(store, 'b/x', '');
    await put(store, 'c', '');
    const pages = store.list('')[Symbol.asyncIterator]();
    const first = (await pages.next()).value as { key: string }[];
    expect(first.at(-1)?.key).toBe('a/0999');
    await rm(join(root, 'a'), { recursive: true });
    await rm(join(root, 'b'), { recursive: true });
    expect((await pages.next()).value).toMatchObject([{ key: 'c' }]);
    expect((await pages.next()).done).toBe(true);
  });

  it('is empty where there is no root, and under a file', async () => {
    const root = await freshFolder();
    expect(await keysIn(folderStore(join(root, 'none')), '')).toEqual([]);
    await writeFile(join(root, 'file'), '');
    expect(await keysIn(folderStore(root), 'file/')).toEqual([]);
    expect(await keysIn(folderStore(join(root, 'file')), '')).toEqual([]);
  });

  it('tells the time in whole milliseconds, rounded down', async () => {
    const root = await freshFolder();
    await writeFile(join(root, 'a'), '');
    await utimes(join(root, 'a'), 1_700_000_000.5, 1_700_000_000.999_9);
    expect(await everything(folderStore(root), '')).toMatchObject([{ lastModified: 1_700_000_000_999 }]);
  });

  it('sees a change in place of the same size', async () => {
    const root = await freshFolder();
    const store = folderStore(root);
    await writeFile(join(root, 'a'), 'one');
    await utimes(join(root, 'a'), 1_700_000_000, 1_700_000_000);
    const before = (await store.stat('a'))?.etag;
    await writeFile(join(root, 'a'), 'two');
    expect((await store.stat('a'))?.etag).not.toBe(before);
  });

  it('holds a page and the open folders, not 200,000 files', async () => {
    const root = await freshFolder();
    await manyNames(root);
    const store = folderStore(root);
    const collect = garbageCollector();
    collect();
    const before = process.memoryUsage().heapUsed;
    let listed = 0;
    let most = 0;
    for await (const page of store.list('')) {
      listed += page.length;
      if (Math.floor(listed / 1000) % 20 !== 1) continue;
      collect();
      most = Math.max(most, process.memoryUsage().heapUsed - before);
    }
    expect(listed).toBe(200_001);
    // Held, the objects would be over 50 MB, and the names over 14.
    expect(most).toBeLessThan(6_000_000);
  });
});

/**
 * A small folder, then 200 large ones, with 200,001 long names in all. They are names of 1,000 files, for a second name
 * costs a fraction of a file.
 */
async function manyNames(root: string): Promise<void> {
  const name = (file: number): string => `${file}-${'n'.repeat(40)}.jpg`;
  const path = (folder: number): string => join(root, 'all', String(folder).padStart(3, '0'));
  for (let folder = 0; folder <= 200; folder++) await mkdir(path(folder), { recursive: true });
  writeFileSync(join(path(0), 'small.jpg'), '');
  for (let file = 0; file < 1000; file++) {
    writeFileSync(join(path(1), name(file)), '');
    for (let folder = 2; folder <= 200; folder++) linkSync(join(path(1), name(file)), join(path(folder), name(file)));
  }
}

function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}

function bytesPath(root: string, name: string): Buffer {
  return Buffer.concat([Buffer.from(`${root}/`), Buffer.from(name, 'latin1')]);
}
