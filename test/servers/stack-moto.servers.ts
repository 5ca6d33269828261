import { CloudFormationClient, DeleteStackCommand, DescribeStacksCommand, ListStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { GetBucketEncryptionCommand, GetBucketPolicyCommand, GetObjectCommand, GetPublicAccessBlockCommand, HeadBucketCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { zipOf } from '../../src/lambda/zip.js';
import { imgvar, workspace } from '../cli/imgvar.js';
import { hasMoto, installed, startMoto, type Running } from './running.js';

describe.skipIf(!installed('cfn-lint'))('cfn-lint', () => {
  test('has nothing to say of the template', async () => {
    const { stdout } = await imgvar(['stack']);
    const cwd = await workspace({ 'template.yaml': stdout });
    const linted = spawnSync('cfn-lint', ['template.yaml'], { cwd, encoding: 'utf8' });
    expect([linted.stdout, linted.stderr, linted.status]).toEqual(['', '', 0]);
  });
});

describe.skipIf(!hasMoto())('imgvar deploy on moto', () => {
  let server: Running;
  let cwd: string;
  let s3: S3Client;
  let cloudFormation: CloudFormationClient;
  beforeAll(async () => {
    server = await startMoto();
    const code = zipOf({ 'resize.mjs': Buffer.from('export {}'), 'backup.mjs': Buffer.from('export {}') });
    cwd = await workspace({ 'code.zip': code, 'imgvar.config.json': config(20) }, afterAll);
    s3 = new S3Client({ endpoint: server.url, forcePathStyle: true });
    cloudFormation = new CloudFormationClient({ endpoint: server.url });
  });
  afterAll(() => server.stop());

  const ACCOUNT = '123456789012';
  const bucket = (role: string): string => `imgvar-${role}-${ACCOUNT}-us-east-1`;
  const artifacts = `imgvar-artifacts-${ACCOUNT}-us-east-1`;
  const config = (width: number): string => JSON.stringify({ specs: { small: { width } } });

  const deploy = async (...args: string[]) => {
    const ended = await imgvar(['deploy', '--code', 'code.zip', '--json', ...args], cwd, { AWS_ENDPOINT_URL: server.url });
    expect(ended.code, ended.stderr).toBe(0);
    return ended.json();
  };
  const functionOf = async (name: string): Promise<Record<string, unknown>> => {
    const authorization = 'AWS4-HMAC-SHA256 Credential=testkey/20261125/us-east-1/lambda/aws4_request, SignedHeaders=host, Signature=none';
    const answer = await fetch(`${server.url}/2015-03-31/functions/${name}/configuration`, { headers: { authorization } });
    return (await answer.json()) as Record<string, unknown>;
  };
  const resources = async (stack = 'imgvar'): Promise<string[]> => {
    const { StackResourceSummaries = [] } = await cloudFormation.send(new ListStackResourcesCommand({ StackName: stack }));
    return StackResourceSummaries.map(({ LogicalResourceId }) => String(LogicalResourceId)).filter((name) => name !== '');
  };

  test('--dry-run leaves nothing', async () => {
    expect((await deploy('--dry-run')).at(-1)).toMatchObject({ outcome: 'dry-run' });
    await expect(cloudFormation.send(new DescribeStacksCommand({ StackName: 'imgvar' }))).rejects.toThrow(/does not exist/);
    await expect(s3.send(new HeadBucketCommand({ Bucket: artifacts }))).rejects.toThrow();
  });

  test('makes the stack', async () => {
    const last = (await deploy('--yes', '--parameter', 'ResizeTimeoutSeconds=1')).at(-1);
    expect(last).toMatchObject({ outcome: 'created', outputs: { ReprocessFunctionName: 'imgvar-reprocess', OriginalsLocation: `s3://${bucket('originals')}/uploads/images/original/` } });
    expect(await resources()).toEqual(expect.arrayContaining(['Originals', 'Processed', 'Backup', 'Uploads', 'ResizeDeadLetters', 'ResizeRole', 'ResizeLogs']));
    for (const role of ['originals', 'processed', 'backup']) await s3.send(new HeadBucketCommand({ Bucket: bucket(role) }));
    for (const [name, handler] of [['resize', 'resize.handler'], ['reprocess', 'resize.handler'], ['backup', 'backup.handler']]) {
      expect(await functionOf(`imgvar-${name}`)).toMatchObject({ Runtime: 'nodejs22.x', Handler: handler, Role: expect.stringContaining(':role/') as string });
    }
    const { Policy = '' } = await s3.send(new GetBucketPolicyCommand({ Bucket: artifacts }));
    expect(Policy).toContain('aws:SecureTransport');
    const { PublicAccessBlockConfiguration } = await s3.send(new GetPublicAccessBlockCommand({ Bucket: artifacts }));
    expect(Object.values(PublicAccessBlockConfiguration ?? {})).toEqual([true, true, true, true]);
    expect((await s3.send(new GetBucketEncryptionCommand({ Bucket: artifacts }))).ServerSideEncryptionConfiguration?.Rules).toHaveLength(1);
  });

  test('does nothing when nothing has changed', async () => {
    expect((await deploy()).at(-1)).toMatchObject({ outcome: 'none' });
  });

  test('updates it with a changed spec, whose era begins then', async () => {
    const before = await functionOf('imgvar-resize');
    const written = JSON.parse(await readFile(path.join(cwd, 'imgvar.config.json'), 'utf8')) as object;
    await writeFile(path.join(cwd, 'imgvar.config.json'), JSON.stringify({ ...written, specs: { small: { width: 21 } } }));
    const lines = await deploy();
    expect(lines.at(-1)).toMatchObject({ outcome: 'updated' });
    expect(lines.filter(({ type }) => type === 'step').map(({ code }) => code)).toEqual(['code-uploaded', 'waiting-for-old-code', 'eras-appended']);
    expect((await functionOf('imgvar-resize'))['CodeSha256']).not.toBe(before['CodeSha256']);
    const answer = await s3.send(new GetObjectCommand({ Bucket: bucket('processed'), Key: 'uploads/images/.imgvar/specs.json' }));
    const { specs } = JSON.parse(String(await answer.Body?.transformToString())) as { specs: { small: unknown[] } };
    expect(specs.small).toHaveLength(2);
    const { KeyCount } = await s3.send(new ListObjectsV2Command({ Bucket: artifacts }));
    expect(KeyCount).toBe(2);
  });

  test('is removed, and its buckets stay', async () => {
    await cloudFormation.send(new DeleteStackCommand({ StackName: 'imgvar' }));
    await expect(cloudFormation.send(new DescribeStacksCommand({ StackName: 'imgvar' }))).rejects.toThrow(/does not exist/);
    for (const role of ['originals', 'processed', 'backup']) await s3.send(new HeadBucketCommand({ Bucket: bucket(role) }));
    expect(await functionOf('imgvar-resize')).not.toHaveProperty('Handler');
  });

  test('comes back with the buckets that stayed', async () => {
    const args = ['originals', 'processed', 'backup'].flatMap((role) => [`--existing-${role}`, bucket(role)]);
    const lines = await deploy('--stack-name', 'again', ...args);
    expect(lines.at(-1)).toMatchObject({ outcome: 'created' });
    expect(lines.filter(({ type }) => type === 'statements')).toHaveLength(3);
    expect(await resources('again')).not.toContain('Originals');
  });
});
