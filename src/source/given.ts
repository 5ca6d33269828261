import { Failure } from '../model/failure.js';
import type { Listed } from '../model/original.js';
import type { Store } from '../store/store.js';

/** The original of a given key; one that does not exist is refused under its name. */
export async function givenOriginal(store: Store, key: string): Promise<Listed> {
  try {
    return (await store.stat(key)) ?? { key, refused: 'original-missing', detail: '' };
  } catch (error) {
    if (error instanceof Failure) return { key, refused: error.code, detail: error.detail };
    throw error;
  }
}
