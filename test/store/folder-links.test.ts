import { execFileSync } from 'node:child_process';
import { link, lstat, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { folderStore } from '../../src/store/folder.js';
import type { Store } from '../../src/store/store.js';
import { keysIn, put } from './contract-words.js';
import { freshFolder } from './folder-fixture.js';

/** `root/` is the store's; `outside/secret.jpg` and `outside/deep/` beside it are nobody's business. */
async function scene(): Promise<{ store: Store; root: string; outside: string }> {
  const base = await freshFolder();
  const root = join(base, 'root');
  const outside = join(base, 'outside');
  await mkdir(root);
  await mkdir(join(outside, 'deep'), { recursive: true });
  await writeFile(join(outside, 'secret.jpg'), 'secret');
  return { store: folderStore(root), root, outside };
}

const REFUSED = { code: 'invalid-key' };

async function expectRefused(store: Store, key: string): Promise<void> {
  await expect(store.read(key, 100)).rejects.toMatchObject(REFUSED);
  await expect(store.stat(key)).rejects.toMatchObject(REFUSED);
}

describe('a folder is never left', () => {
  it.each(['../outside/secret.jpg', 'a/../../outside/secret.jpg', '/etc/hostname', './../outside/secret.jpg', '..'])(
    'by the key %s',
    async (key) => {
      const { store, outside } = await scene();
      await expectRefused(store, key);
      await expect(put(store, key, 'overwritten')).rejects.toMatchObject(REFUSED);
      expect(await readFile(join(outside, 'secret.jpg'), 'utf8')).toBe('secret');
    },
  );

  it('by a link to a file outside', async () => {
    const { store, root, outside } = await scene();
    await symlink('../outside/secret.jpg', join(root, 'relative.jpg'));
    await symlink(join(outside, 'secret.jpg'), join(root, 'absolute.jpg'));
    await symlink('absolute.jpg', join(root, 'twice.jpg'));
    expect(await keysIn(store, '')).toEqual(['absolute.jpg', 'relative.jpg', 'twice.jpg'].map((key) => `invalid-key: ${key}`));
    for (const key of ['absolute.jpg', 'relative.jpg', 'twice.jpg']) await expectRefused(store, key);
  });

  it('by a link to a folder outside', async () => {
    const { store, root, outside } = await scene();
    await symlink(outside, join(root, 'away'));
    expect(await keysIn(store, '')).toEqual(['invalid-key: away']);
    expect(await keysIn(store, 'away/')).toEqual(['invalid-key: away/']);
    expect(await keysIn(store, 'away/deep/x')).toEqual(['invalid-key: away/deep/x']);
    await expectRefused(store, 'away/secret.jpg');
    for (const key of ['away/secret.jpg', 'away/new.jpg', 'away/new/new.jpg', 'away/deep/new.jpg']) {
      await expect(put(store, key, 'x')).rejects.toMatchObject(REFUSED);
    }
    expect((await readdir(outside, { recursive: true })).sort()).toEqual(['deep', 'secret.jpg']);
  });

  it('by a link to nothing, which a write would make something', async () => {
    const { store, root, outside } = await scene();
    await symlink(join(outside, 'new'), join(root, 'dangling'));
    expect(await keysIn(store, '')).toEqual(['invalid-key: dangling']);
    await expectRefused(store, 'dangling');
    await expect(put(store, 'dangling/a.jpg', 'x')).rejects.toMatchObject(REFUSED);
    expect((await readdir(outside)).sort()).toEqual(['deep', 'secret.jpg']);
  });

  it('by a folder that becomes a link after it was used', async () => {
    const { store, root, outside } = await scene();
    await put(store, 'sub/a.jpg', 'inside');
    execFileSync('rm', ['-r', join(root, 'sub')]);
    await symlink(outside, join(root, 'sub'));
    await expect(put(store, 'sub/a.jpg', 'x')).rejects.toMatchObject(REFUSED);
    await expectRefused(store, 'sub/secret.jpg');
  });

  it('when a link has the name that is written: it is replaced', async () => {
    const { store, root, outside } = await scene();
    await symlink(join(outside, 'secret.jpg'), join(root, 'a.jpg'));
    await put(store, 'a.jpg', 'written');
    expect(await readFile(join(outside, 'secret.jpg'), 'utf8')).toBe('secret');
    expect((await lstat(join(root, 'a.jpg'))).isFile()).toBe(true);
    expect((await store.read('a.jpg', 100)).bytes.toString()).toBe('written');
  });

  it('nor is a neighbour whose name only begins like it', async () => {
    const { store, root } = await scene();
    await mkdir(`${root}-not`);
    await writeFile(join(`${root}-not`, 'a.jpg'), 'x');
    await symlink('../root-not/a.jpg', join(root, 'a.jpg'));
    await expectRefused(store, 'a.jpg');
  });
});

describe('inside a folder', () => {
  it('a link to a file is a file', async () => {
    const { store, root } = await scene();
    await put(store, 'real/a.jpg', 'content');
    await symlink('real/a.jpg', join(root, 'link.jpg'));
    expect(await keysIn(store, '')).toEqual(['link.jpg', 'real/a.jpg']);
    expect((await store.read('link.jpg', 7)).bytes.toString()).toBe('content');
    expect(await store.stat('link.jpg')).toMatchObject({ key: 'link.jpg', size: 7 });
  });

  it('a link to a folder is not followed, so that one file has one key and circles end', async () => {
    const { store, root } = await scene();
    await put(store, 'real/a.jpg', 'x');
    await symlink('.', join(root, 'circle'));
    await symlink('real', join(root, 'same'));
    await symlink('itself', join(root, 'itself'));
    expect(await keysIn(store, '')).toEqual(['invalid-key: circle', 'invalid-key: itself', 'real/a.jpg', 'invalid-key: same']);
    for (const key of ['same/a.jpg', 'circle/real/a.jpg', 'itself', 'itself/a']) await expectRefused(store, key);
    await expect(put(store, 'same/b.jpg', 'x')).rejects.toMatchObject(REFUSED);
    expect(await readdir(join(root, 'real'))).toEqual(['a.jpg']);
  });

  it('a FIFO and a socket are refused, and not waited for', async () => {
    const { store, root } = await scene();
    execFileSync('mkfifo', [join(root, 'fifo')]);
    await symlink('fifo', join(root, 'to-fifo'));
    const server = createServer().listen(join(root, 'socket'));
    onTestFinished(() => new Promise<void>((closed) => void server.close(() => closed())));
    await new Promise((listening) => server.once('listening', listening));
    expect(await keysIn(store, '')).toEqual(['invalid-key: fifo', 'invalid-key: socket', 'invalid-key: to-fifo']);
    for (const key of ['fifo', 'socket', 'to-fifo']) await expectRefused(store, key);
    await put(store, 'fifo', 'replaced');
    expect(await keysIn(store, 'fifo')).toEqual(['fifo']);
  });

  it('a second name of the same file is a file', async () => {
    const { store, root } = await scene();
    await put(store, 'a.jpg', 'first');
    await link(join(root, 'a.jpg'), join(root, 'b.jpg'));
    await put(store, 'b.jpg', 'second');
    expect((await store.read('a.jpg', 100)).bytes.toString()).toBe('first');
  });

  it('a folder is no object', async () => {
    const { store } = await scene();
    await put(store, 'a/b', 'x');
    expect(await store.stat('a')).toBeUndefined();
    await expect(store.read('a', 100)).rejects.toMatchObject({ code: 'original-missing' });
    expect(await store.stat('a/b/c')).toBeUndefined();
    await expect(put(store, 'a', 'x')).rejects.toMatchObject({ code: 'write-failed' });
    await expect(put(store, 'a/b/c', 'x')).rejects.toMatchObject({ code: 'write-failed' });
    expect(await keysIn(store, '')).toEqual(['a/b']);
  });
});

it.each(['deep', 'nothing'])('what imgvar keeps is not kept behind a link, and that is told: .imgvar leads to %s', async (target) => {
  const { store, root, outside } = await scene();
  await symlink(join(outside, target), join(root, '.imgvar'));
  const told = { name: 'UserError', code: 'location-unwritable', message: expect.stringMatching(/\.imgvar.* symbolic link.*--checkpoint/) };
  const { own } = store;
  await expect(store.check('write')).rejects.toMatchObject(told);
  await expect(own.write('lock/a', Buffer.from('x'))).rejects.toMatchObject(told);
  await expect(own.create('lock/a', Buffer.from('x'))).rejects.toMatchObject(told);
  await expect(own.read('lock/a')).rejects.toMatchObject(told);
  await expect(own.list('lock/')).rejects.toMatchObject(told);
  await expect(own.read('specs.json')).rejects.toMatchObject(told);
  await expect(own.list('')).rejects.toMatchObject(told);
  await own.remove('lock/a');
  expect((await readdir(outside, { recursive: true })).sort()).toEqual(['deep', 'secret.jpg']);
});

it('a folder that is not there yet keeps nothing', async () => {
  const { root } = await scene();
  const { own } = folderStore(join(root, 'new'));
  expect(await own.read('specs.json')).toBeUndefined();
  expect(await own.list('')).toEqual([]);
});

it('the root itself may be a link, and stays the folder it was', async () => {
  const { root, outside } = await scene();
  await symlink(root, join(outside, 'as-link'));
  const store = folderStore(join(outside, 'as-link'));
  await store.check('write');
  await put(store, 'a/b', 'x');
  expect(await keysIn(store, '')).toEqual(['a/b']);
  expect(await readFile(join(root, 'a/b'), 'utf8')).toBe('x');
});
