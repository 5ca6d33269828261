import {
  CreateBucketCommand,
  HeadObjectCommand,
  PutBucketEncryptionCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
  type BucketLocationConstraint,
} from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import { UserError } from '../model/user-error.js';
import { asked, statusOf } from './aws-error.js';
import { bucketState } from './buckets.js';
import type { Aws } from './clients.js';
import type { Code } from './parameters.js';
import { onlyByTls } from './statements.js';

/** Where the code of a stack is to be. The same code has the same key, whoever deploys it. */
export function codeFor({ account, region }: Aws, stack: string, zip: Uint8Array): Code {
  const hash = createHash('sha256').update(zip).digest('hex').slice(0, 32);
  return { bucket: `imgvar-artifacts-${account}-${region}`, key: `${stack}/lambda-${hash}.zip` };
}

/** Makes the bucket of artifacts where there is none: private, encrypted, by TLS only. @returns whether it made it */
export async function ensureArtifactsBucket(aws: Aws, bucket: string): Promise<boolean> {
  const { s3, account, region, partition } = aws;
  const state = await bucketState(aws, bucket);
  if (state === 'foreign') {
    throw new UserError('bucket-taken', `The bucket "${bucket}", which imgvar keeps the code of the functions in, is not yours, or may not be looked at (s3:ListBucket); use imgvar stack in a pipeline of your own.`);
  }
  if (state === 'missing') {
    const where = region === 'us-east-1' ? {} : { CreateBucketConfiguration: { LocationConstraint: region as BucketLocationConstraint } };
    await asked('s3:CreateBucket', s3.send(new CreateBucketCommand({ Bucket: bucket, ...where })));
  }
  // Also where it is there: whoever made it may have been cut off.
  const of = { Bucket: bucket, ExpectedBucketOwner: account };
  const blocked = { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true };
  await asked('s3:PutBucketPublicAccessBlock', s3.send(new PutPublicAccessBlockCommand({ ...of, PublicAccessBlockConfiguration: blocked })));
  const owned = { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' as const }] };
  await asked('s3:PutBucketOwnershipControls', s3.send(new PutBucketOwnershipControlsCommand({ ...of, OwnershipControls: owned })));
  const encrypted = { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' as const } }] };
  await asked('s3:PutEncryptionConfiguration', s3.send(new PutBucketEncryptionCommand({ ...of, ServerSideEncryptionConfiguration: encrypted })));
  const policy = JSON.stringify({ Version: '2012-10-17', Statement: [onlyByTls(`arn:${partition}:s3:::${bucket}`)] });
  await asked('s3:PutBucketPolicy', s3.send(new PutBucketPolicyCommand({ ...of, Policy: policy })));
  return state === 'missing';
}

/** @returns whether it had to be uploaded */
export async function uploadCode({ s3, account }: Aws, { bucket, key }: Code, zip: Uint8Array): Promise<boolean> {
  const of = { Bucket: bucket, Key: key, ExpectedBucketOwner: account };
  try {
    await s3.send(new HeadObjectCommand(of));
    return false;
  } catch (error) {
    if (statusOf(error) !== 404 && statusOf(error) !== 403) return asked('s3:GetObject', Promise.reject(error));
  }
  await asked('s3:PutObject', s3.send(new PutObjectCommand({ ...of, Body: zip, ContentType: 'application/zip' })));
  return true;
}
