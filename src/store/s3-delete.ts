import { DeleteObjectsCommand, GetBucketVersioningCommand } from '@aws-sdk/client-s3';
import { Failure } from '../model/failure.js';
import { failureOf } from './s3-error.js';
import { objectKey } from './s3-key.js';
import type { Place } from './s3-place.js';
import { failedAs, RequestFailed } from './s3-requests.js';

/** As Store.delete: one request for all. */
export async function deleteObjects({ requests, bucket, prefix, payer }: Place, keys: readonly string[]): Promise<ReadonlyMap<string, Failure>> {
  const failures = new Map<string, Failure>();
  const wanted = new Map<string, string>();
  for (const key of keys) {
    try {
      wanted.set(objectKey(prefix, key), key);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      failures.set(key, error);
    }
  }
  if (wanted.size === 0) return failures;
  const command = { Bucket: bucket, Delete: { Objects: [...wanted.keys()].map((Key) => ({ Key })), Quiet: true }, ...payer };
  try {
    const { Errors = [] } = await requests.send('delete', (client) => client.send(new DeleteObjectsCommand(command)));
    for (const { Key = '', Code = '' } of Errors) {
      const key = wanted.get(Key);
      if (key !== undefined && Code !== 'NoSuchKey') failures.set(key, new Failure(Code === 'AccessDenied' ? 'access-denied' : 'write-failed', Code));
    }
  } catch (error) {
    const failure = failedAs(error, (trouble) => failureOf(trouble, 'write-failed'));
    if (!(failure instanceof Failure)) throw failure;
    for (const key of wanted.values()) failures.set(key, failure);
  }
  return failures;
}

/** As Store.keepsVersions: it needs s3:GetBucketVersioning, which no other work needs. */
export async function keepsVersions({ ownRequests, bucket }: Place): Promise<boolean | null> {
  try {
    const { Status } = await ownRequests.send('get', (client) => client.send(new GetBucketVersioningCommand({ Bucket: bucket })), 2);
    return Status === 'Enabled';
  } catch (error) {
    if (error instanceof RequestFailed) return null;
    throw error;
  }
}
