import { afterAll, beforeAll, describe } from 'vitest';
import { mainJob } from '../cli/main-job.js';
import { freshPrefix, s3Suite } from '../s3/suite.js';
import { DEFAULT_S3 } from '../../src/store/s3-settings.js';
import { hasCeph, hasMoto, startMoto, type Running } from './running.js';
import { serverSide } from './side.js';

describe.skipIf(!hasMoto())('moto', () => {
  let server: Running;
  beforeAll(async () => {
    server = await startMoto();
    for (const bucket of ['originals', 'variants']) await freshPrefix({ ...DEFAULT_S3, endpoint: server.url }, bucket);
  });
  afterAll(() => server.stop());

  s3Suite('moto', async () => server, { anyKey: true, lineBreaks: true, copyConditions: true });
  // Where there is Ceph, everything about it is tried there.
  mainJob('bucket', 'bucket', () => ({ url: server.url, side: (bucket, prefix) => serverSide(server.url, bucket, prefix) }), { lineBreaks: true, many: 80, brief: hasCeph() });
});
