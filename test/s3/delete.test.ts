import { expect, onTestFinished, test } from 'vitest';
import { s3Store } from '../../src/store/s3.js';
import { DEFAULT_S3 } from '../../src/store/s3-settings.js';
import type { Before } from './request.js';
import { startS3 } from './server.js';

/** A bucket that holds these, while something goes wrong with requests. */
async function open(keys: readonly string[], before: Before) {
  const server = await startS3({ buckets: ['b'], before });
  onTestFinished(() => server.close());
  for (const key of keys) server.put('b', key, Buffer.from('x'));
  return { server, store: s3Store('b', '', { ...DEFAULT_S3, endpoint: server.url, region: 'us-east-1' }) };
}

/** As S3 answers a request that it has done but for these keys. */
function doneBut(...refused: readonly (readonly [key: string, code: string])[]) {
  const errors = refused.map(([key, code]) => `<Error><Key>${key}</Key><Code>${code}</Code><Message>as ordered</Message></Error>`);
  return { kind: 'text', text: `<DeleteResult>${errors.join('')}</DeleteResult>` } as const;
}

test.each(['InternalError', 'SlowDown', 'ServiceUnavailable', 'OperationAborted'])('a key of many that fails by %s is removed again, and only that', async (code) => {
  let asked = 0;
  // The other is not done either: so it shows that nobody asks for it again.
  const { server, store } = await open(['a', 'b'], () => (++asked === 1 ? doneBut(['b', code]) : undefined));
  expect([...(await store.delete(['a', 'b']))]).toEqual([]);
  expect([...(server.buckets.get('b')?.keys() ?? [])]).toEqual(['a']);
  expect(store.requests).toMatchObject({ delete: 2, retries: 1 });
});

test('what fails for good is told by its key', async () => {
  let asked = 0;
  const { store } = await open([], () => (++asked === 1 ? doneBut(['a', 'AccessDenied'], ['b', 'SlowDown'], ['c', 'NoSuchKey'], ['d', 'Odd']) : { kind: 'error', status: 403, code: 'AccessDenied' }));
  const failures = [...(await store.delete(['a', 'b', 'c', 'd', 'e']))];
  expect(failures.map(([key, { code }]) => [key, code]).sort()).toEqual([['a', 'access-denied'], ['b', 'access-denied'], ['d', 'write-failed']]);
  expect(store.requests).toMatchObject({ delete: 2, retries: 1 });
});

test.each([[400, 'MissingContentMD5'], [400, 'InvalidRequest'], [501, 'NotImplemented'], [405, 'MethodNotAllowed']])('where many cannot be removed at once (%i %s) each is removed by itself', async (status, code) => {
  const { server, store } = await open(['a', 'b', 'c'], ({ method }) => (method === 'POST' ? { kind: 'error', status, code } : undefined));
  expect([...(await store.delete(['a', 'b', 'none']))]).toEqual([]);
  expect([...(server.buckets.get('b')?.keys() ?? [])]).toEqual(['c']);
  expect(store.requests).toMatchObject({ delete: 4 });
});
