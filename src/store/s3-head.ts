import { GetObjectCommand, HeadObjectCommand, type GetObjectCommandInput, type GetObjectCommandOutput, type HeadObjectCommandOutput } from '@aws-sdk/client-s3';
import { Readable } from 'node:stream';
import { failureOf } from './s3-error.js';
import { objectKey } from './s3-key.js';
import type { Place } from './s3-place.js';
import { failedAs, RequestFailed } from './s3-requests.js';

/** All that is known of an object beside its content. */
export type Head = Omit<HeadObjectCommandOutput, '$metadata'>;

/** What an object is now; undefined where there is none. @throws Failure, UserError */
export async function headOf(place: Place, key: string): Promise<Head | undefined> {
  const { bucket, prefix, requests, payer } = place;
  const command = { Bucket: bucket, Key: objectKey(prefix, key), ...payer };
  try {
    return await requests.send('head', (client) => client.send(new HeadObjectCommand(command))).catch((error: unknown) => askedWithReason(place, command, error));
  } catch (error) {
    if (error instanceof RequestFailed && error.trouble.status === 404) return undefined;
    throw failedAs(error, (trouble) => failureOf(trouble, 'read-failed'));
  }
}

/** Answers that may be about this object, or about everything: credentials that have expired, a clock that is wrong. */
const REFUSED: readonly (number | undefined)[] = [400, 401, 403];

/**
 * A refused HEAD has no body, and so tells no reason. A GET, for which the same permission is needed, does; its content is
 * left where it is.
 *
 * @throws what the HEAD or the GET failed with
 */
async function askedWithReason({ requests }: Place, command: GetObjectCommandInput, error: unknown): Promise<GetObjectCommandOutput> {
  if (!(error instanceof RequestFailed) || !REFUSED.includes(error.trouble.status)) throw error;
  return requests.send('get', async (client) => {
    const answer = await client.send(new GetObjectCommand(command));
    if (answer.Body instanceof Readable) answer.Body.destroy();
    return answer;
  });
}
