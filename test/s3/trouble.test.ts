import { expect, onTestFinished, test } from 'vitest';
import { s3Store } from '../../src/store/s3.js';
import { S3Requests } from '../../src/store/s3-requests.js';
import { DEFAULT_S3 } from '../../src/store/s3-settings.js';
import { startS3 } from './server.js';

test.each([
  [400, 'KeyTooLongError', 'invalid-key'],
  [403, 'InvalidObjectState', 'original-archived'],
  [403, 'ObjectNotInActiveTierError', 'original-archived'],
  [403, 'AccessDenied', 'access-denied'],
])('S3 refuses to read by %i %s: %s', async (status, code, expected) => {
  const server = await startS3({ buckets: ['b'], before: () => ({ kind: 'error', status, code }) });
  onTestFinished(() => server.close());
  const store = s3Store('b', '', { ...DEFAULT_S3, endpoint: server.url, region: 'us-east-1' });
  await expect(store.read('a', 10)).rejects.toMatchObject({ code: expected, detail: `${code} (HTTP ${status})` });
});

test('a name that is not found is wrong, unless it was found before: then the network has gone, and it is tried again', async () => {
  const requests = new S3Requests('s3://b/', { ...DEFAULT_S3, region: 'us-east-1' });
  let losses = 1;
  const attempt = async (): Promise<string> => {
    if (losses-- > 0) throw Object.assign(new Error('getaddrinfo ENOTFOUND b'), { code: 'ENOTFOUND' });
    return 'found';
  };
  await expect(requests.send('get', attempt)).rejects.toMatchObject({ trouble: { code: 'ENOTFOUND' } });
  expect(await requests.send('get', attempt)).toBe('found');
  losses = 2;
  expect(await requests.send('get', attempt)).toBe('found');
  expect(requests.counts).toMatchObject({ get: 5, retries: 2 });
});
