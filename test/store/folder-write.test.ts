import { chmod, lutimes, mkdir, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { folderStore } from '../../src/store/folder.js';
import { tempName } from '../../src/store/folder-temp.js';
import { scriptOf } from './child.js';
import { keysIn, put } from './contract-words.js';
import { asOrdinaryUser, freshFolder } from './folder-fixture.js';

/** Every name below a folder, also those that a store does not list. */
async function namesBelow(root: string): Promise<string[]> {
  return (await readdir(root, { recursive: true })).sort();
}

describe('writing to a folder', () => {
  it('leaves no temporary file, whether it succeeds or fails', async () => {
    const root = await freshFolder();
    const store = folderStore(root);
    await put(store, 'a/b', 'x');
    await mkdir(join(root, 'folder'));
    await expect(put(store, 'folder', 'x')).rejects.toMatchObject({ code: 'write-failed' });
    expect(await namesBelow(root)).toEqual(['a', 'a/b', 'folder']);
  });

  it('makes folders again that someone removed, and the root', async () => {
    const root = join(await freshFolder(), 'root');
    const store = folderStore(root);
    await put(store, 'a/b/c', 'x');
    await rm(join(root, 'a'), { recursive: true });
    await put(store, 'a/b/d', 'x');
    await rm(root, { recursive: true });
    await put(store, 'a/b/e', 'x');
    expect(await keysIn(store, '')).toEqual(['a/b/e']);
  });

  it('makes no folder for a key that it refuses', async () => {
    const root = await freshFolder();
    for (const key of [`new/${'n'.repeat(256)}`, `${'new/'.repeat(1500)}a`, 'new/../a']) {
      await expect(put(folderStore(root), key, 'x')).rejects.toMatchObject({ code: 'invalid-key' });
    }
    expect(await namesBelow(root)).toEqual([]);
  });

  it('makes the same new folders for many writers at once', async () => {
    const store = folderStore(await freshFolder());
    const keys = Array.from({ length: 50 }, (_, i) => `a/b/c/${10 + i}`);
    await Promise.all(keys.map((key) => put(store, key, key)));
    expect(await keysIn(store, '')).toEqual(keys);
  });

  it('is refused where permissions forbid it', async () => {
    const root = await freshFolder();
    const store = folderStore(root);
    await put(store, 'closed/a', 'before');
    await chmod(join(root, 'closed'), 0o555);
    await asOrdinaryUser(async () => {
      await expect(put(store, 'closed/a', 'x')).rejects.toMatchObject({ code: 'access-denied' });
      await expect(put(store, 'closed/new/a', 'x')).rejects.toMatchObject({ code: 'access-denied' });
    });
    await chmod(join(root, 'closed'), 0o755);
    expect(await readFile(join(root, 'closed/a'), 'utf8')).toBe('before');
  });

  it('that finds no room leaves what was there, and no temporary file', async () => {
    const root = await freshFolder();
    await put(folderStore(root), 'a.jpg', 'before');
    const start = await scriptOf(`
      import { folderStore } from './store/folder.js';
      const options = {};
      await folderStore(process.argv[2]).write('a.jpg', Buffer.alloc(1_000_000), options)
        .then(() => console.log('written'), ({ code }) => console.log(code));`);
    const child = start(root, 'ulimit -f 8');
    const [said] = (await once(child.stdout ?? child, 'data')) as [Buffer];
    expect(said.toString().trim()).toBe('write-failed');
    expect(await namesBelow(root)).toEqual(['a.jpg']);
    expect(await readFile(join(root, 'a.jpg'), 'utf8')).toBe('before');
  });

  it('leaves no torn file when it is killed, and what it leaves is swept', async () => {
    const root = await freshFolder();
    const start = await scriptOf(`
      import { folderStore } from './store/folder.js';
      const store = folderStore(process.argv[2]);
      const options = {};
      const write = async (key) => { for (let i = 1; ; i++) await store.write(key, Buffer.alloc(${SIZE}, i % 255), options); };
      console.log('ready');
      await Promise.all(['a/0.jpg', 'a/1.jpg', 'b/2.jpg', 'b/3.jpg'].map(write));`);
    let left = 0;
    for (let kill = 0; kill < 20; kill++) {
      const child = start(root);
      await once(child.stdout ?? child, 'data');
      await sleep(20 + 5 * kill);
      child.kill('SIGKILL');
      await once(child, 'close');
      left += (await namesBelow(root)).filter((name) => name.includes('.imgvar-tmp-')).length;
      for (const key of await keysIn(folderStore(root), '')) {
        const content = await readFile(join(root, key));
        expect(content.length).toBe(SIZE);
        expect(content.every((byte) => byte === content[0])).toBe(true);
      }
    }
    expect(left).toBeGreaterThan(0);
    for await (const page of folderStore(root).list('', { sweep: true })) expect(page).toHaveLength(4);
    expect(await namesBelow(root)).toEqual(['a', 'a/0.jpg', 'a/1.jpg', 'b', 'b/2.jpg', 'b/3.jpg']);
  });
});

/** Bytes: enough for several writes to be under way whenever the process is killed. */
const SIZE = 1_000_000;

describe('sweeping a folder', () => {
  const own = tempName();
  const ofDeadWriter = own.replace(`-${process.pid}-`, '-4194305-'); // above the largest process id there can be
  const ofOtherHost = ofDeadWriter.replace(/tmp-......../, 'tmp-00000000');

  async function withTempFiles(): Promise<string> {
    const root = await freshFolder();
    await put(folderStore(root), 'sub/a', 'x');
    for (const name of [own, ofDeadWriter, ofOtherHost]) await writeFile(join(root, 'sub', name), 'torn');
    return root;
  }

  async function sweep(root: string): Promise<string[]> {
    for await (const page of folderStore(root).list('', { sweep: true })) expect(page).toMatchObject([{ key: 'sub/a' }]);
    return readdir(join(root, 'sub'));
  }

  it('takes what dead writers left, and nothing of live ones or of other machines', async () => {
    expect((await sweep(await withTempFiles())).sort()).toEqual([own, ofOtherHost, 'a'].sort());
  });

  it('takes what is older than an hour, files only, and nothing of a live writer though the disk\'s clock is hours off', async () => {
    const root = await withTempFiles();
    await mkdir(join(root, 'sub', '.imgvar-tmp-folder'));
    await symlink('a', join(root, 'sub', '.imgvar-tmp-link'));
    const old = Date.now() / 1000 - 3601;
    await lutimes(join(root, 'sub', '.imgvar-tmp-link'), old, old);
    for (const name of [own, ofOtherHost, '.imgvar-tmp-folder', 'a']) await utimes(join(root, 'sub', name), old, old);
    expect((await sweep(root)).sort()).toEqual([own, '.imgvar-tmp-folder', '.imgvar-tmp-link', 'a'].sort());
  });

  it('takes after a week what may be a live writer\'s: another process may have its id by now', async () => {
    const root = await withTempFiles();
    const old = Date.now() / 1000 - 7 * 86_400 - 1;
    await utimes(join(root, 'sub', own), old, old);
    expect((await sweep(root)).sort()).toEqual([ofOtherHost, 'a'].sort());
  });

  it('is not done by a listing that was not asked to', async () => {
    const root = await withTempFiles();
    const before = await stat(join(root, 'sub'));
    expect(await keysIn(folderStore(root), '')).toEqual(['sub/a']);
    expect(await readdir(join(root, 'sub'))).toHaveLength(4);
    expect((await stat(join(root, 'sub'))).mtimeMs).toBe(before.mtimeMs);
  });
});
