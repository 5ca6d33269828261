import { join } from 'node:path';
import { folderStore } from '../../src/store/folder.js';
import { storeContract } from './contract.js';
import { freshFolder } from './folder-fixture.js';

storeContract('folder', async () => ({ store: folderStore(join(await freshFolder(), 'root')) }));
