import { expect, test, vi } from 'vitest';
import type { Before } from '../s3/request.js';
import { expectStopped } from './endure.js';
import { smallStore } from './store.js';
import { worldOf } from './world.js';

vi.setConfig({ testTimeout: 300_000 });

const NO_KEYS = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' };

test.each<[string, string, NodeJS.ProcessEnv, Before]>([
  ['no credentials', 'credentials-missing', NO_KEYS, () => undefined],
  ['a profile that does not exist', 'credentials-missing', { AWS_PROFILE: 'nobody', ...NO_KEYS }, () => undefined],
  ['a wrong key', 'credentials-wrong', {}, () => ({ kind: 'error', status: 403, code: 'InvalidAccessKeyId' })],
  ['a wrong secret', 'credentials-wrong', {}, () => ({ kind: 'error', status: 403, code: 'SignatureDoesNotMatch' })],
  ['expired credentials', 'credentials-expired', {}, () => ({ kind: 'error', status: 400, code: 'ExpiredToken' })],
  ['a wrong clock', 'clock-wrong', {}, () => ({ kind: 'error', status: 403, code: 'RequestTimeTooSkewed' })],
  ['no permission to list', 'location-unreadable', {}, () => ({ kind: 'error', status: 403, code: 'AccessDenied' })],
  ['no permission to write', 'location-unwritable', {}, ({ method }) => (method === 'PUT' ? { kind: 'error', status: 403, code: 'AccessDenied' } : undefined)],
  ['a bucket that is not there', 'location-missing', {}, ({ bucket }) => (bucket === 'variants' ? { kind: 'error', status: 404, code: 'NoSuchBucket' } : undefined)],
  ['an endpoint that is down', 'endpoint-unreachable', { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' }, () => undefined],
  ['an endpoint that is no store', 'endpoint-unreachable', {}, () => ({ kind: 'html', status: 200 })],
  ['an endpoint whose pages are well-formed', 'endpoint-unreachable', {}, () => ({ kind: 'text', text: '<html><body/></html>' })],
  ['an endpoint that answers nothing', 'endpoint-unreachable', {}, () => ({ kind: 'text', text: '' })],
])('%s: one sentence, exit 2, nothing made', async (_, code, env, before) => {
  const store = await smallStore();
  const world = await worldOf(store.side('originals', 'o/'), store.side('variants', 'v/'), { count: 3, env: { AWS_ENDPOINT_URL: store.url, ...env } });
  store.during(before);
  const ended = await world.run();
  expectStopped(ended, code);
  expect(ended.json()).toHaveLength(1);
  expect(await world.variants.keys()).toEqual([]);
});
