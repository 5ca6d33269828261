import { isRefused, type Listed, type StoredObject } from '../model/original.js';

/** Comes after every usual key with the same beginning. */
const LAST = '\u{10ffff}';

/**
 * Objects in the variants' root that are under none of these prefixes. What is under one is leapt over, at the cost of a
 * page or two.
 *
 * @param list as Store.list, of everything
 */
export async function* outside(list: (after: string) => AsyncIterable<readonly Listed[]>, prefixes: readonly string[]): AsyncGenerator<StoredObject> {
  if (prefixes.includes('')) return;
  const leapt = new Set<string>();
  let after: string | null = '';
  while (after !== null) {
    const from: string = after;
    after = null;
    for await (const page of list(from)) {
      for (const listed of page) {
        const prefix = prefixes.find((one) => listed.key.startsWith(one));
        if (prefix === undefined) {
          if (!isRefused(listed)) yield listed;
        } else if (!leapt.has(prefix)) {
          leapt.add(prefix);
          after = prefix + LAST;
          break;
        }
      }
      if (after !== null) break;
    }
  }
}
