import { expect, onTestFinished, test } from 'vitest';
import { s3Store } from '../../src/store/s3.js';
import { DEFAULT_S3 } from '../../src/store/s3-settings.js';
import type { Fault } from './request.js';
import { startS3 } from './server.js';

test.each<[string, Fault]>([
  ['does not match its checksum', { kind: 'garbled' }],
  ['ends too early', { kind: 'truncated' }],
])('content that %s is read again', async (_, fault) => {
  let faults = 0;
  const server = await startS3({ buckets: ['b'], before: ({ method }) => (method === 'GET' && ++faults <= 2 ? fault : undefined) });
  onTestFinished(() => server.close());
  server.put('b', 'a.jpg', Buffer.from('content'));
  const store = s3Store('b', '', { ...DEFAULT_S3, endpoint: server.url, region: 'us-east-1' });
  expect((await store.read('a.jpg', 100)).bytes.toString()).toBe('content');
  expect(store.requests).toMatchObject({ get: 3, retries: 2 });
});
