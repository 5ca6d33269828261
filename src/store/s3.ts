import { GetObjectCommand, PutObjectCommand, type StorageClass } from '@aws-sdk/client-s3';
import { checkListable, checkWritable, notListable } from './s3-check.js';
import { contentOf } from './s3-content.js';
import { deleteObjects, keepsVersions } from './s3-delete.js';
import { failureOf } from './s3-error.js';
import { headOf } from './s3-head.js';
import { objectKey } from './s3-key.js';
import { firstKeyAfter, listObjects } from './s3-list.js';
import { s3OwnFiles } from './s3-own.js';
import { objectOf, s3Place } from './s3-place.js';
import { failedAs } from './s3-requests.js';
import type { S3Settings } from './s3-settings.js';
import { splitKeys } from './split-keys.js';
import type { ReadObject, Store } from './store.js';

/** Names of an object's metadata. */
const SPEC = 'imgvar-spec';
const SOURCE = 'imgvar-source-etag';

/**
 * A bucket, or a part of one, of S3 or of a provider that speaks its language.
 *
 * @param prefix empty, or ends in `/`
 */
export function s3Store(bucket: string, prefix: string, settings: S3Settings): Store {
  const place = s3Place(bucket, prefix, settings);
  const { location, requests, silence, payer } = place;
  const storageClass = settings.storageClass as StorageClass | null;
  const asReadFailure = (error: unknown): unknown => failedAs(error, (trouble) => failureOf(trouble, 'read-failed'));

  return {
    location,

    own: s3OwnFiles(place),

    get requests() {
      return requests.counts;
    },

    region: () => requests.region(),

    async check(access) {
      await checkListable(place);
      return access === 'read' ? [] : checkWritable(place);
    },

    async *list(from, { after = '' } = {}) {
      try {
        yield* listObjects(place, from, after);
      } catch (error) {
        throw notListable(place, error);
      }
    },

    async split(from, after, upTo, most) {
      try {
        return await splitKeys((start) => firstKeyAfter(place, from, start), from, { after, upTo }, most);
      } catch (error) {
        throw notListable(place, error);
      }
    },

    async read(key, maxBytes) {
      const command = { Bucket: bucket, Key: objectKey(prefix, key), ...payer };
      try {
        return await requests.send('get', async (client) => {
          const answer = await client.send(new GetObjectCommand(command));
          const bytes = await contentOf(answer, maxBytes, silence);
          return { bytes, object: objectOf(key, bytes.length, answer), ...madeFrom(answer.Metadata) };
        });
      } catch (error) {
        throw asReadFailure(error);
      }
    },

    async stat(key) {
      const head = await headOf(place, key);
      return head && objectOf(key, head.ContentLength ?? 0, head);
    },

    async write(key, bytes, { contentType, cacheControl, fingerprint, originalEtag }) {
      const command = {
        Bucket: bucket,
        Key: objectKey(prefix, key),
        Body: bytes,
        ContentType: contentType,
        CacheControl: cacheControl ?? undefined,
        ...(storageClass === null ? {} : { StorageClass: storageClass }),
        Metadata: { [SPEC]: fingerprint, [SOURCE]: originalEtag },
        ...payer,
      };
      try {
        await requests.send('put', (client) => client.send(new PutObjectCommand(command)));
      } catch (error) {
        throw failedAs(error, (trouble) => failureOf(trouble, 'write-failed'));
      }
    },

    delete: (keys) => deleteObjects(place, keys),
    keepsVersions: () => keepsVersions(place),
  };
}

/** What `write` has put beside a variant. */
function madeFrom(metadata: Readonly<Record<string, string>> = {}): Pick<ReadObject, 'made'> {
  const { [SPEC]: fingerprint, [SOURCE]: originalEtag } = metadata;
  return fingerprint === undefined || originalEtag === undefined ? {} : { made: { fingerprint, originalEtag } };
}
