import { Failure } from '../model/failure.js';
import type { StoredObject } from '../model/original.js';
import type { Store } from './store.js';

/** A key that a store cannot hold is not there; whoever writes to it fails by that name. */
export async function statIfHeld(store: Store, key: string): Promise<StoredObject | undefined> {
  try {
    return await store.stat(key);
  } catch (error) {
    if (error instanceof Failure && error.code === 'invalid-key') return undefined;
    throw error;
  }
}
