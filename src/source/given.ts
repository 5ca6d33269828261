import { Failure } from '../model/failure.js';
import type { Listed } from '../model/original.js';
import type { Store } from '../store/store.js';

/** Originals by their given keys, in the given order, each once; one that does not exist is refused under its name. */
export async function* givenOriginals(store: Store, keys: readonly string[]): AsyncGenerator<Listed> {
  for (const key of new Set(keys)) yield await look(store, key);
}

async function look(store: Store, key: string): Promise<Listed> {
  try {
    return (await store.stat(key)) ?? { key, refused: 'original-missing', detail: '' };
  } catch (error) {
    if (error instanceof Failure) return { key, refused: error.code, detail: error.detail };
    throw error;
  }
}
