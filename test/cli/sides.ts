import { readFile, mkdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { S3Server } from '../s3/server.js';
import { filesIn } from './imgvar.js';

/** One of the two locations of a run, as another program sees it. */
export interface Side {
  /** As it is written on the command line. */
  readonly location: string;
  put(key: string, content: string | Uint8Array): Promise<void>;
  /** Of originals and variants, sorted; not of imgvar's own. */
  keys(): Promise<string[]>;
  /** What is imgvar's own, below `.imgvar/`. */
  own(): Promise<string[]>;
  read(key: string): Promise<Buffer>;
  remove(key: string): Promise<void>;
  /** When each was written, in milliseconds. */
  times(): Promise<readonly (readonly [key: string, at: number])[]>;
  /** Makes everything in it ten seconds older, so that what is put into the other one now is newer. */
  age(): Promise<void>;
}

export function folderSide(folder: string): Side {
  const at = (key: string): string => path.join(folder, key);
  return {
    location: folder,
    async put(key, content) {
      await mkdir(path.dirname(at(key)), { recursive: true });
      await writeFile(at(key), content);
    },
    keys: () => filesIn(folder),
    own: () => filesIn(at('.imgvar')),
    read: (key) => readFile(at(key)),
    remove: (key) => rm(at(key)),
    async times() {
      const keys = await filesIn(folder);
      return Promise.all(keys.map(async (key) => [key, (await stat(at(key))).mtimeMs] as const));
    },
    async age() {
      for (const key of await filesIn(folder)) {
        const then = (await stat(at(key))).mtimeMs / 1000 - 10;
        await utimes(at(key), then, then);
      }
    },
  };
}

/** @param prefix ends in a slash, or is empty; the location is written without it, as people do */
export function bucketSide(server: S3Server, bucket: string, prefix: string): Side {
  const objects = server.buckets.get(bucket) ?? new Map<string, never>();
  const held = (key: string) => {
    const object = objects.get(prefix + key);
    if (object === undefined) throw new Error(`no object ${prefix}${key}`);
    return object;
  };
  const keys = (): string[] => [...objects.keys()].filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
  return {
    location: `s3://${bucket}/${prefix.replace(/\/$/, '')}`,
    put: async (key, content) => server.put(bucket, prefix + key, Buffer.from(content)),
    keys: async () => keys().filter((key) => !key.startsWith('.imgvar/')).sort(),
    own: async () => keys().filter((key) => key.startsWith('.imgvar/')),
    read: async (key) => held(key).bytes,
    remove: async (key) => server.remove(bucket, prefix + key),
    times: async () => keys().filter((key) => !key.startsWith('.imgvar/')).map((key) => [key, held(key).lastModified.getTime()] as const),
    async age() {
      for (const key of keys().filter((name) => !name.startsWith('.imgvar/'))) held(key).lastModified = new Date(held(key).lastModified.getTime() - 10_000);
    },
  };
}
