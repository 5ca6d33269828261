import { DeleteObjectCommand, GetObjectCommand, paginateListObjectsV2, PutObjectCommand } from '@aws-sdk/client-s3';
import { setTimeout as sleep } from 'node:timers/promises';
import { DEFAULT_S3 } from '../../src/store/s3-settings.js';
import type { Side } from '../cli/sides.js';
import { rawClient } from '../s3/suite.js';
import { byUtf8 } from '../store/contract-words.js';

/**
 * A part of a bucket on a server that runs, as another program sees it: by the SDK as it comes.
 *
 * @param prefix ends in a slash; the location is written without it, as people do
 */
export function serverSide(url: string, bucket: string, prefix: string): Side {
  const client = rawClient({ ...DEFAULT_S3, endpoint: url });
  const at = (key: string) => ({ Bucket: bucket, Key: prefix + key });

  const list = async (): Promise<{ key: string; at: number }[]> => {
    const found: { key: string; at: number }[] = [];
    for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix, EncodingType: 'url' })) {
      for (const { Key = '', LastModified } of Contents) {
        const key = decodeURIComponent(Key.replaceAll('+', ' '));
        found.push({ key: key.slice(prefix.length), at: LastModified?.getTime() ?? 0 });
      }
    }
    return found;
  };
  const isOwn = ({ key }: { key: string }): boolean => key.startsWith('.imgvar/');
  const others = async () => (await list()).filter((object) => !isOwn(object));

  return {
    location: `s3://${bucket}/${prefix.replace(/\/$/, '')}`,
    put: async (key, content) => void (await client.send(new PutObjectCommand({ ...at(key), Body: Buffer.from(content) }))),
    keys: async () => (await others()).map(({ key }) => key).sort(),
    own: async () => (await list()).filter(isOwn).map(({ key }) => key).sort(byUtf8),
    read: async (key) => Buffer.from((await (await client.send(new GetObjectCommand(at(key)))).Body?.transformToByteArray()) ?? []),
    remove: async (key) => void (await client.send(new DeleteObjectCommand(at(key)))),
    times: async () => (await others()).map(({ key, at: then }) => [key, then] as const),
    // Nobody can date objects; so what is put now is put later. Times are whole seconds.
    age: () => sleep(2_000),
  };
}
