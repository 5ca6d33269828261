import { createHash } from 'node:crypto';
import { rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startS3, type S3Server } from '../s3/server.js';
import { backingUp } from './backing-up.js';
import { startCloud, type Cloud } from './fanout.js';
import { imgvar, summaryOf, workspace } from './imgvar.js';
import { photo } from './pictures.js';
import { bucketSide, folderSide } from './sides.js';

let server: S3Server;
beforeAll(async () => {
  server = await startS3({ buckets: ['originals', 'variants', 'backup'] });
});
afterAll(() => server.close());

let places = 0;
const env = (): NodeJS.ProcessEnv => ({ AWS_ENDPOINT_URL: server.url });
const inBuckets = () => {
  places += 1;
  return { o: bucketSide(server, 'originals', `backup ${places}/`), b: bucketSide(server, 'backup', `of it ${places}/`), v: bucketSide(server, 'variants', `backup ${places}/`), env: env() };
};

backingUp('folder', async (cwd) => {
  const side = (name: string) => folderSide(path.join(cwd, name));
  return { o: side('o'), b: side('b'), v: side('v'), env: {} };
});
backingUp('bucket', async () => inBuckets());

describe('imgvar backup', () => {
  test('keeps headers and metadata, there and back', async () => {
    const { o, b } = inBuckets();
    const headers = { 'content-type': 'image/jpeg', 'cache-control': 'max-age=7', 'x-amz-meta-taken': '1969-07-20' };
    await o.put('a.jpg', 'content');
    const at = `backup ${places}/a.jpg`;
    const original = server.buckets.get('originals')?.get(at);
    if (original !== undefined) Object.assign(original.headers, headers);
    expect((await imgvar(['backup', o.location, b.location, '-y'], undefined, env())).code).toBe(0);
    const copy = server.buckets.get('backup')?.get(`of it ${places}/a.jpg`);
    expect(copy?.headers).toMatchObject({ ...headers, 'x-amz-meta-imgvar-source-etag': createHash('md5').update('content').digest('hex') });
    await o.remove('a.jpg');
    expect((await imgvar(['restore', 'a.jpg', '--from', b.location, '--to', o.location], undefined, env())).code).toBe(0);
    expect(server.buckets.get('originals')?.get(at)?.headers).toEqual(headers);
  });

  test('of an original that has changed makes another version where these are kept; else the copy stays, and that is said', async () => {
    const { o, b } = inBuckets();
    const run = (...args: string[]) => imgvar(['backup', o.location, b.location, '-y', '--json', ...args], undefined, env());
    await o.put('a.jpg', 'one');
    await run();
    await o.put('a.jpg', 'another');
    const kept = await run();
    expect(kept.json()).toContainEqual(expect.objectContaining({ type: 'warning', code: 'copies-stay' }));
    expect([summaryOf(kept)?.['due'], (await b.read('a.jpg')).toString()]).toEqual([0, 'one']);
    expect((await run('--verify')).code).toBe(3);
    server.settings.set('backup?versioning', '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>');
    const versioned = await run();
    server.settings.delete('backup?versioning');
    expect([summaryOf(versioned)?.['made'], (await b.read('a.jpg')).toString()]).toEqual([1, 'another']);
    await o.put('a.jpg', 'and one more');
    expect(summaryOf(await run('--replace'))).toMatchObject({ made: 1, failed: 0 });
  });

  test('estimates copies: one PUT each, of the Standard class, and nothing that comes here', async () => {
    const { o, b } = inBuckets();
    // Of variants; a copy has none.
    const cwd = await workspace({ 'imgvar.config.json': JSON.stringify({ specs: { small: { width: 20 } }, s3: { storageClass: 'GLACIER_IR' } }) });
    for (let i = 0; i < 10; i++) await o.put(`${i}.jpg`, 'x'.repeat(1000));
    const dry = await imgvar(['backup', o.location, b.location, '--dry-run', '--json'], cwd, env());
    const estimate = dry.json().find(({ type }) => type === 'estimate') as { lines: { item: string; quantity: number; unitPrice: number }[]; alternatives: unknown[]; storage: { bytes: number } };
    const quantity = (item: string) => estimate.lines.find((line) => line.item === item)?.quantity;
    expect([quantity('put'), quantity('head'), quantity('look-up'), quantity('get') ?? 0, quantity('transfer-out')]).toEqual([10, 20, 20, 0, undefined]);
    expect(estimate.lines.find(({ item }) => item === 'put')?.unitPrice).toBe(0.000005);
    expect(estimate).toMatchObject({ alternatives: [], storage: { bytes: 10_000 } });
    const before = { ...server.counts };
    const ended = summaryOf(await imgvar(['backup', o.location, b.location, '-y', '--json'], cwd, env())) as { bill: { lines: { item: string; actual: { quantity: number } }[] } };
    const actual = (item: string) => ended.bill.lines.find((line) => line.item === item)?.actual.quantity;
    expect([actual('put'), actual('head'), actual('look-up')]).toEqual([10, 20, 20]);
    expect(server.counts.head - before.head).toBe(40);
  });

  test('of originals that were moved it is told so, and goes on with --adopt', async () => {
    const cwd = await workspace({ 'o/a.jpg': 'x', 'v/kept': '' });
    const run = async (originals: string, ...args: string[]) => {
      await writeFile(path.join(cwd, 'imgvar.config.json'), JSON.stringify({ originals, variants: 'v', backup: 'b', specs: { small: { width: 20 } } }));
      return imgvar(['backup', '--json', ...args], cwd, {});
    };
    expect(summaryOf(await run('o'))).toMatchObject({ made: 1 });
    await rename(path.join(cwd, 'o'), path.join(cwd, 'moved'));
    const refused = await run('moved');
    expect([refused.code, refused.json()]).toMatchObject([2, [{ code: 'ledger-mismatch', message: expect.stringMatching(/^The copies in .*\/b were made of other originals, .* say --adopt\.$/) }]]);
    for (const args of [['--adopt'], []]) expect(summaryOf(await run('moved', ...args))).toMatchObject({ due: 0, upToDate: 1, complete: true });
    await writeFile(path.join(cwd, 'v/.imgvar/backup/specs.json'), '{');
    expect((await run('moved')).json()).toMatchObject([{ code: 'ledger-damaged', message: expect.stringContaining(path.join(cwd, 'v/.imgvar/backup/specs.json')) }]);
  });

  test.each([
    ['from a folder to a bucket', ['backup', 'o', 's3://backup/x/'], 'location-unsupported'],
    ['without a place', ['backup'], 'usage'],
    ['into the originals', ['backup', 's3://originals/a/', 's3://originals/a/b/'], 'locations-overlap'],
    ['with options of another use', ['backup', 's3://originals/a/', 's3://backup/', '--sample', '3'], 'usage'],
    ['back, without a key', ['restore', '--from', 's3://backup/', '--to', 's3://originals/a/'], 'usage'],
  ])('%s is exit 2', async (_, args, code) => {
    const cwd = await workspace({ 'o/a.jpg': 'x' });
    const ended = await imgvar([...args, '--json'], cwd, env());
    expect([ended.code, ended.json()]).toMatchObject([2, [{ type: 'error', code }]]);
  });
});

describe('imgvar backup --engine lambda', () => {
  let cloud: Cloud;
  beforeAll(async () => {
    cloud = await startCloud({ specs: { small: { width: 20 } } });
  });
  afterAll(() => cloud.close());

  test('has the deployed function copy, which may write where others may not', async () => {
    const { o, name } = cloud.place({ handler: 'backup.handler', env: { IMGVAR_BACKUP: 's3://variants/backups/' } });
    for (let i = 0; i < 30; i++) await o.put(`${i}.jpg`, await photo(i % 4));
    // Whoever runs this may not write a copy.
    cloud.onRequest = ({ method, key, headers }) => (method === 'PUT' && key.startsWith('backups/') && headers.authorization?.includes('Credential=operator/') === true ? { kind: 'error', status: 403, code: 'AccessDenied' } : undefined);
    const cwd = await workspace();
    const backup = (...args: string[]) => imgvar(['backup', o.location, 's3://variants/backups/', '--json', ...args], cwd, { ...cloud.env, AWS_ACCESS_KEY_ID: 'operator' });
    const run = (...args: string[]) => backup('-y', '--checkpoint', path.join(cwd, 'state'), ...args);
    const denied = await run('--limit', '3', '--fresh');
    expect(denied.json().filter(({ type }) => type === 'outcome').every(({ code }) => code === 'access-denied')).toBe(true);
    const ended = await run('--engine', 'lambda', '--function', name, '--fresh');
    expect(ended.code, ended.stderr + ended.stdout).toBe(0);
    expect(summaryOf(ended)).toMatchObject({ made: 30, failed: 0, complete: true });
    const copies = [...(cloud.s3.buckets.get('variants')?.keys() ?? [])].filter((key) => key.startsWith('backups/') && !key.includes('.imgvar/'));
    expect(copies).toHaveLength(30);
    expect((await backup('--verify')).code).toBe(0);
    cloud.onRequest = undefined;
  });
});
