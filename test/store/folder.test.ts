import { join } from 'node:path';
import { expect, it } from 'vitest';
import { folderStore } from '../../src/store/folder.js';
import { storeContract } from './contract.js';
import { keysIn, put } from './contract-words.js';
import { freshFolder } from './folder-fixture.js';

storeContract('folder', async () => ({ store: folderStore(join(await freshFolder(), 'root')) }));

it.each(['new\nline.jpg', 'bell\u0007.jpg', 'escape\u001b[31m.jpg', 'back\\slash.jpg', '\u202eright-to-left.jpg', '\ufffd.jpg'])(
  'a folder holds a name that only screens mind: %j',
  async (key) => {
    const store = folderStore(await freshFolder());
    await put(store, key, key);
    expect(await keysIn(store, '')).toEqual([key]);
    expect((await store.read(key, 100)).bytes.toString()).toBe(key);
  },
);
