import { chmod, mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/model/user-error.js';
import { folderStore } from '../../src/store/folder.js';
import { asOrdinaryUser, freshFolder } from './folder-fixture.js';

async function complaint(path: string, access: 'read' | 'write'): Promise<string | undefined> {
  try {
    await folderStore(path).check(access);
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    expect((error as UserError).message).toContain(path);
    return (error as UserError).code;
  }
}

describe('checking a folder', () => {
  it('finds one that is there usable, and leaves nothing in it', async () => {
    const root = await freshFolder();
    expect(await complaint(root, 'read')).toBeUndefined();
    expect(await complaint(root, 'write')).toBeUndefined();
    expect(await readdir(root)).toEqual([]);
  });

  it('makes a missing one to write to, never to read from', async () => {
    const root = await freshFolder();
    expect(await complaint(join(root, 'a', 'b'), 'read')).toBe('location-missing');
    expect(await readdir(root)).toEqual([]);
    expect(await complaint(join(root, 'a', 'b'), 'write')).toBeUndefined();
    expect(await readdir(join(root, 'a'))).toEqual(['b']);
  });

  it('tells that something is not a folder', async () => {
    const root = await freshFolder();
    await writeFile(join(root, 'file'), '');
    await symlink('nothing', join(root, 'dangling'));
    for (const path of ['file', 'file/below']) {
      expect(await complaint(join(root, path), 'read')).toBe('location-not-a-folder');
      expect(await complaint(join(root, path), 'write')).toBe('location-not-a-folder');
    }
    expect(await complaint(join(root, 'dangling'), 'read')).toBe('location-missing');
    expect(await complaint(join(root, 'dangling'), 'write')).toBe('location-not-a-folder');
  });

  it('tells what permissions forbid', async () => {
    const root = await freshFolder();
    await mkdir(join(root, 'closed'), { mode: 0 });
    await mkdir(join(root, 'read-only'));
    await chmod(join(root, 'read-only'), 0o555);
    await asOrdinaryUser(async () => {
      expect(await complaint(join(root, 'closed'), 'read')).toBe('location-unreadable');
      expect(await complaint(join(root, 'closed', 'below'), 'read')).toBe('location-unreadable');
      expect(await complaint(join(root, 'closed'), 'write')).toBe('location-unwritable');
      expect(await complaint(join(root, 'read-only'), 'read')).toBeUndefined();
      expect(await complaint(join(root, 'read-only'), 'write')).toBe('location-unwritable');
      expect(await complaint(join(root, 'read-only', 'new'), 'write')).toBe('location-unwritable');
    });
  });

  it('names the location absolutely', async () => {
    const root = await freshFolder();
    expect(folderStore(relative(process.cwd(), root)).location).toBe(root);
    expect(folderStore(`${root}/`).location).toBe(root);
  });
});
