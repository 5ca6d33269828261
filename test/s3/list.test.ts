import { describe, expect, it, onTestFinished } from 'vitest';
import { s3Store } from '../../src/store/s3.js';
import { DEFAULT_S3 } from '../../src/store/s3-settings.js';
import type { Store } from '../../src/store/store.js';
import { keysIn } from '../store/contract-words.js';
import type { KeySequence } from './listing.js';
import type { Before } from './request.js';
import { startS3 } from './server.js';

const named = (length: number, folder = ''): KeySequence => ({ length, at: (i) => `${folder}${String(i).padStart(6, '0')}.jpg` });

async function open(keys: KeySequence, { withoutTokens = false, before }: { withoutTokens?: boolean; before?: Before }): Promise<Store> {
  const server = await startS3({ buckets: [], listed: { b: keys }, withoutTokens, ...(before && { before }) });
  onTestFinished(() => server.close());
  return s3Store('b', '', { ...DEFAULT_S3, endpoint: server.url, region: 'us-east-1' });
}

describe('a provider that says there is more, and not how to go on', () => {
  const REFUSED = { name: 'UserError', code: 'location-unreadable', message: expect.stringContaining('ListObjectsV2') };

  it('cannot be listed', async () => {
    const store = await open(named(1001), { withoutTokens: true });
    await expect(keysIn(store, '')).rejects.toMatchObject(REFUSED);
    await expect(store.check('read')).rejects.toMatchObject(REFUSED);
  });

  it('nor can what imgvar keeps there', async () => {
    const store = await open(named(1001, '.imgvar/'), { withoutTokens: true });
    await expect(store.own.list('')).rejects.toMatchObject(REFUSED);
  });

  it('is of use while one page holds everything', async () => {
    const store = await open(named(1000), { withoutTokens: true });
    expect(await keysIn(store, '')).toHaveLength(1000);
  });
});

describe('an answer that is no listing', () => {
  it.each(['', '<html><body/></html>', '<ListBucketResult/>'])('%j is asked for again, and is no empty bucket', async (text) => {
    let faults = 0;
    const store = await open(named(3), { before: () => (++faults <= 2 ? { kind: 'text', text } : undefined) });
    expect(await keysIn(store, '')).toHaveLength(3);
    expect(store.requests).toMatchObject({ list: 3, retries: 2 });
  });

  it('for good is an endpoint that cannot be reached', async () => {
    const store = await open(named(3), { before: () => ({ kind: 'text', text: '' }) });
    await expect(store.check('read')).rejects.toMatchObject({ name: 'UserError', code: 'endpoint-unreachable' });
  });
});

it('an empty bucket is one', async () => {
  const store = await open(named(0), {});
  await store.check('read');
  expect(await keysIn(store, '')).toEqual([]);
});

it('what is longer than a key may be is the beginning of none, and is not asked for', async () => {
  const store = await open(named(3), { before: ({ query }) => ((query.get('prefix') ?? '').length > 1024 ? { kind: 'error', status: 400, code: 'KeyTooLongError' } : undefined) });
  expect(await keysIn(store, 'n'.repeat(1025))).toEqual([]);
  expect(store.requests.list).toBe(0);
});
