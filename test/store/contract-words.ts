import { isRefused, type Listed } from '../../src/model/original.js';
import type { Store } from '../../src/store/store.js';
import { PLAIN } from '../support.js';

/** A store on a location of its own, empty. */
export type Open = () => Promise<{ readonly store: Store }>;

export async function put(store: Store, key: string, content: string): Promise<void> {
  await store.write(key, Buffer.from(content), PLAIN);
}

export async function pagesIn(store: Store, prefix: string, after?: string): Promise<(readonly Listed[])[]> {
  const pages: (readonly Listed[])[] = [];
  for await (const page of store.list(prefix, after === undefined ? {} : { after })) pages.push(page);
  return pages;
}

export async function everything(store: Store, prefix: string, after?: string): Promise<Listed[]> {
  return (await pagesIn(store, prefix, after)).flat();
}

/** The keys listed; one that is refused reads so. */
export async function keysIn(store: Store, prefix: string, after?: string): Promise<string[]> {
  return (await everything(store, prefix, after)).map((found) => (isRefused(found) ? `${found.refused}: ${found.key}` : found.key));
}

/** The order that Store.list promises, by the bytes themselves. */
export function byUtf8(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** Bytes without a pattern of a power of two, so that a wrong offset shows. */
export function bytes(length: number): Buffer {
  return Buffer.from(Array.from({ length }, (_, i) => (i * 7919 + (i >> 8)) % 251));
}
