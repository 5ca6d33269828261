import { expect, onTestFinished, test, vi } from 'vitest';
import { imgvar, summaryOf, workspace } from '../cli/imgvar.js';
import { photo } from '../cli/pictures.js';
import { startS3 } from '../s3/server.js';

vi.setConfig({ testTimeout: 300_000 });

const WORDS = ['reprocess', 's3://originals', 's3://variants', '--only', 'small'];

test('buckets in two regions are followed there, without a request lost each time', async () => {
  const server = await startS3({ buckets: ['originals', 'variants'], regions: { originals: 'eu-west-1', variants: 'ap-southeast-2' } });
  onTestFinished(() => server.close());
  for (let i = 0; i < 20; i++) server.put('originals', `${i}.jpg`, await photo(i));
  const ended = await imgvar([...WORDS, '--json'], await workspace(), { AWS_ENDPOINT_URL: server.url });
  expect(ended.code).toBe(0);
  const requests = summaryOf(ended)?.['requests'] as Record<string, number>;
  expect(requests['retries']).toBeLessThan(30);
  expect([...(server.buckets.get('variants')?.keys() ?? [])].filter((key) => key.startsWith('small/'))).toHaveLength(20);
});

test('a provider that ignores conditional writes is told', async () => {
  const server = await startS3({ buckets: ['originals', 'variants'], ignoresConditions: true });
  onTestFinished(() => server.close());
  server.put('originals', 'a.jpg', await photo(1));
  const cwd = await workspace();
  const json = await imgvar([...WORDS, '--json'], cwd, { AWS_ENDPOINT_URL: server.url });
  expect(json.code).toBe(0);
  expect(json.json()).toContainEqual(expect.objectContaining({ type: 'warning', code: 'conditional-writes-ignored' }));
  const text = await imgvar(WORDS, cwd, { AWS_ENDPOINT_URL: server.url });
  expect(text.stderr).toMatch(/^Warning: .*conditional writes/);
});
