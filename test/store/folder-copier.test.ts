import { chmod, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderCopier } from '../../src/store/folder-copier.js';
import { folderStore } from '../../src/store/folder.js';
import { openCopier } from '../../src/store/open-copier.js';
import { DEFAULT_S3 } from '../../src/store/s3-settings.js';
import type { Store } from '../../src/store/store.js';
import { backUp } from '../../src/work/back-up.js';
import { bringBack } from '../../src/work/bring-back.js';
import { keysIn, put } from './contract-words.js';
import { freshFolder } from './folder-fixture.js';

async function world() {
  const root = await freshFolder();
  const [originals, backup] = [folderStore(join(root, 'originals')), folderStore(join(root, 'backup'))];
  return { root, originals, backup, copier: folderCopier(originals, backup) };
}

async function text(store: Store, key: string): Promise<string> {
  return (await store.read(key, 1000)).bytes.toString();
}

describe('a backup from folder to folder', () => {
  it('has the content under the same key, once', async () => {
    const { root, originals, backup, copier } = await world();
    for (const key of ['a.jpg', 'deep/er/b c+%2F.jpg', 'caf\u00e9/日本.jpg', '.hidden']) {
      await put(originals, key, `at ${key}`);
      expect(await backUp(key, copier)).toEqual({ result: 'copied', bytes: Buffer.byteLength(`at ${key}`) });
      expect(await text(backup, key)).toBe(`at ${key}`);
      const { ino, mtimeMs } = await stat(join(root, 'backup', key));
      expect(await backUp(key, copier)).toMatchObject({ result: 'present' });
      expect(await stat(join(root, 'backup', key))).toMatchObject({ ino, mtimeMs });
    }
  });

  it('is a file of its own: writing into the original in place leaves it as it was', async () => {
    const { root, originals, backup, copier } = await world();
    await put(originals, 'a.jpg', 'before');
    await backUp('a.jpg', copier);
    await writeFile(join(root, 'originals/a.jpg'), 'broken');
    expect(await text(backup, 'a.jpg')).toBe('before');
    expect(await backUp('a.jpg', copier)).toMatchObject({ result: 'copied' });
    expect(await text(backup, 'a.jpg')).toBe('broken');
  });

  it('is read by nobody who may not read the original, there and back', async () => {
    const { root, originals, backup, copier } = await world();
    const modeOf = async (path: string): Promise<number> => (await stat(join(root, path))).mode & 0o777;
    await put(originals, 'a.jpg', 'private');
    await chmod(join(root, 'originals/a.jpg'), 0o600);
    await backUp('a.jpg', copier);
    expect(await modeOf('backup/a.jpg')).toBe(0o600);
    await rm(join(root, 'originals/a.jpg'));
    await bringBack('a.jpg', folderCopier(backup, originals), false);
    expect(await modeOf('originals/a.jpg')).toBe(0o600);
  });

  it('is made again where it is not what it should be, also with the same size', async () => {
    const { root, originals, backup, copier } = await world();
    await put(originals, 'a.jpg', 'content');
    await backUp('a.jpg', copier);
    await writeFile(join(root, 'backup/a.jpg'), 'CONTENT');
    expect(await backUp('a.jpg', copier)).toMatchObject({ result: 'copied' });
    expect(await text(backup, 'a.jpg')).toBe('content');
  });

  it('ends as one of the newest content, whoever copies at the same time', async () => {
    const { originals, backup, copier } = await world();
    await put(originals, 'a.jpg', 'first');
    const slow = await copier.source('a.jpg');
    if (slow === undefined) throw new Error('no source');
    await put(originals, 'a.jpg', 'second');
    // One that looked long ago writes what it saw, each time that the other one has looked.
    const disturbed = { ...copier, copy: async (...args: Parameters<typeof copier.copy>) => {
      const copied = await copier.copy(...args);
      if (pending-- > 0) await copier.copy(slow, undefined);
      return copied;
    } };
    let pending = 2;
    expect(await backUp('a.jpg', disturbed)).toMatchObject({ result: 'copied' });
    expect(await text(backup, 'a.jpg')).toBe('second');
  });

  it('is not made of what is not there, nor outside', async () => {
    const { backup, copier } = await world();
    await expect(backUp('none.jpg', copier)).rejects.toMatchObject({ code: 'original-missing' });
    for (const key of ['../a.jpg', '/etc/hostname', 'a/../../b', '.imgvar/lock', '.IMGVAR/backup/lock/9', '']) {
      await expect(backUp(key, copier)).rejects.toMatchObject({ code: 'invalid-key' });
    }
    expect(await keysIn(backup, '')).toEqual([]);
  });

  it('is opened for two folders; between folder and bucket there is none', async () => {
    const { root, originals } = await world();
    await put(originals, 'a.jpg', 'content');
    const folder = (name: string) => ({ kind: 'folder' as const, path: join(root, name) });
    await backUp('a.jpg', await openCopier(folder('originals'), folder('backup'), DEFAULT_S3));
    expect(await readFile(join(root, 'backup/a.jpg'), 'utf8')).toBe('content');
    const bucket = { kind: 's3' as const, bucket: 'b', prefix: '' };
    for (const [from, to] of [[folder('originals'), bucket], [bucket, folder('backup')]] as const) {
      await expect(openCopier(from, to, DEFAULT_S3)).rejects.toMatchObject({ code: 'location-unsupported' });
    }
  });
});
