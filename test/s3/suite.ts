import { CreateBucketCommand, HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { DEFAULT_S3, type S3Settings } from '../../src/store/s3-settings.js';
import { sharded } from '../../src/source/shards.js';
import { s3Store } from '../../src/store/s3.js';
import { storeContract } from '../store/contract.js';
import { byUtf8, everything, keysIn, put } from '../store/contract-words.js';
import { PLAIN } from '../support.js';
import { copySuite } from './copies.js';

/** What a server is known not to do; everything else is expected of it. */
export interface Gaps {
  /** It accepts any access key. */
  readonly anyKey?: boolean;
  /** It cannot find keys with a line break. */
  readonly lineBreaks?: boolean;
  /** It copies whatever was found at either end. */
  readonly copyConditions?: boolean;
  /** It cannot copy in parts. */
  readonly copyParts?: boolean;
  /** How many keys it is asked to list in shards. Default 3,000. */
  readonly manyKeys?: number;
}

/** A server that runs, with the credentials of the environment. */
export interface Endpoint {
  readonly url: string;
}

/**
 * Everything that imgvar relies on in a store that speaks S3's language, for any server.
 *
 * @param start comes to the endpoint; called again for every test
 */
export function s3Suite(name: string, start: () => Promise<Endpoint>, gaps: Gaps = {}): void {
  const settings = async (): Promise<S3Settings> => ({ ...DEFAULT_S3, endpoint: (await start()).url, region: 'us-east-1' });

  const open = async () => {
    const place = await freshPrefix(await settings());
    return { store: s3Store(place.bucket, place.prefix, await settings()) };
  };
  storeContract(name, open, { lineBreaks: gaps.lineBreaks !== true });

  copySuite(name, settings, gaps);

  describe(`${name} as a bucket`, () => {
    it('keeps the headers that are written', async () => {
      const s3 = await settings();
      const { bucket, prefix } = await freshPrefix(s3);
      const store = s3Store(bucket, prefix, s3);
      await store.write('a b.webp', Buffer.from('x'), { ...PLAIN, contentType: 'image/webp', cacheControl: 'max-age=60', originalEtag: '"0-a"' });
      const head = await rawClient(s3).send(new HeadObjectCommand({ Bucket: bucket, Key: `${prefix}a b.webp` }));
      expect(head).toMatchObject({ ContentType: 'image/webp', CacheControl: 'max-age=60' });
      expect(head.Metadata).toEqual({ 'imgvar-spec': PLAIN.fingerprint, 'imgvar-source-etag': '"0-a"' });
    });

    it('may be written to, and shows nothing of the check', async () => {
      const s3 = await settings();
      const { bucket, prefix } = await freshPrefix(s3);
      const store = s3Store(bucket, prefix, s3);
      expect(await store.check('write')).toEqual([]);
      expect(await store.check('write')).toEqual([]);
      expect(await keysIn(store, '')).toEqual([]);
    });

    it('does not list the empty objects that mark folders', async () => {
      const s3 = await settings();
      const { bucket, prefix } = await freshPrefix(s3);
      await put(s3Store(bucket, prefix, s3), 'a/b.jpg', 'x');
      const raw = s3Store(bucket, '', s3);
      for (const mark of [prefix, `${prefix}a/`, `${prefix}empty/`]) await putRaw(s3, bucket, mark, '');
      await putRaw(s3, bucket, `${prefix}full/`, 'not empty');
      expect(await keysIn(s3Store(bucket, prefix, s3), '')).toEqual(['a/b.jpg', 'invalid-key: full/']);
      expect(await keysIn(raw, `${prefix}a`)).toEqual([`${prefix}a/b.jpg`]);
    });

    it('counts what it sends', async () => {
      const s3 = await settings();
      const { bucket, prefix } = await freshPrefix(s3);
      const store = s3Store(bucket, prefix, s3);
      await put(store, 'a', 'x');
      await store.read('a', 10);
      await store.stat('a');
      await store.stat('none');
      await everything(store, '');
      const { retries, list, ...others } = store.requests;
      expect({ retries, others }).toEqual({ retries: 0, others: { get: 1, put: 1, head: 2, delete: 0 } });
      // Some servers end a listing with an empty page.
      expect(list).toBeLessThanOrEqual(2);
    });

    it('of many keys is listed in shards as in one', async () => {
      const s3 = await settings();
      const { bucket, prefix } = await freshPrefix(s3);
      const store = s3Store(bucket, prefix, s3);
      const keys = Array.from({ length: gaps.manyKeys ?? 3_000 }, (_, i) => `${i % 3 === 0 ? 'x' : 'common/'}${i % 97}/é ${i}.jpg`);
      const waiting = [...keys];
      await Promise.all(Array.from({ length: 32 }, async () => {
        for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) await put(store, key, 'x');
      }));
      expect(await keysIn(store, '')).toEqual([...keys].sort(byUtf8));
      const found: string[] = [];
      const shards = sharded({ store, prefix: '', lanes: 8, undivided: 0 }, ({ originals }) => originals);
      for await (const page of shards) found.push(...page.map(({ key }) => key));
      expect(found.sort(byUtf8)).toEqual([...keys].sort(byUtf8));
    });

    it('that does not exist is told by name', async () => {
      const store = s3Store('imgvar-no-such-bucket', '', await settings());
      await expect(store.check('read')).rejects.toMatchObject({ name: 'UserError', code: 'location-missing', message: expect.stringContaining('imgvar-no-such-bucket') });
      await expect(keysIn(store, '')).rejects.toMatchObject({ name: 'UserError', code: 'location-missing' });
    });

    it.skipIf(gaps.anyKey)('refuses wrong credentials, which is told as such', async () => {
      const s3 = await settings();
      const { bucket, prefix } = await freshPrefix(s3);
      await withEnv({ AWS_ACCESS_KEY_ID: 'nobody', AWS_SECRET_ACCESS_KEY: 'nothing' }, async () => {
        await expect(s3Store(bucket, prefix, s3).check('read')).rejects.toMatchObject({ code: 'credentials-wrong' });
      });
      await withEnv({ AWS_SECRET_ACCESS_KEY: 'another' }, async () => {
        await expect(s3Store(bucket, prefix, s3).check('read')).rejects.toMatchObject({ code: 'credentials-wrong' });
      });
    });
  });
}

let prefixes = 0;

/** A part of the test bucket that nobody else uses. */
export async function freshPrefix(s3: S3Settings, bucket = 'imgvar-test'): Promise<{ bucket: string; prefix: string }> {
  await rawClient(s3)
    .send(new CreateBucketCommand({ Bucket: bucket }))
    .catch((error: Error) => {
      if (!/AlreadyOwned|AlreadyExists|MethodNotAllowed/.test(error.name)) throw error;
    });
  return { bucket, prefix: `${process.pid}-${Date.now()}-${prefixes++}/deep er/` };
}

const clients = new Map<string, S3Client>();

/** The SDK as it comes, for what imgvar itself never does. */
export function rawClient({ endpoint }: S3Settings): S3Client {
  const url = endpoint ?? '';
  const client = clients.get(url) ?? new S3Client({ endpoint: url, region: 'us-east-1', forcePathStyle: true });
  clients.set(url, client);
  return client;
}

async function putRaw(s3: S3Settings, bucket: string, key: string, content: string): Promise<void> {
  await rawClient(s3).send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: Buffer.from(content) }));
}

export async function withEnv<T>(values: Record<string, string>, work: () => Promise<T>): Promise<T> {
  const before = { ...process.env };
  Object.assign(process.env, values);
  try {
    return await work();
  } finally {
    process.env = before;
  }
}
