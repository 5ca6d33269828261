import { afterAll, beforeAll } from 'vitest';
import { startS3, type S3Server } from '../s3/server.js';
import { mainJob } from './main-job.js';
import { bucketSide } from './sides.js';
import type { Kind } from './world.js';

let server: S3Server;
beforeAll(async () => {
  server = await startS3({ buckets: ['originals', 'variants'] });
});
afterAll(() => server.close());

for (const [from, to] of [['folder', 'folder'], ['bucket', 'bucket'], ['folder', 'bucket'], ['bucket', 'folder']] satisfies [Kind, Kind][]) {
  mainJob(from, to, () => ({ url: server.url, side: (bucket, prefix) => bucketSide(server, bucket, prefix) }), { brief: from !== to });
}
