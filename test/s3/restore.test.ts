import { expect, onTestFinished, test } from 'vitest';
import { s3Copier } from '../../src/store/s3-copy.js';
import { s3Place } from '../../src/store/s3-place.js';
import { DEFAULT_S3 } from '../../src/store/s3-settings.js';
import { backUp } from '../../src/work/back-up.js';
import { bringBack } from '../../src/work/bring-back.js';
import type { Before } from './request.js';
import { startS3 } from './server.js';

/** An original of which there is a copy, in buckets whose ETags say nothing of what is in an object. */
async function scene(before: Before = () => undefined) {
  const server = await startS3({ buckets: ['originals', 'backup'], encrypts: true, before });
  onTestFinished(() => server.close());
  const s3 = { ...DEFAULT_S3, endpoint: server.url, region: 'us-east-1' };
  const [originals, backup] = [s3Place('originals', '', s3), s3Place('backup', '', s3)];
  server.put('originals', 'a.jpg', Buffer.from('content'));
  await backUp('a.jpg', s3Copier(originals, backup));
  const copier = s3Copier(backup, originals, { marks: false });
  return { server, copier, content: () => server.buckets.get('originals')?.get('a.jpg')?.bytes.toString() };
}

test('what was brought back is the same content, whatever its ETag is', async () => {
  const { server, copier, content } = await scene();
  server.remove('originals', 'a.jpg');
  expect(await bringBack('a.jpg', copier, false)).toBe(7);
  expect(await bringBack('a.jpg', copier, false)).toBe(0);
  expect(content()).toBe('content');
});

test('what was brought back, and its answer lost, is no upload that came between', async () => {
  let copies = 0;
  const isFirst: Before = ({ method, bucket }) => (method === 'PUT' && bucket === 'originals' && ++copies === 1 ? { kind: 'reset', after: true } : undefined);
  const { server, copier, content } = await scene(isFirst);
  server.remove('originals', 'a.jpg');
  expect(await bringBack('a.jpg', copier, false)).toBe(7);
  expect(copies).toBe(2);
  expect(content()).toBe('content');
});

test.each([
  ['of the same size, which is read', 'another', 2],
  ['of another size, which is seen without reading', 'larger than it', 0],
])('other content stays: %s', async (_, other, reads) => {
  const { server, copier, content } = await scene();
  server.put('originals', 'a.jpg', Buffer.from(other));
  await expect(bringBack('a.jpg', copier, false)).rejects.toMatchObject({ code: 'original-present' });
  expect(content()).toBe(other);
  expect(copier.requests.get).toBe(reads);
  expect(await bringBack('a.jpg', copier, true)).toBe(7);
  expect(content()).toBe('content');
});
