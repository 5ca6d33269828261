import { afterAll, beforeAll, describe } from 'vitest';
import { s3Suite } from '../s3/suite.js';
import { installed, startMoto, type Running } from './running.js';

describe.skipIf(!installed('moto_server'))('moto', () => {
  let server: Running;
  beforeAll(async () => {
    server = await startMoto();
  });
  afterAll(() => server.stop());

  s3Suite('moto', async () => server, { anyKey: true, lineBreaks: true, copyConditions: true });
});
