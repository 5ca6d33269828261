import { expect, test } from 'vitest';
import { graceSeconds, s3Settings } from '../../src/cli/s3-settings.js';

const CONFIG = { requesterPays: false, timeoutSeconds: 15 };

test('the command line comes before the config, and that before the environment', () => {
  const env = { AWS_ENDPOINT_URL: 'http://env', AWS_ENDPOINT_URL_S3: 'http://env-s3' };
  const config = { ...CONFIG, endpoint: 'http://config', region: 'eu-west-1' };
  expect(s3Settings({ endpointUrl: 'http://line', region: 'eu-west-2', profile: 'p' }, config, env, 4)).toMatchObject({
    endpoint: 'http://line', region: 'eu-west-2', profile: 'p', connections: 32,
  });
  expect(s3Settings({}, config, env, 4)).toMatchObject({ endpoint: 'http://config', region: 'eu-west-1', profile: null });
  expect(s3Settings({}, CONFIG, env, 4)).toMatchObject({ endpoint: 'http://env-s3', region: null });
  expect(s3Settings({}, CONFIG, { AWS_ENDPOINT_URL: 'http://env' }, 4)).toMatchObject({ endpoint: 'http://env' });
  expect(s3Settings({}, CONFIG, { ...env, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' }, 4)).toMatchObject({ endpoint: null });
  expect(s3Settings({}, CONFIG, { AWS_ENDPOINT_URL: '' }, 4)).toMatchObject({ endpoint: null });
});

// Ten tries, each noticed to be silent up to 3 s late, and waits of 65 s in between at the most; twice where a HEAD is refused, and a GET asks why.
test.each([1, 15, 60, 600])('a worker may be silent for as long as it waits as it was told to: %i s, ten times over', (timeoutSeconds) => {
  expect(graceSeconds('s3', timeoutSeconds)).toBeGreaterThanOrEqual(2 * (10 * (timeoutSeconds + 3) + 65));
});

test('where connections are hardly waited for, a worker has its minutes all the same, and on a disk seconds', () => {
  expect(graceSeconds('s3', 1)).toBe(300);
  expect(graceSeconds('folder', 600)).toBe(10);
});

test.each(['localhost:9000', 'ftp://x', 'http:', ''.padEnd(3), 'http://localhost:90000', 'http://minio:9000:9000', 'http://my store'])('%j is no endpoint', (endpointUrl) => {
  expect(() => s3Settings({}, CONFIG, { AWS_ENDPOINT_URL: endpointUrl }, 1)).toThrow(expect.objectContaining({ code: 'usage' }));
  expect(() => s3Settings({ endpointUrl }, CONFIG, {}, 1)).toThrow(expect.objectContaining({ code: 'usage' }));
});
