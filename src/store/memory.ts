import { compareKeys } from '../model/key.js';
import { Failure } from '../model/failure.js';
import type { OwnFile, OwnFiles } from './own-files.js';
import { NO_REQUESTS } from '../model/requests.js';
import type { StoredObject } from '../model/original.js';
import { checkKey, isUnicode } from './key.js';
import { PAGE_LENGTH, type Store, type WriteOptions } from './store.js';

/** What a memory store holds for one key. */
export interface MemoryObject {
  readonly object: StoredObject;
  readonly bytes: Buffer;
  readonly contentType: string;
  readonly cacheControl: string | null;
  readonly fingerprint: string;
  readonly originalEtag: string;
}

export interface MemoryStore extends Store {
  /** What is held, by key, for tests to look into. */
  readonly objects: ReadonlyMap<string, MemoryObject>;
  /** Takes an object away, as another program would. */
  remove(key: string): void;
}

/**
 * A store that lives and dies with the process, for tests. It takes every key that is valid Unicode.
 *
 * @param now the store's clock, in milliseconds since 1970
 */
export function memoryStore(name = 'memory', now: () => number = Date.now): MemoryStore {
  const objects = new Map<string, MemoryObject>();
  let writes = 0;

  return {
    location: name,
    objects,
    remove: (key) => void objects.delete(key),

    own: memoryOwnFiles(name, now),
    requests: NO_REQUESTS,
    region: async () => null,
    check: () => Promise.resolve([]),

    async *list(prefix, { after = '' } = {}) {
      const keys = [...objects.keys()].filter((key) => key.startsWith(prefix) && compareKeys(key, after) > 0).sort(compareKeys);
      for (let start = 0; start < keys.length; start += PAGE_LENGTH) {
        // Whoever consumes the listing may write between two pages; a real store shows what is there when it looks.
        const page = keys.slice(start, start + PAGE_LENGTH).flatMap((key) => objects.get(key)?.object ?? []);
        if (page.length > 0) yield page;
        await Promise.resolve();
      }
    },

    async read(key, maxBytes) {
      checkKey(key);
      const held = await Promise.resolve(objects.get(key));
      if (held === undefined) throw new Failure('original-missing', '');
      if (held.bytes.length > maxBytes) throw new Failure('too-large', `${held.bytes.length} bytes`);
      const { fingerprint, originalEtag } = held;
      return { bytes: Buffer.from(held.bytes), object: held.object, made: { fingerprint, originalEtag } };
    },

    async stat(key) {
      checkKey(key);
      return (await Promise.resolve(objects.get(key)))?.object;
    },

    async write(key: string, bytes: Uint8Array, options: WriteOptions) {
      checkKey(key);
      // Copied at once: the caller may use the memory for something else while it waits.
      const copy = Buffer.from(bytes);
      await Promise.resolve();
      objects.set(key, {
        object: {
          key,
          size: copy.length,
          lastModified: Math.floor(now()),
          etag: `"${++writes}"`,
        },
        bytes: copy,
        contentType: options.contentType,
        cacheControl: options.cacheControl,
        fingerprint: options.fingerprint,
        originalEtag: options.originalEtag,
      });
    },

    async delete(keys) {
      await Promise.resolve();
      const failures = new Map<string, Failure>();
      for (const key of keys) {
        if (isUnicode(key)) objects.delete(key);
        else failures.set(key, new Failure('invalid-key', 'not valid Unicode'));
      }
      return failures;
    },

    keepsVersions: () => Promise.resolve(false),
  };
}

function memoryOwnFiles(location: string, now: () => number): OwnFiles {
  const files = new Map<string, OwnFile>();
  const write = (name: string, bytes: Uint8Array): void => void files.set(name, { bytes: Buffer.from(bytes), lastModified: Math.floor(now()) });
  return {
    location: `${location}/.imgvar/`,
    clockStep: 1,
    requests: NO_REQUESTS,
    read: async (name) => files.get(name),
    write: async (name, bytes) => write(name, bytes),
    async create(name, bytes) {
      if (files.has(name)) return false;
      write(name, bytes);
      return true;
    },
    list: async (prefix) => [...files.keys()].filter((name) => name.startsWith(prefix)).sort(),
    remove: async (name) => void files.delete(name),
  };
}
