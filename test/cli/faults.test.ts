import sharp from 'sharp';
import { expect, test } from 'vitest';
import { startS3, type Fault, type S3Request, type S3Server } from '../s3/server.js';
import { onTestFinished } from 'vitest';
import { imgvar, summaryOf, workspace, type Ended } from './imgvar.js';
import { photo } from './pictures.js';
import { bucketSide } from './sides.js';

type Before = (request: S3Request) => Fault | undefined;

/** A bucket of small originals, and the way to run imgvar on it while things go wrong. */
async function troubled(count: number) {
  let before: Before = () => undefined;
  const server = await startS3({ buckets: ['originals', 'variants'], before: (request) => before(request) });
  onTestFinished(() => server.close());
  const o = bucketSide(server, 'originals', '');
  const v = bucketSide(server, 'variants', '');
  for (let i = 0; i < count; i++) await o.put(`${String(i).padStart(4, '0')}.jpg`, await photo(i));
  const cwd = await workspace({ 'c.json': JSON.stringify({ specs: { small: { width: 20 }, web: { width: 30, format: 'webp' } }, s3: { timeoutSeconds: 1 } }) });
  const run = (env: NodeJS.ProcessEnv = {}, ...args: string[]): Promise<Ended> =>
    imgvar(['reprocess', 's3://originals', 's3://variants', '-c', 'c.json', '--json', ...args], cwd, { AWS_ENDPOINT_URL: server.url, ...env });
  return { server, o, v, run, during: (next: Before) => (before = next) };
}

async function everyVariantDecodes(server: S3Server, count: number): Promise<void> {
  const variants = [...(server.buckets.get('variants') ?? [])].filter(([key]) => !key.startsWith('.imgvar/'));
  expect(variants).toHaveLength(count);
  for (const [, { bytes }] of variants) expect((await sharp(bytes).raw().toBuffer()).length).toBeGreaterThan(0);
}

/** The same faults in every run: a number from 0 to 999 for each request. */
function dice(count: number): number {
  return ((count + 1) * 2654435761 >>> 8) % 1000;
}

test('500 originals while one request in ten goes wrong: all are made, every request is counted', async () => {
  const { server, run, during } = await troubled(500);
  let faults = 0;
  during(({ count, method }) => {
    const at = dice(count);
    const fault: Fault | undefined =
      at < 25 ? { kind: 'error', status: 503, code: 'SlowDown' }
      : at < 50 ? { kind: 'html', status: 503 }
      : at < 60 ? { kind: 'reset' }
      // What was asked for is done, and nobody hears of it.
      : at < 70 ? { kind: 'reset', after: true }
      : at < 80 ? { kind: 'stall' }
      : at < 100 && method === 'GET' ? { kind: 'truncated' }
      : undefined;
    if (fault !== undefined) faults += 1;
    return fault;
  });
  const ended = await run();
  expect(ended.json().filter(({ result }) => result === 'failed')).toEqual([]);
  expect(ended.code).toBe(0);
  const summary = summaryOf(ended);
  expect(summary).toMatchObject({ originals: 500, made: 1000, failed: 0, complete: true });
  const { get, put, head, list, delete: deleted } = server.counts;
  expect(summary?.['requests']).toEqual({ get, put, head, list, delete: deleted, retries: faults });
  expect(faults).toBeGreaterThan(150);
  await everyVariantDecodes(server, 1000);
  during(() => undefined);
  expect(summaryOf(await run())).toMatchObject({ due: 0, upToDate: 500 });
}, 300_000);

test.each<[string, string, NodeJS.ProcessEnv, Before]>([
  ['no credentials', 'credentials-missing', { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' }, () => undefined],
  ['a profile that does not exist', 'credentials-missing', { AWS_PROFILE: 'nobody', AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' }, () => undefined],
  ['a wrong key', 'credentials-wrong', {}, () => ({ kind: 'error', status: 403, code: 'InvalidAccessKeyId' })],
  ['a wrong secret', 'credentials-wrong', {}, () => ({ kind: 'error', status: 403, code: 'SignatureDoesNotMatch' })],
  ['expired credentials', 'credentials-expired', {}, () => ({ kind: 'error', status: 400, code: 'ExpiredToken' })],
  ['a wrong clock', 'clock-wrong', {}, () => ({ kind: 'error', status: 403, code: 'RequestTimeTooSkewed' })],
  ['no permission to list', 'location-unreadable', {}, () => ({ kind: 'error', status: 403, code: 'AccessDenied' })],
  ['no permission to write', 'location-unwritable', {}, ({ method }) => (method === 'PUT' ? { kind: 'error', status: 403, code: 'AccessDenied' } : undefined)],
  ['a bucket that is not there', 'location-missing', {}, ({ bucket }) => (bucket === 'variants' ? { kind: 'error', status: 404, code: 'NoSuchBucket' } : undefined)],
  ['an endpoint that is down', 'endpoint-unreachable', { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' }, () => undefined],
  ['an endpoint that is no store', 'endpoint-unreachable', {}, () => ({ kind: 'html', status: 200 })],
])('%s: one sentence, exit 2, nothing made', async (_, code, env, before) => {
  const { v, run, during } = await troubled(3);
  during(before);
  const ended = await run(env);
  expect(ended.json()).toMatchObject([{ type: 'error', code }]);
  expect(ended.code).toBe(2);
  expect(ended.stderr.trim().split('\n')).toHaveLength(1);
  expect(ended.stderr).not.toContain('testsecret');
  expect(await v.keys()).toEqual([]);
});

test.each<[string, string, Before]>([
  ['credentials expire', 'credentials-expired', () => ({ kind: 'error', status: 400, code: 'ExpiredToken' })],
  ['the bucket of originals is removed', 'location-missing', ({ method }) => (method === 'HEAD' ? undefined : { kind: 'error', status: 404, code: 'NoSuchBucket' })],
])('%s in the middle: one sentence, exit 2, nothing torn, and the same command goes on', async (_, code, fault) => {
  const { server, v, run, during } = await troubled(100);
  during((request) => (server.counts.put > 60 ? fault(request) : undefined));
  const ended = await run();
  expect(ended.json().at(-1)).toMatchObject({ type: 'error', code });
  expect(ended.code).toBe(2);
  expect(ended.stderr.trim().split('\n')).toHaveLength(1);
  const made = (await v.keys()).length;
  expect(made).toBeGreaterThan(0);
  expect(made).toBeLessThan(200);
  during(() => undefined);
  const again = await run();
  expect(again.code).toBe(0);
  expect(summaryOf(again)).toMatchObject({ complete: true, failed: 0 });
  await everyVariantDecodes(server, 200);
});

test.each<[string, string, boolean, (request: S3Request) => Fault | undefined]>([
  ['an archived original', 'original-archived', false, ({ method, key }) => (method === 'GET' && key === '0001.jpg' ? { kind: 'error', status: 403, code: 'InvalidObjectState' } : undefined)],
  ['an original that may not be read', 'access-denied', false, ({ method, key }) => (method === 'GET' && key === '0001.jpg' ? { kind: 'error', status: 403, code: 'AccessDenied' } : undefined)],
  ['an original that is gone', 'original-missing', false, ({ method, key }) => (method === 'GET' && key === '0001.jpg' ? { kind: 'error', status: 404, code: 'NoSuchKey' } : undefined)],
])('%s is a failure of that one', async (_, code, retryable, fault) => {
  const { server, run, during } = await troubled(3);
  during(fault);
  const ended = await run();
  expect(ended.code).toBe(3);
  expect(ended.json().filter(({ result }) => result === 'failed')).toMatchObject([{ original: '0001.jpg', variant: null, code, retryable }]);
  await everyVariantDecodes(server, 4);
});

const MOMENTS: Record<string, (request: S3Request) => boolean> = {
  'after it was listed': ({ method, key }) => method === 'GET' && key === '0000.jpg',
  'before the first variant is written': ({ method, bucket }) => method === 'PUT' && bucket === 'variants',
  'before the last variant is written': ({ method, key }) => method === 'PUT' && key.startsWith('web/'),
  'just before it is looked at once more': ({ method, key }) => method === 'HEAD' && key === '0000.jpg',
};

test.each(Object.keys(MOMENTS))('an original replaced %s ends with variants of the new one', async (moment) => {
  const { server, o, v, run, during } = await troubled(1);
  let replaced = false;
  const red = await sharp({ create: { width: 64, height: 48, channels: 3, background: '#ff0000' } }).jpeg().toBuffer();
  during((request) => {
    if (!replaced && !request.key.startsWith('.imgvar/') && MOMENTS[moment]?.(request)) {
      replaced = true;
      void o.put('0000.jpg', red);
    }
    return undefined;
  });
  const ended = await run();
  expect(replaced).toBe(true);
  expect(ended.code).toBe(0);
  for (const key of await v.keys()) {
    const [r = 0, g = 0, b = 0] = await sharp(await v.read(key)).raw().toBuffer();
    expect([key, r > 230, g < 30, b < 30]).toEqual([key, true, true, true]);
  }
  const web = server.buckets.get('variants')?.get('web/0000.jpg.webp');
  expect(web?.headers['x-amz-meta-imgvar-source-etag']).toBe(server.buckets.get('originals')?.get('0000.jpg')?.etag.replaceAll('"', ''));
});

test('buckets in two regions are followed there, without a request lost each time', async () => {
  const server = await startS3({ buckets: ['originals', 'variants'], regions: { originals: 'eu-west-1', variants: 'ap-southeast-2' } });
  onTestFinished(() => server.close());
  for (let i = 0; i < 20; i++) server.put('originals', `${i}.jpg`, await photo(i));
  const ended = await imgvar(['reprocess', 's3://originals', 's3://variants', '--only', 'small', '--json'], await workspace(), { AWS_ENDPOINT_URL: server.url });
  expect(ended.code).toBe(0);
  const requests = summaryOf(ended)?.['requests'] as Record<string, number>;
  expect(requests['retries']).toBeLessThan(30);
  await everyVariantDecodes(server, 20);
});

test('a provider that ignores conditional writes is told', async () => {
  const server = await startS3({ buckets: ['originals', 'variants'], ignoresConditions: true });
  onTestFinished(() => server.close());
  server.put('originals', 'a.jpg', await photo(1));
  const args = ['reprocess', 's3://originals', 's3://variants', '--only', 'small'];
  const cwd = await workspace();
  const json = await imgvar([...args, '--json'], cwd, { AWS_ENDPOINT_URL: server.url });
  expect(json.code).toBe(0);
  expect(json.json()).toContainEqual(expect.objectContaining({ type: 'warning', code: 'conditional-writes-ignored' }));
  const text = await imgvar(args, cwd, { AWS_ENDPOINT_URL: server.url });
  expect(text.stderr).toMatch(/^Warning: .*conditional writes/);
});
