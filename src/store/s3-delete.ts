import { DeleteObjectCommand, DeleteObjectsCommand, GetBucketVersioningCommand } from '@aws-sdk/client-s3';
import { Failure } from '../model/failure.js';
import { failureOf } from './s3-error.js';
import { objectKey } from './s3-key.js';
import type { Place } from './s3-place.js';
import { failedAs, RequestFailed } from './s3-requests.js';

/** What no XML holds, also not as a reference; S3 refuses a request that has one, whatever else it names. Source: XML 1.0, "Char". */
const NOT_XML = /[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

type DeletingPlace = Pick<Place, 'requests' | 'bucket' | 'payer'>;

/** As Store.delete: one request for all, but for keys that its XML cannot name. */
export async function deleteObjects(place: Place, keys: readonly string[]): Promise<ReadonlyMap<string, Failure>> {
  const failures = new Map<string, Failure>();
  const together = new Map<string, string>();
  const alone = new Map<string, string>();
  for (const key of keys) {
    try {
      const whole = objectKey(place.prefix, key);
      (NOT_XML.test(whole) ? alone : together).set(whole, key);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      failures.set(key, error);
    }
  }
  if (together.size > 0) for (const [key, failure] of await deleteTogether(place, together)) failures.set(key, failure);
  for (const [key, failure] of await deleteEach(place, alone)) failures.set(key, failure);
  return failures;
}

/** Trouble with single keys of a request that was done: it passes, and S3 repeats nothing itself. */
const PASSING = /^(InternalError|SlowDown|ServiceUnavailable|OperationAborted)$/;

/** @param wanted keys by their whole keys */
async function deleteTogether({ requests, bucket, payer }: DeletingPlace, wanted: ReadonlyMap<string, string>): Promise<ReadonlyMap<string, Failure>> {
  const failures = new Map<string, Failure>();
  let left = [...wanted];
  try {
    await requests.send('delete', async (client) => {
      const command = { Bucket: bucket, Delete: { Objects: left.map(([Key]) => ({ Key })), Quiet: true }, ...payer };
      const { Errors = [] } = await client.send(new DeleteObjectsCommand(command));
      const codes = new Map(Errors.map(({ Key, Code = '' }) => [Key, Code]));
      for (const [whole, key] of left) {
        const code = codes.get(whole) ?? 'NoSuchKey';
        if (code !== 'NoSuchKey' && !PASSING.test(code)) failures.set(key, new Failure(code === 'AccessDenied' ? 'access-denied' : 'write-failed', code));
      }
      left = left.filter(([whole]) => PASSING.test(codes.get(whole) ?? ''));
      const [passing] = left;
      // As trouble of the request: so it is repeated as any other, for what is left.
      if (passing !== undefined) throw Object.assign(new Error('not all of it was removed'), { code: codes.get(passing[0]) });
    });
  } catch (error) {
    if (error instanceof RequestFailed && knowsNoBatches(error)) return new Map([...failures, ...(await deleteEach({ requests, bucket, payer }, new Map(left)))]);
    const failure = writeFailure(error);
    for (const [, key] of left) failures.set(key, failure);
  }
  return failures;
}

/** Some providers have no such request, or want a checksum with it that the SDK does not send any more: GCS, MinIO before 2025, ECS, StorageGRID. */
function knowsNoBatches({ trouble: { status } }: RequestFailed): boolean {
  return status === 400 || status === 404 || status === 405 || status === 501;
}

/** @param wanted keys by their whole keys */
async function deleteEach(place: DeletingPlace, wanted: ReadonlyMap<string, string>): Promise<ReadonlyMap<string, Failure>> {
  const deleting = [...wanted].map(async ([whole, key]) => [key, await deleteAlone(place, whole)] as const);
  // Should one throw, then only once the others have ended, so that nothing is removed behind its caller's back.
  await Promise.allSettled(deleting);
  const ended = await Promise.all(deleting);
  return new Map(ended.flatMap(([key, failure]) => (failure === undefined ? [] : [[key, failure]])));
}

/** @returns what it failed with */
async function deleteAlone({ requests, bucket, payer }: DeletingPlace, whole: string): Promise<Failure | undefined> {
  try {
    await requests.send('delete', (client) => client.send(new DeleteObjectCommand({ Bucket: bucket, Key: whole, ...payer })));
    return undefined;
  } catch (error) {
    return error instanceof RequestFailed && error.trouble.status === 404 ? undefined : writeFailure(error);
  }
}

/** @throws what is no trouble with objects, such as a UserError */
function writeFailure(error: unknown): Failure {
  const failure = failedAs(error, (trouble) => failureOf(trouble, 'write-failed'));
  if (!(failure instanceof Failure)) throw failure;
  return failure;
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
