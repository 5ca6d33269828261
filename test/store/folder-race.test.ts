import { execFileSync } from 'node:child_process';
import { appendFileSync, rmSync, symlinkSync } from 'node:fs';
import type * as NodeFs from 'node:fs/promises';
import { mkdir, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { folderStore } from '../../src/store/folder.js';
import { keysIn, put } from './contract-words.js';
import { freshFolder } from './folder-fixture.js';

/** What another program does at the worst moment: just before a file is opened, and just after it was measured. */
const meanwhile: Record<'beforeOpen' | 'afterStat', (path: string) => void> = {
  beforeOpen: () => undefined,
  afterStat: () => undefined,
};

vi.mock('node:fs/promises', async (original) => {
  const fs = await original<typeof NodeFs>();
  const open = async (path: string, flags: number, mode?: number): Promise<NodeFs.FileHandle> => {
    meanwhile.beforeOpen(path);
    const file = await fs.open(path, flags, mode);
    const measure = file.stat.bind(file);
    file.stat = (async (options: { bigint: true }) => {
      const stats = await measure(options);
      meanwhile.afterStat(path);
      return stats;
    }) as typeof file.stat;
    return file;
  };
  return { ...fs, open };
});

beforeEach(() => {
  meanwhile.beforeOpen = () => undefined;
  meanwhile.afterStat = () => undefined;
});

describe('while another program changes the folder', () => {
  it('a write makes a folder again that was removed under it, once', async () => {
    const root = await freshFolder();
    let removals = 1;
    meanwhile.beforeOpen = (path) => {
      if (removals-- > 0) rmSync(dirname(path), { recursive: true });
    };
    await put(folderStore(root), 'a/b/c', 'x');
    expect(await keysIn(folderStore(root), '')).toEqual(['a/b/c']);

    removals = Infinity;
    await expect(put(folderStore(root), 'a/b/c', 'y')).rejects.toMatchObject({ code: 'write-failed' });
  });

  it('a read follows no link and waits for no FIFO that took the place of a file', async () => {
    const base = await freshFolder();
    const root = join(base, 'root');
    await mkdir(root);
    await writeFile(join(base, 'secret'), 'secret');
    const store = folderStore(root);
    const instead = async (replace: (path: string) => void): Promise<unknown> => {
      meanwhile.beforeOpen = () => undefined;
      await put(store, 'a', 'x');
      meanwhile.beforeOpen = (path) => {
        rmSync(path);
        replace(path);
      };
      return store.read('a', 100);
    };
    await expect(instead((path) => void execFileSync('mkfifo', [path]))).rejects.toMatchObject({ code: 'invalid-key' });
    await expect(instead((path) => void symlinkSync('../secret', path))).rejects.toMatchObject({ code: 'invalid-key' });
    await expect(instead(() => undefined)).rejects.toMatchObject({ code: 'original-missing' });
  });

  it('a read takes in what a file has grown by, up to what is allowed', async () => {
    const root = await freshFolder();
    const store = folderStore(root);
    await put(store, 'a', '0123456789');
    meanwhile.afterStat = (path) => void appendFileSync(path, 'x'.repeat(1_000));
    const { bytes, object } = await store.read('a', 10_000);
    expect(bytes.toString()).toBe('0123456789' + 'x'.repeat(1_000));
    expect(await store.stat('a')).not.toEqual(object);
    await expect(store.read('a', 1_500)).rejects.toMatchObject({ code: 'too-large' });
  });

  it('a read takes no memory for a file that is too large', async () => {
    const root = await freshFolder();
    await writeFile(join(root, 'huge'), '');
    await truncate(join(root, 'huge'), 8 * 1024 ** 4); // bytes, of which none is on the disk
    await expect(folderStore(root).read('huge', 100)).rejects.toMatchObject({ code: 'too-large' });
  });

  it('a read ends with a file that has shrunk', async () => {
    const root = await freshFolder();
    const store = folderStore(root);
    await put(store, 'a', '0123456789');
    meanwhile.afterStat = (path) => void execFileSync('truncate', ['-s', '4', path]);
    expect((await store.read('a', 100)).bytes.toString()).toBe('0123');
  });
});
