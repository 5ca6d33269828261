/** The built bundle, as it is deployed, in processes of its own behind a small Lambda and a small S3. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load.js';
import { deploymentPackage } from '../../src/lambda/deployment-package.js';
import { fingerprintOf } from '../../src/model/fingerprint.js';
import { parseAnswer } from '../../src/engine/lambda-answer.js';
import { PROTOCOL, type InvocationAnswer } from '../../src/model/invocation.js';
import { DEFAULT_LIMITS } from '../../src/model/limits.js';
import type { Fault } from '../s3/faults.js';
import { startS3, type S3Request, type S3Server } from '../s3/server.js';
import { spec } from '../support.js';
import { bundle, unpack } from './bundle.js';
import { PLAIN_RUNTIME, startLambda, type FunctionSettings, type LambdaServer } from './server.js';

const CONFIG = { specs: { small: { width: 8, height: 8 }, web: { width: 4, height: 4, format: 'webp' } }, limits: { pixels: 10_000 } };

let folder: string;
let zip: Uint8Array;
let s3: S3Server;
let lambda: LambdaServer;
let picture: Buffer;
let fault: ((request: S3Request) => Fault | undefined) | undefined;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'imgvar-functions-'));
  await writeFile(path.join(folder, 'config.json'), JSON.stringify(CONFIG));
  zip = deploymentPackage(await bundle('host'), await loadConfig({ file: 'config.json', cwd: folder }));
  await unpack(zip, path.join(folder, 'task'));
  s3 = await startS3({ buckets: ['originals', 'variants', 'backup'], before: (request) => fault?.(request) });
  const env = { AWS_ENDPOINT_URL_S3: s3.url, IMGVAR_ORIGINALS: 's3://originals/in/', IMGVAR_VARIANTS: 's3://variants/out/', IMGVAR_BACKUP: 's3://backup/' };
  const common: Omit<FunctionSettings, 'handler'> = { root: path.join(folder, 'task'), runtime: PLAIN_RUNTIME, env, concurrency: 2 };
  lambda = await startLambda({
    resize: { ...common, handler: 'resize.handler' },
    backup: { ...common, handler: 'backup.handler' },
    hurried: { ...common, handler: 'resize.handler', timeoutSeconds: 1 },
    lost: { ...common, handler: 'resize.handler', env: { AWS_ENDPOINT_URL_S3: s3.url } },
  });
  picture = await sharp({ create: { width: 20, height: 10, channels: 3, background: 'teal' } }).jpeg().toBuffer();
});
afterEach(() => {
  fault = undefined;
});
afterAll(async () => {
  await lambda.close();
  await s3.close();
  await rm(folder, { recursive: true });
});

function record(key: string, eventName = 'ObjectCreated:Put', bucket = 'originals') {
  const form = encodeURIComponent(key).replaceAll('%20', '+');
  return { eventVersion: '2.1', eventSource: 'aws:s3', eventName, s3: { bucket: { name: bucket }, object: { key: form, size: 100 } } };
}

function viaSns(...records: unknown[]) {
  return { Records: [{ EventSource: 'aws:sns', Sns: { Message: JSON.stringify({ Records: records }) } }] };
}

async function ask(name: string, event: unknown): Promise<InvocationAnswer> {
  const { payload, error } = await lambda.invoke(name, event);
  const answer = parseAnswer(JSON.parse(payload.toString()));
  if (answer === undefined || answer.imgvar === 'other-protocol') throw new Error(`${error}: ${payload.toString()}`);
  return answer;
}

function keysOf(bucket: string): string[] {
  return [...(s3.buckets.get(bucket)?.keys() ?? [])].sort();
}

function logsOf(lines: readonly string[]): Record<string, unknown>[] {
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('an upload', () => {
  test('is made into all variants, and backed up, when S3 tells of it by way of SNS', async () => {
    const key = 'in/a b+c/ü.png.jpg';
    s3.put('originals', key, picture);
    const made = await lambda.invoke('resize', viaSns(record(key)));
    expect(made.error).toBeUndefined();
    expect(keysOf('variants')).toEqual(['out/small/a b+c/ü.png.jpg', 'out/web/a b+c/ü.png.jpg.webp']);
    // One look at the original afterwards, and one for another that would own the name of the webp variant.
    const requests = { get: 1, put: 2, head: 2 };
    expect(logsOf(made.lines)).toMatchObject([
      { level: 'info', code: 'made', key: 'a b+c/ü.png.jpg', function: 'resize', variants: ['small', 'web'], Made: 2, requests },
    ]);
    const kept = await lambda.invoke('backup', viaSns(record(key)));
    expect(kept.error).toBeUndefined();
    expect(keysOf('backup')).toEqual(['a b+c/ü.png.jpg']);
    const again = await lambda.invoke('backup', { Records: [record(key), record(key)] });
    expect([...logsOf(kept.lines), ...logsOf(again.lines)].map(({ code }) => code)).toEqual(['copied', 'present', 'present']);
  });

  test('is counted in the embedded metric format', async () => {
    s3.put('originals', 'in/metric.jpg', picture);
    const { lines } = await lambda.invoke('resize', viaSns(record('in/metric.jpg')));
    const [line] = logsOf(lines);
    const { _aws: embedded } = line as { _aws: { Timestamp: number; CloudWatchMetrics: { Namespace: string; Dimensions: string[][]; Metrics: { Name: string; Unit: string }[] }[] } };
    expect(embedded.Timestamp).toBeGreaterThan(1.7e12);
    const [{ Namespace, Dimensions, Metrics } = { Namespace: '', Dimensions: [], Metrics: [] }] = embedded.CloudWatchMetrics;
    expect(Namespace).toBe('imgvar');
    for (const name of [...Dimensions.flat(), ...Metrics.map(({ Name }) => Name)]) expect(line).toHaveProperty(name);
    expect(Metrics).toContainEqual({ Name: 'Made', Unit: 'Count' });
  });

  test('that can never work is told by its code, and does not hold up the others', async () => {
    s3.put('originals', 'in/corrupt.jpg', picture.subarray(0, 100));
    s3.put('originals', 'in/text.jpg', Buffer.from('no picture'));
    s3.put('originals', 'in/good.jpg', picture);
    s3.put('originals', 'in/huge.png', await sharp({ create: { width: 200, height: 100, channels: 3, background: 'red' } }).png().toBuffer());
    const keys = ['in/corrupt.jpg', 'in/text.jpg', 'in/gone.jpg', 'in/../up.jpg', 'in/huge.png', 'in/good.jpg'];
    const { error, lines } = await lambda.invoke('resize', viaSns(...keys.map((key) => record(key)), { eventName: 'ObjectCreated:Put' }));
    expect(error).toBeUndefined();
    const told = logsOf(lines).map(({ key, code, again }) => [key, code, again]);
    expect(told.sort()).toEqual(
      [
        ['corrupt.jpg', 'corrupt-image', false],
        ['text.jpg', 'unsupported-format', false],
        ['gone.jpg', 'original-missing', false],
        ['../up.jpg', 'invalid-key', false],
        ['huge.png', 'too-many-pixels', false],
        ['good.jpg', 'made', undefined],
        [undefined, 'invalid-event', undefined],
      ].sort(),
    );
    expect(keysOf('variants')).toContain('out/small/good.jpg');
  });

  test('that may work later fails the invocation, once all others were tried', async () => {
    s3.put('originals', 'in/denied.jpg', picture);
    s3.put('originals', 'in/beside.jpg', picture);
    fault = ({ key }) => (key.endsWith('denied.jpg') ? { kind: 'error', status: 403, code: 'AccessDenied' } : undefined);
    const { error, payload, lines } = await lambda.invoke('resize', viaSns(record('in/denied.jpg'), record('in/beside.jpg')));
    expect([error, JSON.parse(payload.toString())]).toMatchObject(['Unhandled', { errorType: 'TryAgainLater' }]);
    expect(logsOf(lines)).toContainEqual(expect.objectContaining({ key: 'denied.jpg', code: 'access-denied', again: true, ToRetry: 1 }));
    expect(keysOf('variants')).toContain('out/small/beside.jpg');
    const kept = await lambda.invoke('backup', viaSns(record('in/denied.jpg'), record('in/beside.jpg')));
    expect(JSON.parse(kept.payload.toString())).toMatchObject({ errorType: 'TryAgainLater' });
    expect(keysOf('backup')).toContain('beside.jpg');
  });

  test('whose name another original owns does not take its variants', async () => {
    s3.put('originals', 'in/pair', picture);
    s3.put('originals', 'in/pair.webp', picture);
    const { lines } = await lambda.invoke('resize', viaSns(record('in/pair')));
    expect(logsOf(lines).map(({ code, variant }) => [code, variant])).toEqual([['made', undefined], ['key-collision', 'web']]);
  });

  test.each([
    ['of another bucket', viaSns(record('in/a.jpg', 'ObjectCreated:Put', 'elsewhere')), 'not-an-original'],
    ['outside of the prefix', viaSns(record('other/a.jpg')), 'not-an-original'],
    ['removed', viaSns(record('in/a.jpg', 'ObjectRemoved:Delete')), 'other-event'],
    ['that tests the wiring', { Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'originals' }, 'test-event'],
  ])('%s is passed over, and told', async (_, event, code) => {
    for (const name of ['resize', 'backup']) {
      const { error, lines } = await lambda.invoke(name, event);
      expect(error).toBeUndefined();
      expect(logsOf(lines)).toMatchObject([{ code }]);
    }
  });
});

describe('a direct call', () => {
  test('describes what is deployed', async () => {
    expect(await ask('resize', { imgvar: 'describe', protocol: 99 })).toEqual({
      imgvar: 'description',
      protocol: PROTOCOL,
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      originals: 's3://originals/in/',
      variants: 's3://variants/out/',
      layout: '{variant}/{path}',
      specs: { small: fingerprintOf(spec('small', { width: 8, height: 8 })), web: fingerprintOf(spec('web', { width: 4, height: 4, format: 'webp' })) },
      region: 'us-east-1',
      architecture: process.arch,
      memoryMB: 1769,
      timeoutSeconds: 60,
      storageClass: null,
    });
  });

  test('does the jobs of a run, by the specs that come with them', async () => {
    s3.put('originals', 'in/job.jpg', picture);
    const job = { original: { key: 'job.jpg', size: 1, lastModified: 0, etag: '' }, due: [{ spec: spec('tiny', { width: 2, height: 2 }), key: 'tiny/job.jpg', reason: 'missing' }] };
    const request = { imgvar: 'jobs', protocol: PROTOCOL, originals: 's3://originals/in/', variants: 's3://variants/out/', limits: DEFAULT_LIMITS, dryRun: false, jobs: [job] };
    const answer = await ask('resize', request);
    expect(answer).toMatchObject({
      imgvar: 'results',
      notBegun: [],
      done: [{ index: 0, result: { original: 'job.jpg', outcomes: [{ result: 'made', variant: 'tiny', width: 2, height: 1 }], requests: { get: 1, put: 1, head: 1 } } }],
    });
    expect(keysOf('variants')).toContain('out/tiny/job.jpg');
    expect(await ask('resize', { ...request, originals: 's3://other/' })).toMatchObject({ code: 'location-foreign' });
    expect(await ask('resize', { ...request, protocol: 0 })).toMatchObject({ code: 'protocol-unsupported' });
    expect(await ask('resize', { hello: 1 })).toMatchObject({ code: 'request-invalid' });
  });

  test('of a function that does not know where to work fails by name', async () => {
    const { error, payload } = await lambda.invoke('lost', { imgvar: 'describe', protocol: PROTOCOL });
    expect([error, JSON.parse(payload.toString())]).toMatchObject(['Unhandled', { errorType: 'UserError', errorMessage: expect.stringContaining('IMGVAR_ORIGINALS') }]);
  });
});

describe('notices that are delivered by SNS', () => {
  test('are done after all, whatever kills the function meanwhile', async () => {
    s3.put('originals', 'in/killed.jpg', picture);
    let kills = 0;
    fault = ({ method, key }) => {
      if (method === 'PUT' && key.endsWith('killed.jpg') && kills < 2) kills += lambda.kill('resize');
      return undefined;
    };
    lambda.deliver('resize', viaSns(record('in/killed.jpg')));
    await lambda.settled();
    expect([kills, lambda.deadLetters]).toEqual([2, []]);
    expect(keysOf('variants')).toEqual(expect.arrayContaining(['out/small/killed.jpg', 'out/web/killed.jpg.webp']));
  });

  test('end in the dead-letter queue where time is never enough', async () => {
    s3.put('originals', 'in/slow.jpg', picture);
    fault = ({ key }) => (key.endsWith('slow.jpg') ? { kind: 'stall' } : undefined);
    lambda.deliver('hurried', viaSns(record('in/slow.jpg')));
    await lambda.settled();
    expect(lambda.deadLetters.splice(0)).toMatchObject([{ name: 'hurried', error: expect.stringContaining('Sandbox.Timedout') }]);
  });
});
