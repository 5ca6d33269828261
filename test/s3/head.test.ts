import { expect, onTestFinished, test } from 'vitest';
import { s3Store } from '../../src/store/s3.js';
import { DEFAULT_S3 } from '../../src/store/s3-settings.js';
import type { Fault } from './request.js';
import { startS3 } from './server.js';

/** Looks at an object while every request is refused so. */
async function statWhile(fault: (method: string) => Fault | undefined) {
  const server = await startS3({ buckets: ['b'], before: ({ method }) => fault(method) });
  onTestFinished(() => server.close());
  server.put('b', 'a.jpg', Buffer.from('content'));
  const store = s3Store('b', '', { ...DEFAULT_S3, endpoint: server.url, region: 'us-east-1' });
  return store.stat('a.jpg');
}

test.each([
  [400, 'ExpiredToken', 'credentials-expired'],
  [403, 'RequestTimeTooSkewed', 'clock-wrong'],
  [403, 'InvalidAccessKeyId', 'credentials-wrong'],
  [403, 'AccessDenied', 'access-denied'],
])('a HEAD that is refused with %i and no reason: %s is found out', async (status, code, found) => {
  await expect(statWhile(() => ({ kind: 'error', status, code }))).rejects.toMatchObject({ code: found });
});

test('what only HEADs are refused is looked at all the same', async () => {
  const object = await statWhile((method) => (method === 'HEAD' ? { kind: 'error', status: 403, code: 'AccessDenied' } : undefined));
  expect(object).toMatchObject({ key: 'a.jpg', size: 7, etag: '9a0364b9e99bb480dd25e1f0284c8555' });
});
