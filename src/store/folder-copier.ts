import { createHash } from 'node:crypto';
import { Failure } from '../model/failure.js';
import { NO_REQUESTS } from '../model/requests.js';
import type { Copier, CopySource } from './copier.js';
import type { Store } from './store.js';

/** Bytes that Node reads into memory at once. */
const LARGEST = 2 ** 31 - 1;

interface ReadSource extends CopySource {
  readonly bytes: Buffer;
  readonly mode: number | undefined;
}

/**
 * Copies from folder to folder, by content: the etag of either side is a hash of what is in the file, so that a copy is known
 * by what it is, and is looked at again, byte for byte, once it is written. No link is made: whoever changes the original in
 * place would change its backup. The mode stays with the content, so that nobody reads a copy who may not read what it was
 * made of.
 */
export function folderCopier(from: Store, to: Store): Copier<ReadSource> {
  return {
    requests: NO_REQUESTS,

    source: (key) => hashed(from, key),

    async existing(key) {
      const copy = await hashed(to, key);
      return copy && { size: copy.original.size, etag: copy.original.etag, sourceEtag: copy.original.etag };
    },

    /** What came between, here or there, shows when both are looked at once more. */
    async copy({ original, bytes, mode }) {
      await to.write(original.key, bytes, { contentType: '', cacheControl: null, fingerprint: '', originalEtag: original.etag, mode });
      return 'copied';
    },

    async isSame(key) {
      const [one, other] = await Promise.all([hashed(from, key), hashed(to, key)]);
      return one !== undefined && one.original.etag === other?.original.etag;
    },
  };
}

async function hashed(store: Store, key: string): Promise<ReadSource | undefined> {
  try {
    const { bytes, object, mode } = await store.read(key, LARGEST);
    return { original: { ...object, etag: createHash('sha256').update(bytes).digest('hex') }, bytes, mode };
  } catch (error) {
    if (error instanceof Failure && error.code === 'original-missing') return undefined;
    throw error;
  }
}
