import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { Warning } from '../model/events.js';
import { UserError } from '../model/user-error.js';
import { OWN_FOLDER } from './key.js';
import { isThrottled, type S3Trouble } from './s3-error.js';
import { listPage, nextToken } from './s3-list-page.js';
import type { Place } from './s3-place.js';
import { failedAs, RequestFailed } from './s3-requests.js';

/** Tries before the person is told: they are waiting. */
const ATTEMPTS = 4;

/** Stays in the location: to remove it would need a permission that no other work needs. */
const PROBE = `${OWN_FOLDER}/write-check`;

/** @throws UserError */
export async function checkListable(place: Place): Promise<void> {
  const { bucket, prefix, silence, payer } = place;
  const command = { Bucket: bucket, Prefix: prefix, MaxKeys: 1, ...payer };
  try {
    nextToken(await place.ownRequests.send('list', (client) => listPage(client, command, silence), ATTEMPTS), place.location);
  } catch (error) {
    throw notListable(place, error);
  }
}

/** What imgvar itself must read and write does not work. @param permission what to allow where it is denied */
export function notReachable({ location }: Place, error: unknown, permission: string): unknown {
  return failedAs(error, (trouble) => {
    if (trouble.status !== 401 && trouble.status !== 403) return unreachable(location, trouble);
    return new UserError('location-unwritable', `${location} cannot be used (${trouble.code}); allow ${permission}.`);
  });
}

/** Nothing of the location is known when a listing fails: the error is the person's to mend, not one object's failure. */
export function notListable({ bucket, location }: Place, error: unknown): unknown {
  return failedAs(error, (trouble) => {
    if (trouble.status === 404) return new UserError('location-missing', `There is no bucket "${bucket}"; check its name and --endpoint-url.`);
    if (trouble.status !== 401 && trouble.status !== 403) return unreachable(location, trouble);
    return new UserError('location-unreadable', `${location} cannot be listed (${trouble.code}); allow s3:ListBucket on the bucket "${bucket}".`);
  });
}

/**
 * Writes a small object that must not exist yet, twice. The second one is refused where conditional writes are kept, and
 * both are where this user may not write: permission is looked at first.
 *
 * @throws UserError
 */
export async function checkWritable(place: Place): Promise<readonly Warning[]> {
  try {
    for (let time = 1; time <= 2; time++) if (!(await putIfAbsent(place))) return [];
  } catch (error) {
    throw notReachable(place, error, `s3:PutObject on ${place.location}*`);
  }
  return [
    {
      type: 'warning',
      code: 'conditional-writes-ignored',
      message: `The provider of ${place.location} ignores conditional writes: two runs that write there at once cannot notice each other.`,
    },
  ];
}

/** @returns whether it was written, rather than refused for being there */
async function putIfAbsent({ ownRequests: requests, bucket, prefix, payer }: Place): Promise<boolean> {
  const command = { Bucket: bucket, Key: prefix + PROBE, Body: Buffer.alloc(0), ContentType: 'text/plain', ...payer };
  try {
    await requests.send('put', (client) => client.send(new PutObjectCommand({ ...command, IfNoneMatch: '*' })), ATTEMPTS);
    return true;
  } catch (error) {
    const status = error instanceof RequestFailed ? error.trouble.status : undefined;
    if (status === 412) return false;
    // Some providers do not know the header at all.
    if (status !== 400 && status !== 501) throw error;
    await requests.send('put', (client) => client.send(new PutObjectCommand(command)), ATTEMPTS);
    return true;
  }
}

function unreachable(location: string, trouble: S3Trouble): UserError {
  const status = trouble.status === undefined || trouble.code.startsWith('HTTP') ? '' : `, HTTP ${trouble.status}`;
  const advice = isThrottled(trouble) ? 'it asks for fewer requests; try later' : 'check --endpoint-url, --region and the network';
  return new UserError('endpoint-unreachable', `${location} cannot be reached (${trouble.code}${status}): ${advice}.`);
}
