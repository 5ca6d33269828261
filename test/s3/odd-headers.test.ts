import { createHash } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { s3Copier, type CopierOptions } from '../../src/store/s3-copy.js';
import { s3Place } from '../../src/store/s3-place.js';
import { DEFAULT_S3 } from '../../src/store/s3-settings.js';
import { backUp } from '../../src/work/back-up.js';
import { bringBack } from '../../src/work/bring-back.js';
import type { Before, S3Request } from './request.js';
import { startS3 } from './server.js';

/** As Node reads and writes headers whose bytes are UTF-8. */
const asSent = (text: string): string => Buffer.from(text).toString('latin1');

const HEADERS = { 'content-type': 'image/jpeg', 'content-disposition': asSent('attachment; filename="1 ©.jpg"'), 'x-amz-meta-by': asSent('Zoë'), 'x-amz-meta-of': 'x' };

/** An original with such headers, and how it is copied. */
async function scene({ before, ...options }: CopierOptions & { before?: Before } = {}) {
  const server = await startS3({ buckets: ['originals', 'backup'], ...(before && { before }) });
  onTestFinished(() => server.close());
  const s3 = { ...DEFAULT_S3, endpoint: server.url, region: 'us-east-1' };
  const [originals, backup] = [s3Place('originals', '', s3), s3Place('backup', '', s3)];
  server.put('originals', 'a.jpg', Buffer.from('content'));
  const held = (bucket: string) => server.buckets.get(bucket)?.get('a.jpg');
  Object.assign(held('originals')?.headers ?? {}, HEADERS);
  return { server, held, there: s3Copier(originals, backup, options), back: s3Copier(backup, originals, { ...options, marks: false }) };
}

test('headers that are not ASCII stay with a copy, there and back', async () => {
  const { server, held, there, back } = await scene();
  expect(await backUp('a.jpg', there)).toEqual({ result: 'copied', bytes: 7 });
  expect(held('backup')?.headers).toEqual(HEADERS);
  expect(await backUp('a.jpg', there)).toEqual({ result: 'present', bytes: 7 });
  server.remove('originals', 'a.jpg');
  expect(await bringBack('a.jpg', back, false)).toBe(7);
  expect(held('originals')?.headers).toEqual(HEADERS);
});

test('a mark that was uploaded together with them hides no later content', async () => {
  const { server, held, there, back } = await scene();
  const [first, second] = ['content', 'CONTENT'].map((content) => createHash('md5').update(content).digest('hex'));
  Object.assign(held('originals')?.headers ?? {}, { 'x-amz-meta-imgvar-source-etag': second });
  expect(await backUp('a.jpg', there)).toEqual({ result: 'copied', bytes: 7 });
  expect(await there.existing('a.jpg')).toMatchObject({ sourceEtag: first });
  expect(await back.source('a.jpg')).not.toHaveProperty('madeFrom');
  server.put('originals', 'a.jpg', Buffer.from('CONTENT'));
  expect(await there.source('a.jpg')).toMatchObject({ original: { etag: second } });
  expect(await backUp('a.jpg', there)).toEqual({ result: 'copied', bytes: 7 });
  expect(held('backup')?.bytes.toString()).toBe('CONTENT');
  expect(await backUp('a.jpg', there)).toEqual({ result: 'present', bytes: 7 });
});

test('what is copied in parts goes without them, as each has to be sent', async () => {
  const created: S3Request[] = [];
  const { there } = await scene({ largest: 4, before: (request) => {
    if (request.query.has('uploads')) created.push(request);
    if (request.query.has('uploads')) return { kind: 'text', text: '<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>' };
    if (request.query.has('partNumber')) return { kind: 'text', text: '<CopyPartResult><ETag>"e"</ETag></CopyPartResult>' };
    return request.method === 'POST' ? { kind: 'text', text: '<CompleteMultipartUploadResult/>' } : undefined;
  } });
  const source = await there.source('a.jpg');
  if (source === undefined) throw new Error('no source');
  expect(await there.copy(source, undefined)).toBe('copied');
  const [{ headers } = { headers: {} }] = created;
  expect(headers).toMatchObject({ 'content-type': 'image/jpeg', 'x-amz-meta-of': 'x', 'x-amz-meta-imgvar-source-etag': source.original.etag });
  expect(headers).not.toHaveProperty('content-disposition');
  expect(headers).not.toHaveProperty('x-amz-meta-by');
});
