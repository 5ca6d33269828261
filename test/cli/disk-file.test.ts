import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { fileOfDisk } from '../../src/cli/disk-file.js';
import { UserError } from '../../src/model/user-error.js';
import { asOrdinaryUser, freshFolder } from '../store/folder-fixture.js';

/** Which file is found, by its folder and its name. */
async function found(typed: string, cwd: string): Promise<readonly [folder: string, name: string] | undefined> {
  const file = await fileOfDisk(typed, cwd);
  return file && [file.store.location, file.original.key];
}

test('a file is found by its path, and by a link wherever that leads', async () => {
  const root = await freshFolder();
  const [here, there] = [path.join(root, 'here'), path.join(root, 'there')];
  await mkdir(here);
  await mkdir(there);
  await writeFile(path.join(there, 'a.jpg'), 'x');
  await symlink('../there/a.jpg', path.join(here, 'out.jpg'));
  await symlink('../there', path.join(here, 'folder'));
  for (const typed of ['../there/a.jpg', path.join(there, 'a.jpg'), 'out.jpg', 'folder/a.jpg']) expect(await found(typed, here)).toEqual([there, 'a.jpg']);
});

test('what is no file, and a link to nothing, is none', async () => {
  const root = await freshFolder();
  await writeFile(path.join(root, 'a.jpg'), 'x');
  await symlink('nothing.jpg', path.join(root, 'nowhere'));
  await symlink('circle', path.join(root, 'circle'));
  for (const typed of ['none.jpg', 'none/a.jpg', 'a.jpg/b.jpg', '.', 'nowhere', 'circle', 's3://bucket/a.jpg']) expect(await found(typed, root), typed).toBeUndefined();
});

test('one in a folder that may not be entered is for the user to mend', async () => {
  const root = await freshFolder();
  await mkdir(path.join(root, 'closed'), { mode: 0 });
  const error: unknown = await asOrdinaryUser(() => found('closed/a.jpg', root).catch((reason: unknown) => reason));
  expect(error).toBeInstanceOf(UserError);
  expect(error).toMatchObject({ code: 'location-unreadable', message: '"closed/a.jpg" cannot be looked at (access-denied: EACCES); allow reading it.' });
});
