import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../src/store/memory.js';
import { storeContract } from './contract.js';
import { PLAIN } from '../support.js';
import { put } from './contract-words.js';

storeContract('memory', () => Promise.resolve({ store: memoryStore() }));

describe('memory', () => {
  it('dates objects by the clock it is given', async () => {
    let now = 1_000.9;
    const store = memoryStore('test', () => now);
    await put(store, 'a', '');
    now = 2_000;
    await put(store, 'b', '');
    expect(['a', 'b'].map((key) => store.objects.get(key)?.object.lastModified)).toEqual([1_000, 2_000]);
  });

  it('shows the headers that were written', async () => {
    const store = memoryStore();
    await store.write('a', Buffer.of(1), { ...PLAIN, contentType: 'image/webp', cacheControl: 'no-store' });
    expect(store.objects.get('a')).toMatchObject({ contentType: 'image/webp', cacheControl: 'no-store' });
  });

  it('forgets what is removed', async () => {
    const store = memoryStore();
    await put(store, 'a', '');
    store.remove('a');
    expect(await store.stat('a')).toBeUndefined();
  });
});
