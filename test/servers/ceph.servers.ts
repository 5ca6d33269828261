import { afterAll, beforeAll, describe } from 'vitest';
import { s3Suite } from '../s3/suite.js';
import { installed, startCeph, type Running } from './running.js';

describe.skipIf(!installed('ceph-mon', 'ceph-osd', 'radosgw', 'radosgw-admin'))('Ceph RGW', () => {
  let server: Running;
  beforeAll(async () => {
    server = await startCeph();
  });
  afterAll(() => server.stop());

  s3Suite('Ceph RGW', async () => server, { copyConditions: true, manyKeys: Number(process.env['IMGVAR_MANY_KEYS'] ?? 10_000) });
});
