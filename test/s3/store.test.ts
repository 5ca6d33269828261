import { afterAll, beforeAll } from 'vitest';
import { startS3, type S3Server } from './server.js';
import { s3Suite } from './suite.js';

let server: S3Server;
beforeAll(async () => {
  server = await startS3({ buckets: ['imgvar-test', 'imgvar-backup'] });
});
afterAll(() => server.close());

s3Suite('our own server', async () => server, { anyKey: true, copyParts: true });
