import { expect, onTestFinished, test, vi } from 'vitest';
import { s3Store } from '../../src/store/s3.js';
import { DEFAULT_S3 } from '../../src/store/s3-settings.js';
import { workspace } from '../cli/imgvar.js';

test.each(['foo bar', 'localhost:9000', 'minio', 'http://localhost:90000', 'ftp://x', 'http:', '/x'])('an endpoint_url of a profile that is no address is told as such: %s', async (endpoint) => {
  const folder = await workspace({ config: `[default]\nregion = us-east-1\nendpoint_url = ${endpoint}\n` });
  vi.stubEnv('AWS_CONFIG_FILE', `${folder}/config`);
  onTestFinished(() => void vi.unstubAllEnvs());
  const store = s3Store('b', '', DEFAULT_S3);
  await expect(store.check('read')).rejects.toMatchObject({ name: 'UserError', code: 'endpoint-unreachable', message: expect.stringContaining('endpoint_url') });
});
