import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { zipOf } from '../../src/lambda/zip.js';
import { startS3, type S3Server } from '../s3/server.js';
import { startCloudFormation, type FakeCloudFormation, type Script, type Told } from '../stack/cloudformation.js';
import { imgvar, start, workspace, type Ended, type Running } from './imgvar.js';

/** Deployments to a CloudFormation and an S3 of the tests'. */

export const CODE = zipOf({ 'resize.mjs': Buffer.from('export {}'), 'backup.mjs': Buffer.from('export {}') });
const SPECS = { small: { width: 20 } };
export const NAMES = { originals: 's3://o/uploads/images/original/', variants: 's3://p/uploads/images/', backup: 's3://b/' };
export const STACK = 'AWS::CloudFormation::Stack';
export const ARTIFACTS = 'imgvar-artifacts-123456789012-us-east-1';

export const created: Told[] = [
  ['imgvar', STACK, 'CREATE_IN_PROGRESS'],
  ['Originals', 'AWS::S3::Bucket', 'CREATE_IN_PROGRESS'],
  ['Originals', 'AWS::S3::Bucket', 'CREATE_COMPLETE'],
  ['imgvar', STACK, 'CREATE_COMPLETE'],
];
export const outputs = {
  OriginalsLocation: NAMES.originals,
  VariantsLocation: NAMES.variants,
  BackupLocation: NAMES.backup,
  ReprocessFunctionName: 'imgvar-reprocess',
  UploadsTopicArn: 'arn:aws:sns:us-east-1:123456789012:imgvar-uploads',
  BackupRoleArn: 'arn:aws:iam::123456789012:role/backup',
  DistributionId: 'E1',
  DistributionDomain: 'd1.cloudfront.net',
};
export const deployed = {
  parameters: { OriginalsBucket: 'o', ProcessedBucket: 'p', BackupBucket: 'b', ResizeTimeoutSeconds: '1' },
  outputs,
};

export interface Cloud {
  readonly s3: S3Server;
  readonly cloudFormation: FakeCloudFormation;
  readonly cwd: string;
  deploy(...args: string[]): Promise<Ended>;
  start(...args: string[]): Running;
  config(): Promise<Record<string, unknown>>;
}

export async function cloud(script: Script = {}, buckets: readonly string[] = [], fields: Readonly<Record<string, unknown>> = NAMES): Promise<Cloud> {
  const s3 = await startS3({ buckets });
  onTestFinished(() => s3.close());
  const onExecute = (given: Readonly<Record<string, string>>): void => {
    for (const role of ['Originals', 'Processed', 'Backup']) {
      if (given[`Create${role}Bucket`] !== 'false' && !s3.buckets.has(String(given[`${role}Bucket`]))) s3.buckets.set(String(given[`${role}Bucket`]), new Map());
    }
  };
  const cloudFormation = await startCloudFormation({ execution: [created], outputs, onExecute, ...script });
  const cwd = await workspace({ 'code.zip': CODE, 'imgvar.config.json': JSON.stringify({ ...fields, specs: SPECS }) });
  const env = { AWS_ENDPOINT_URL_S3: s3.url, AWS_ENDPOINT_URL: cloudFormation.url };
  return {
    s3,
    cloudFormation,
    cwd,
    start: (...args) => start(['deploy', '--code', 'code.zip', ...args], cwd, env),
    deploy: (...args) => imgvar(['deploy', '--code', 'code.zip', ...args], cwd, env),
    config: async () => JSON.parse(await readFile(path.join(cwd, 'imgvar.config.json'), 'utf8')) as Record<string, unknown>,
  };
}

export const codeIn = (ended: Ended): unknown => ended.json().at(-1)?.['code'];
