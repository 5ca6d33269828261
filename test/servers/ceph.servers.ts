import { afterAll, beforeAll, describe } from 'vitest';
import { backingUp } from '../cli/backing-up.js';
import { mainJob } from '../cli/main-job.js';
import { verifying } from '../cli/verifying.js';
import { freshPrefix, s3Suite } from '../s3/suite.js';
import { DEFAULT_S3 } from '../../src/store/s3-settings.js';
import { startCeph } from './ceph.js';
import { hasCeph, type Running } from './running.js';
import { serverSide } from './side.js';

describe.skipIf(!hasCeph())('Ceph RGW', () => {
  let server: Running;
  beforeAll(async () => {
    server = await startCeph();
    for (const bucket of ['originals', 'variants']) await freshPrefix({ ...DEFAULT_S3, endpoint: server.url }, bucket);
  });
  afterAll(() => server.stop());

  s3Suite('Ceph RGW', async () => server, { copyConditions: true, manyKeys: Number(process.env['IMGVAR_MANY_KEYS'] ?? 4_000) });
  verifying('bucket', async () => ({ o: serverSide(server.url, 'originals', 'verify/'), v: serverSide(server.url, 'variants', 'verify/'), env: { AWS_ENDPOINT_URL: server.url } }));
  let backups = 0;
  backingUp('bucket', async () => {
    const prefix = `backup ${backups++}/`;
    return { o: serverSide(server.url, 'originals', prefix), b: serverSide(server.url, 'variants', `of it ${prefix}`), v: serverSide(server.url, 'variants', prefix), env: { AWS_ENDPOINT_URL: server.url } };
  });
  mainJob('bucket', 'bucket', () => ({ url: server.url, side: (bucket, prefix) => serverSide(server.url, bucket, prefix) }), { many: 80 });
});
