import type { Listed, StoredObject } from '../src/model/original.js';
import type { Spec } from '../src/model/spec.js';
import type { WriteOptions } from '../src/store/store.js';

/** A spec with every default, for tests that care about one field. */
export function spec(name: string, fields: Partial<Spec> = {}): Spec {
  return {
    name,
    width: 100,
    height: 100,
    fit: 'inside',
    position: 'centre',
    background: '#ffffff',
    format: 'original',
    quality: null,
    lossless: false,
    effort: null,
    progressive: false,
    enlarge: false,
    cacheControl: null,
    keep: [],
    animated: true,
    ...fields,
  };
}

/** How an object is written that is of no interest otherwise. */
export const PLAIN: WriteOptions = {
  contentType: 'image/jpeg',
  cacheControl: null,
  fingerprint: '0123456789abcdef',
  originalEtag: 'etag',
};

export function stored(key: string, lastModified = 1_000): StoredObject {
  return { key, size: 1, lastModified, etag: `"${key}-${lastModified}"` };
}

/** A listing in pages of a few. */
export async function* inPages(listed: readonly Listed[], pageSize = 3): AsyncGenerator<readonly Listed[]> {
  for (let i = 0; i < listed.length; i += pageSize) yield listed.slice(i, i + pageSize);
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
