import type * as NodeFs from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { folderStore } from '../../src/store/folder.js';
import { keysIn, put } from './contract-words.js';
import { freshFolder } from './folder-fixture.js';

/** What Node does where the file system does not say the kinds of names, and one is not ASCII. */
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof NodeFs>();
  const readdir = (path: string, options: { withFileTypes?: boolean }, done: (error: unknown, names?: unknown) => void): void => {
    if (options.withFileTypes) done(Object.assign(new Error('ENOENT'), { code: 'ENOENT', errno: -2 }));
    else fs.readdir(path, { encoding: 'latin1' }, done);
  };
  return { ...fs, readdir };
});

it('lists folders on a file system that does not tell them from files', async () => {
  const root = await freshFolder();
  const store = folderStore(root);
  for (const key of ['a-', 'a/b', 'a.jpg', 'été/é.jpg', 'z']) await put(store, key, '');
  await mkdir(join(root, 'empty'));
  await writeFile(Buffer.concat([Buffer.from(`${root}/`), Buffer.of(0xe9)]), '');
  expect(await keysIn(store, '')).toEqual(['invalid-key: \\xE9', 'a-', 'a.jpg', 'a/b', 'z', 'été/é.jpg']);
  expect(await keysIn(store, 'none/')).toEqual([]);
});
