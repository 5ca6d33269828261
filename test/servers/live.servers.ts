/**
 * The live system, whole: uploads to a bucket, S3 tells SNS, SNS tells both functions, and those are the built bundle with
 * Lambda's own runtime client. moto is S3 and SNS, held to S3's conditions on copies.
 */
import {
  CreateBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import PQueue from 'p-queue';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load.js';
import { deploymentPackage } from '../../src/lambda/deployment-package.js';
import { DEFAULT_S3 } from '../../src/store/s3-settings.js';
import { bundle, unpack } from '../lambda/bundle.js';
import { lambdaLimits } from '../lambda/limits.js';
import { startLambda, type LambdaServer } from '../lambda/server.js';
import { rawClient } from '../s3/suite.js';
import { keepConditions } from './conditional-copies.js';
import { hasMoto, lambdaRuntime, startMoto, type Running } from './running.js';
import { subscribe } from './sns-to-lambda.js';

const UPLOADS = 200;
const SPECS = ['xlarge', 'large', 'medium', 'small', 'square-medium', 'square-small'];
const UGLY = ['a b', 'a+b', 'a%2Fb', 'a%b', 'a#b', 'a?b=c&d', `a&amp;b<c>"d'`, '👩‍👩‍👧', 'caf\u00e9', 'cafe\u0301', '日本/語', '.hidden', 'a//b', '(i)[j]{k}', '$@!*~', '__proto__/x'];

const runtime = lambdaRuntime();

describe.skipIf(runtime === undefined)("Lambda's own runtime client", () => {
  lambdaLimits("Lambda's own runtime client", () => runtime ?? []);
});

describe.skipIf(runtime === undefined || !hasMoto() || process.platform !== 'linux')('the live system', () => {
  let moto: Running;
  let lambda: LambdaServer;
  let folder: string;
  let s3: S3Client;
  let subscription: { close: () => void };
  let conditions: { url: string; close: () => void };
  const told: unknown[] = [];

  beforeAll(async () => {
    moto = await startMoto();
    s3 = rawClient({ ...DEFAULT_S3, endpoint: moto.url });
    for (const Bucket of ['originals', 'variants', 'backup']) await s3.send(new CreateBucketCommand({ Bucket }));
    await s3.send(new PutBucketVersioningCommand({ Bucket: 'backup', VersioningConfiguration: { Status: 'Enabled' } }));

    folder = await mkdtemp(path.join(tmpdir(), 'imgvar-live-'));
    const zip = await bundle(process.arch === 'arm64' ? 'arm64' : 'x64');
    await unpack(deploymentPackage(zip, await loadConfig({ preset: 'levels', cwd: folder })), folder);
    conditions = await keepConditions(moto.url);
    const env = { IMGVAR_ORIGINALS: 's3://originals/up loads/', IMGVAR_VARIANTS: 's3://variants/', IMGVAR_BACKUP: 's3://backup/kept/' };
    const common = { root: folder, runtime: runtime ?? [], concurrency: 3 };
    lambda = await startLambda({
      resize: { ...common, handler: 'resize.handler', env: { ...env, AWS_ENDPOINT_URL_S3: moto.url } },
      backup: { ...common, handler: 'backup.handler', env: { ...env, AWS_ENDPOINT_URL_S3: conditions.url } },
    });
    subscription = await subscribe(moto.url, 'originals', (event) => {
      told.push(event);
      deliver(event);
    });
  });
  afterAll(async () => {
    subscription.close();
    conditions.close();
    await lambda.close();
    moto.stop();
    await rm(folder, { recursive: true });
  });

  const deliver = (event: unknown): void => {
    lambda.deliver('resize', event);
    lambda.deliver('backup', event);
  };

  const upload = async (key: string, colour: number): Promise<void> => {
    const background = { r: colour % 256, g: colour >> 8, b: 77 };
    const Body = await sharp({ create: { width: 60, height: 40, channels: 3, background } }).jpeg().toBuffer();
    await s3.send(new PutObjectCommand({ Bucket: 'originals', Key: `up loads/${key}`, Body, ContentType: 'image/jpeg', Metadata: { colour: String(colour) } }));
  };

  test('makes six variants and one backup of each upload, whatever is doubled, reordered or killed', async () => {
    const keys = Array.from({ length: UPLOADS }, (_, i) => `${UGLY[i % UGLY.length]} ${i}.jpg`);
    // Every tenth is replaced at once, so that its two notices are on their way together.
    const uploads = new PQueue({ concurrency: 6 });
    const uploading = uploads.addAll(
      keys.map((key, i) => async () => {
        await upload(key, i);
        if (i % 10 === 0) await upload(key, 10_000 + i);
      }),
    );
    let kills = 0;
    const killing = (async () => {
      for (; uploads.size + uploads.pending > 0; await sleep(700)) kills += lambda.kill();
    })();
    await uploading;
    await killing;
    const notices = UPLOADS + UPLOADS / 10 + 1;
    while (told.length < notices) await sleep(50);
    await lambda.settled();
    expect(kills).toBeGreaterThan(5);

    // What was killed three times is where its owner finds it, and sends it again.
    const dead = lambda.deadLetters.splice(0);
    for (const { error } of dead) expect(error).toContain('signal: killed');
    for (const { name, event } of dead) lambda.deliver(name, event);
    await lambda.settled();
    // Once more, the latest first: all backups, and so many variants as there is time for.
    for (const [i, event] of [...told].reverse().entries()) {
      lambda.deliver('backup', event);
      if (i % 4 === 0) lambda.deliver('resize', event);
    }
    await lambda.settled();
    expect(lambda.deadLetters).toEqual([]);

    const etags = new Map((await list('originals')).map(({ key, etag }) => [key.slice('up loads/'.length), etag]));
    expect([...etags.keys()].sort()).toEqual([...keys].sort());
    const expected = SPECS.flatMap((name) => keys.map((key) => `${name}/${key}`));
    expect((await list('variants')).map(({ key }) => key).sort()).toEqual(expected.sort());
    const replaced = keys.filter((_, i) => i % 10 === 0);
    for (const key of [...replaced.flatMap((key) => SPECS.map((name) => `${name}/${key}`)), ...keys.map((key) => `small/${key}`)]) {
      const { Metadata } = await s3.send(new HeadObjectCommand({ Bucket: 'variants', Key: key }));
      expect([key, Metadata?.['imgvar-source-etag']]).toEqual([key, etags.get(key.slice(key.indexOf('/') + 1))]);
    }
    await expectBackups(keys, etags, replaced);
  });

  test('writes lines of JSON, and no secrets', () => {
    const written = lambda.logs.filter((line) => line.startsWith('{'));
    expect(written.length).toBeGreaterThan(UPLOADS * 2);
    for (const line of written) expect(JSON.parse(line)).toMatchObject({ level: expect.any(String), code: expect.any(String) });
    expect(written.join('\n')).not.toContain(process.env['AWS_SECRET_ACCESS_KEY']);
  });

  /** One version for each content that there was, and the present one on top. */
  const expectBackups = async (keys: readonly string[], etags: ReadonlyMap<string, string>, replaced: readonly string[]): Promise<void> => {
    const versions = await listVersions();
    expect([...new Set(versions.map(({ key }) => key))].sort()).toEqual(keys.map((key) => `kept/${key}`).sort());
    expect(new Set(versions.map(({ key, etag }) => `${etag} ${key}`)).size).toBe(versions.length);
    for (const key of keys) {
      const own = versions.filter((version) => version.key === `kept/${key}`);
      expect(own.length, key).toBeLessThanOrEqual(replaced.includes(key) ? 2 : 1);
      expect(own.find(({ isLatest }) => isLatest)?.etag, key).toBe(etags.get(key));
    }
    const { ContentType, Metadata } = await s3.send(new HeadObjectCommand({ Bucket: 'backup', Key: `kept/${keys[1]}` }));
    expect({ ContentType, Metadata }).toEqual({ ContentType: 'image/jpeg', Metadata: { colour: '1', 'imgvar-source-etag': etags.get(keys[1] ?? '') } });
  };

  const list = async (Bucket: string): Promise<{ key: string; etag: string }[]> => {
    const { Contents = [], NextContinuationToken } = await s3.send(new ListObjectsV2Command({ Bucket }));
    const found = [...Contents];
    for (let token = NextContinuationToken; token !== undefined; ) {
      const page = await s3.send(new ListObjectsV2Command({ Bucket, ContinuationToken: token }));
      found.push(...(page.Contents ?? []));
      token = page.NextContinuationToken;
    }
    return found.map(({ Key = '', ETag = '' }) => ({ key: Key, etag: ETag.replaceAll('"', '') }));
  };

  const listVersions = async (): Promise<{ key: string; etag: string; isLatest: boolean }[]> => {
    const { Versions = [], IsTruncated } = await s3.send(new ListObjectVersionsCommand({ Bucket: 'backup' }));
    expect(IsTruncated).toBe(false);
    return Versions.map(({ Key = '', ETag = '', IsLatest = false }) => ({ key: Key, etag: ETag.replaceAll('"', ''), isLatest: IsLatest }));
  };
});
