import {
  CreateBucketCommand,
  DeleteBucketPolicyCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  PutObjectLockConfigurationCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { resolved, statementsOf } from '../stack/resolve.js';
import { startCeph, type RunningCeph } from './ceph.js';
import { hasCeph } from './running.js';

const ORIGINALS = 'levels-originals';
const PROCESSED = 'levels-processed';
const BACKUP = 'levels-backup';
const ORIGINAL = 'uploads/images/original/a.jpg';
const VARIANT = 'uploads/images/small/a.jpg';

const template = resolved();
const ROLES = { resize: 'ResizeRole', reprocess: 'ReprocessRole', backup: 'BackupRole' };
const USER = (name: string): string => `arn:aws:iam:::user/${name}`;

/** Of what Ceph cannot do it takes no statement. */
const UNKNOWN = ['s3:Replicate*', 's3:UpdateObjectEncryption'];

/**
 * The template's statements about a bucket, in Ceph's terms: users in place of roles, and what their roles allow as
 * statements of the bucket. Ceph knows no services (CloudFront), not every action and no account of a bucket's, which is
 * the one condition of the roles, and instead of a condition on who asks it has NotPrincipal. (Of requests without TLS it
 * does not say that they are, so that statement denies nothing here.)
 */
function policyFor(bucket: string, policy: string): unknown[] {
  const own = statementsOf(template, policy)
    .filter(({ Principal }) => Principal === '*')
    .map(({ Condition, Principal, Action, ...fields }) => {
      const statement = { ...fields, Action: [Action].flat().filter((action) => !UNKNOWN.includes(action)) };
      const except = Condition?.['ArnNotEquals']?.['aws:PrincipalArn'];
      return except === undefined ? { ...statement, Principal, Condition } : { ...statement, NotPrincipal: { AWS: [except].flat().map(asUser) } };
    });
  const allowed = Object.entries(ROLES).flatMap(([user, role]) =>
    statementsOf(template, role).flatMap(({ Sid, Effect, Action, Resource: all }) => {
      const Resource = [all].flat().filter((arn) => arn === `arn:aws:s3:::${bucket}` || arn.startsWith(`arn:aws:s3:::${bucket}/`));
      return Resource.length === 0 ? [] : [{ Sid: `${user}${Sid}`, Effect, Principal: { AWS: [USER(user)] }, Action, Resource }];
    }),
  );
  return [...own, ...allowed];
}

function asUser(arn: string): string {
  const [name = ''] = Object.entries(ROLES).find(([, role]) => arn.endsWith(role)) ?? [];
  return USER(name);
}

describe.skipIf(!hasCeph())("the template's policies on Ceph RGW", () => {
  let server: RunningCeph;
  const clients: Record<string, S3Client> = {};
  const as = (name: string): S3Client => clients[name] ?? expect.fail(name);

  beforeAll(async () => {
    server = await startCeph();
    const settings = { endpoint: server.url, forcePathStyle: true, requestChecksumCalculation: 'WHEN_REQUIRED' as const };
    // The owner of the buckets, who may everything that no policy denies.
    clients['owner'] = new S3Client(settings);
    for (const name of Object.keys(ROLES)) clients[name] = new S3Client({ ...settings, credentials: server.addUser(name) });
    for (const bucket of [ORIGINALS, PROCESSED]) await as('owner').send(new CreateBucketCommand({ Bucket: bucket }));
    await as('owner').send(new CreateBucketCommand({ Bucket: BACKUP, ObjectLockEnabledForBucket: true }));
    const locked = { ObjectLockEnabled: 'Enabled' as const, Rule: { DefaultRetention: { Mode: 'GOVERNANCE' as const, Days: 30 } } };
    await as('owner').send(new PutObjectLockConfigurationCommand({ Bucket: BACKUP, ObjectLockConfiguration: locked }));
    for (const [bucket, key] of [[ORIGINALS, ORIGINAL], [PROCESSED, VARIANT], [BACKUP, ORIGINAL]]) {
      await as('owner').send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: 'x' }));
    }
    for (const [bucket, policy] of [[ORIGINALS, 'OriginalsPolicy'], [PROCESSED, 'ProcessedPolicy'], [BACKUP, 'BackupPolicy']] as const) {
      const Policy = JSON.stringify({ Version: '2012-10-17', Statement: policyFor(bucket, policy) });
      await as('owner').send(new PutBucketPolicyCommand({ Bucket: bucket, Policy }));
    }
  });
  afterAll(() => server.stop());

  /** The status of what a user asks for. */
  async function status(name: string, action: string, Bucket: string, Key: string): Promise<number> {
    const commands = {
      get: () => as(name).send(new GetObjectCommand({ Bucket, Key })),
      head: () => as(name).send(new HeadObjectCommand({ Bucket, Key })),
      put: () => as(name).send(new PutObjectCommand({ Bucket, Key, Body: 'y' })),
      delete: () => as(name).send(new DeleteObjectCommand({ Bucket, Key })),
      list: () => as(name).send(new ListObjectsV2Command({ Bucket })),
      expire: () => as(name).send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules: [{ ID: 'all', Status: 'Enabled', Filter: { Prefix: Key }, Expiration: { Days: 1 } }] } })),
    };
    const command = commands[action as keyof typeof commands];
    return command().then(
      ({ $metadata }) => $metadata.httpStatusCode ?? 0,
      (error: { $metadata?: { httpStatusCode?: number } }) => error.$metadata?.httpStatusCode ?? 0,
    );
  }

  test.each([
    ['resize', 'get', ORIGINALS, ORIGINAL, 200],
    ['resize', 'get', ORIGINALS, 'uploads/images/original/none.jpg', 404],
    ['resize', 'get', PROCESSED, VARIANT, 403],
    ['resize', 'put', PROCESSED, VARIANT, 200],
    ['resize', 'put', PROCESSED, 'elsewhere.jpg', 403],
    ['resize', 'delete', PROCESSED, VARIANT, 403],
    ['resize', 'put', ORIGINALS, ORIGINAL, 403],
    ['resize', 'delete', ORIGINALS, ORIGINAL, 403],
    ['resize', 'get', BACKUP, ORIGINAL, 403],
    ['resize', 'put', BACKUP, ORIGINAL, 403],
    ['resize', 'delete', BACKUP, ORIGINAL, 403],
    ['resize', 'list', BACKUP, '', 403],
    ['reprocess', 'get', ORIGINALS, ORIGINAL, 200],
    ['reprocess', 'get', PROCESSED, VARIANT, 403],
    ['reprocess', 'put', PROCESSED, VARIANT, 200],
    ['reprocess', 'delete', PROCESSED, VARIANT, 403],
    ['reprocess', 'get', BACKUP, ORIGINAL, 403],
    ['reprocess', 'put', BACKUP, ORIGINAL, 403],
    ['backup', 'get', ORIGINALS, ORIGINAL, 200],
    ['backup', 'put', ORIGINALS, ORIGINAL, 403],
    ['backup', 'delete', ORIGINALS, ORIGINAL, 403],
    ['backup', 'head', BACKUP, 'none.jpg', 404],
    ['backup', 'put', BACKUP, 'new.jpg', 200],
    ['backup', 'delete', BACKUP, 'new.jpg', 403],
    ['backup', 'get', PROCESSED, VARIANT, 403],
    ['backup', 'put', PROCESSED, VARIANT, 403],
    ['owner', 'get', BACKUP, ORIGINAL, 200],
    ['owner', 'put', BACKUP, ORIGINAL, 403],
    ['owner', 'delete', BACKUP, ORIGINAL, 403],
    ['owner', 'expire', BACKUP, ORIGINAL, 403],
  ])('%s: %s in %s of %s is %i', async (name, action, bucket, key, expected) => {
    expect(await status(name, action, bucket, key)).toBe(expected);
  });

  test('unsigned nobody reads or lists anything', async () => {
    for (const address of [`${ORIGINALS}/${ORIGINAL}`, `${PROCESSED}/${VARIANT}`, `${BACKUP}/${ORIGINAL}`, ORIGINALS, PROCESSED, BACKUP]) {
      expect((await fetch(`${server.url}/${address}`)).status).toBe(403);
    }
  });

  test('a backup stays locked, should its bucket lose its policy', async () => {
    const policyOff = await as('owner').send(new DeleteBucketPolicyCommand({ Bucket: BACKUP })).then(() => true, () => false);
    expect(policyOff).toBe(true);
    const { VersionId } = await as('owner').send(new HeadObjectCommand({ Bucket: BACKUP, Key: ORIGINAL }));
    expect(VersionId).toBeDefined();
    await expect(as('owner').send(new DeleteObjectCommand({ Bucket: BACKUP, Key: ORIGINAL, VersionId }))).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
  });
});
