import {
  DeleteBucketCommand,
  GetBucketNotificationConfigurationCommand,
  GetBucketPolicyCommand,
  HeadBucketCommand,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
  type NotificationConfiguration,
} from '@aws-sdk/client-s3';
import { isDeepStrictEqual } from 'node:util';
import type { PolicyStatement } from '../model/deployment.js';
import { UserError } from '../model/user-error.js';
import { asked, statusOf } from './aws-error.js';
import type { Aws } from './clients.js';
import { isMerged, mergeNotification, refuseOverlapping } from './notification.js';
import { ROLES, type Places, type Role } from './places.js';

/**
 * `foreign` is somebody else's: the names of buckets are the same for all of AWS.
 *
 * @throws UserError `region-wrong`: functions, topic and buckets must be in one region
 */
export async function bucketState({ s3, account, region }: Aws, bucket: string): Promise<'ours' | 'foreign' | 'missing'> {
  try {
    const { BucketRegion } = await s3.send(new HeadBucketCommand({ Bucket: bucket, ExpectedBucketOwner: account }));
    if (BucketRegion !== undefined && BucketRegion !== region) throw elsewhere(bucket, BucketRegion, region);
    return 'ours';
  } catch (error) {
    const status = statusOf(error);
    if (status === 404) return 'missing';
    if (status === 403) return 'foreign';
    if (status === 301 || status === 400) throw elsewhere(bucket, undefined, region);
    return asked('s3:ListBucket', Promise.reject(error));
  }
}

function elsewhere(bucket: string, where: string | undefined, region: string): UserError {
  const found = where === undefined ? 'another region' : where;
  return new UserError('region-wrong', `The bucket "${bucket}" is in ${found} and the stack in ${region}, but they must be in one; choose with --region.`);
}

/** Whether each bucket is there, or free to be made. @throws UserError `bucket-taken`, `bucket-missing` */
export async function checkBuckets(aws: Aws, places: Places, isDeployed: (role: Role) => boolean): Promise<void> {
  for (const role of ROLES) {
    const { bucket, create } = places[role];
    if (create && isDeployed(role)) continue;
    const state = await bucketState(aws, bucket);
    if (create && state !== 'missing') throw taken(role, bucket, state);
    if (create || state === 'ours') continue;
    const why = state === 'missing' ? 'does not exist' : 'is not yours, or may not be looked at (s3:ListBucket)';
    throw new UserError('bucket-missing', `The bucket "${bucket}" of --existing-${role} ${why}; check its name, --profile and --region.`);
  }
}

function taken(role: Role, bucket: string, state: 'ours' | 'foreign'): UserError {
  const next = state === 'ours' ? `use it as it is with --existing-${role} ${bucket}, or choose another name in the config` : 'choose another name in the config';
  return new UserError('bucket-taken', `The bucket "${bucket}" exists already${state === 'ours' ? '' : ', and is not yours or may not be looked at (s3:ListBucket)'}; ${next}.`);
}

/** A bucket's notifications, and how imgvar's among them is called. */
export interface Notified {
  readonly bucket: string;
  readonly prefix: string;
  readonly id: string;
  /** The ARN of the stack's topic. */
  readonly topic: string;
}

/** Looks only. @throws UserError `notification-overlap` */
export async function checkNotification(aws: Aws, { bucket, prefix, id, topic }: Notified): Promise<void> {
  refuseOverlapping(await notificationsOf(aws, bucket), bucket, { id, topic }, prefix);
}

/**
 * Lets a bucket tell a topic of uploads, and leaves all else that it tells.
 *
 * @returns whether it did not do so already
 * @throws UserError `notification-overlap`
 */
export async function writeNotification(aws: Aws, { bucket, prefix, id, topic }: Notified): Promise<boolean> {
  const existing = await notificationsOf(aws, bucket);
  const merged = mergeNotification(existing, bucket, id, topic, prefix);
  // S3 looks at the targets of all of them again, and refuses them all for one of somebody else's that is gone.
  if (isMerged(existing, id, topic, prefix)) return false;
  const command = { Bucket: bucket, ExpectedBucketOwner: aws.account, NotificationConfiguration: merged };
  await asked('s3:PutBucketNotification', aws.s3.send(new PutBucketNotificationConfigurationCommand(command)));
  return true;
}

async function notificationsOf({ s3, account }: Aws, bucket: string): Promise<NotificationConfiguration> {
  const command = new GetBucketNotificationConfigurationCommand({ Bucket: bucket, ExpectedBucketOwner: account });
  const { TopicConfigurations, QueueConfigurations, LambdaFunctionConfigurations, EventBridgeConfiguration } = await asked('s3:GetBucketNotification', s3.send(command));
  return { TopicConfigurations, QueueConfigurations, LambdaFunctionConfigurations, EventBridgeConfiguration };
}

/** What the distribution shows for what is not there, which may be there in a moment; the template has the same key and time. */
export const NOT_FOUND_KEY = 'imgvar/not-found.txt';

export async function writeNotFoundPage({ s3, account }: Aws, bucket: string): Promise<void> {
  const page = { Body: 'Not found.\n', ContentType: 'text/plain; charset=utf-8', CacheControl: 'max-age=5' };
  await asked('s3:PutObject', s3.send(new PutObjectCommand({ Bucket: bucket, Key: NOT_FOUND_KEY, ExpectedBucketOwner: account, ...page })));
}

/** Those that a bucket's policy does not have, word for word; all of them where we may not look. */
export async function missingStatements({ s3, account }: Aws, bucket: string, wanted: readonly PolicyStatement[]): Promise<readonly PolicyStatement[]> {
  const command = new GetBucketPolicyCommand({ Bucket: bucket, ExpectedBucketOwner: account });
  const text = await s3.send(command).then(({ Policy }) => Policy, () => undefined);
  if (text === undefined) return wanted;
  const { Statement: there } = JSON.parse(text) as { readonly Statement?: unknown };
  return wanted.filter((statement) => ![there].flat().some((other) => isDeepStrictEqual(other, JSON.parse(JSON.stringify(statement)))));
}

/** S3 removes no bucket that holds anything. @returns whether it is gone */
export async function removeEmptyBucket({ s3, account }: Aws, bucket: string): Promise<boolean> {
  return s3.send(new DeleteBucketCommand({ Bucket: bucket, ExpectedBucketOwner: account })).then(() => true, () => false);
}
