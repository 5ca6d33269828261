import type { Listed } from '../model/original.js';
import type { Store } from './store.js';

/**
 * What a listing shows under a key; undefined where it shows nothing. To look one up so takes no permission but that to list,
 * and what goes wrong is told as of any listing.
 *
 * @throws UserError as `Store.list`
 */
export async function listedAs(store: Store, key: string): Promise<Listed | undefined> {
  // Whatever else begins so comes after the key itself.
  for await (const [first] of store.list(key)) return first?.key === key ? first : undefined;
  return undefined;
}
