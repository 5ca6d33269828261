import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { addRequests, NO_REQUESTS, type Requests } from '../model/requests.js';
import { UserError } from '../model/user-error.js';
import type { Store } from '../store/store.js';

/** Reads manifests, and the files that an inventory's manifest names. */
export interface ManifestFiles {
  /** The content as it is stored, in pieces. @param file an absolute path, or `s3://bucket/key` */
  read(file: string): AsyncIterable<Buffer>;
  /** To the buckets that were read from. */
  readonly requests: Requests;
}

/** From a bucket an object is read whole, so that the same one is read to its end, even if it is replaced. In bytes. */
const LARGEST_OBJECT = 256 * 1024 * 1024;

/** @param openBucket the whole bucket, as a store */
export function manifestFiles(openBucket: (bucket: string) => Promise<Store>): ManifestFiles {
  const buckets = new Map<string, Store>();
  return {
    async *read(file) {
      const object = objectOf(file);
      if (object === null) {
        await refusePipe(file);
        yield* createReadStream(file) as AsyncIterable<Buffer>;
        return;
      }
      const store = buckets.get(object.bucket) ?? (await openBucket(object.bucket));
      buckets.set(object.bucket, store);
      yield (await store.read(object.key, LARGEST_OBJECT)).bytes;
    },
    get requests() {
      return [...buckets.values()].reduce((sum, { requests }) => addRequests(sum, requests), NO_REQUESTS);
    },
  };
}

/** It is read more than once, and what comes through a pipe is gone by then. */
async function refusePipe(file: string): Promise<void> {
  const stats = await stat(file);
  if (stats.isFile() || stats.isDirectory()) return;
  throw new UserError('manifest-unreadable', `The manifest ${file} is no regular file, and is read more than once; write it to a file first.`);
}

/** The content without its compression, which the name tells. */
export async function* decompressed(file: string, bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  if (!/\.gz$/i.test(file)) {
    yield* bytes;
    return;
  }
  // The error of any of the two destroys the other, and comes out of the loop.
  const gunzip = pipeline(bytes, createGunzip(), () => undefined);
  yield* gunzip as AsyncIterable<Buffer>;
}

/**
 * What a person types, as an absolute path or `s3://bucket/key`.
 * @param base the absolute path of the folder to which a relative path is relative
 * @throws UserError `usage`
 */
export function manifestFile(text: string, base: string): string {
  const [, scheme] = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text) ?? [];
  const file = text.replace(/^s3:/i, 's3:');
  if (scheme === undefined && text !== '') return path.resolve(base, text);
  if (objectOf(file) !== null) return file;
  throw new UserError('usage', `--manifest "${text}" is neither a file nor s3://bucket/key; give one of them.`);
}

function objectOf(file: string): { bucket: string; key: string } | null {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/s.exec(file) ?? [];
  return bucket === undefined || key === undefined ? null : { bucket, key };
}
