import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startS3, type S3Server } from '../s3/server.js';
import { filesIn, imgvar, summaryOf, workspace, type Ended } from './imgvar.js';
import { photo } from './pictures.js';
import { bucketSide, folderSide, type Side } from './sides.js';

let server: S3Server;
beforeAll(async () => {
  server = await startS3({ buckets: ['originals', 'variants', 'lists'] });
});
afterAll(() => server.close());

/** Each location is listed once to see whether it can be; the others are of imgvar's own files, and one looks whether there is any variant. */
const LISTS_OF_A_RUN = 7;

let worlds = 0;

/** Five originals, and the way to run imgvar on some of them. */
async function world(kind: 'folder' | 'bucket') {
  const cwd = await workspace();
  const prefix = `in ${worlds++}/`;
  const side = (name: string): Side => (kind === 'folder' ? folderSide(path.join(cwd, name)) : bucketSide(server, name, prefix));
  const o = side('originals');
  const v = side('variants');
  for (const [i, key] of ['a.jpg', 'b c.jpg', 'd/e+f.jpg', 'd/g.jpg', 'h.jpg'].entries()) await o.put(key, await photo(i));
  const run = (manifest: string, ...args: string[]): Promise<Ended> =>
    imgvar(['reprocess', o.location, v.location, '--only', 'small', '--manifest', manifest, '--json', ...args], cwd, { AWS_ENDPOINT_URL: server.url });
  return { cwd, prefix, o, v, run, write: (name: string, content: string | Buffer) => writeFile(path.join(cwd, name), content) };
}

function failures(ended: Ended): unknown[] {
  return ended.json().filter(({ result }) => result === 'failed').map(({ original, variant, code }) => [original, variant, code]);
}

describe.each(['folder', 'bucket'] as const)('imgvar reprocess --manifest, in a %s', (kind) => {
  test('makes the variants of the listed originals alone; a second run makes nothing, a newer original is made again', async () => {
    const { o, v, run, write } = await world(kind);
    await write('keys.txt', 'h.jpg\r\nb c.jpg\r\n');
    await o.age();
    const first = await run('keys.txt', '--yes');
    expect(first.stderr).toBe('');
    expect(first.code).toBe(0);
    expect(summaryOf(first)).toMatchObject({ originals: 2, due: 2, made: 2, failed: 0, requests: { list: kind === 'folder' ? 0 : LISTS_OF_A_RUN } });
    expect(await v.keys()).toEqual(['small/b c.jpg', 'small/h.jpg']);
    expect(summaryOf(await run('keys.txt'))).toMatchObject({ originals: 2, upToDate: 2, made: 0 });
    await v.age();
    await o.put('h.jpg', await photo(9));
    const third = await run('keys.txt');
    expect(third.json()).toContainEqual(expect.objectContaining({ original: 'h.jpg', result: 'made', reason: 'original-newer' }));
    expect(summaryOf(third)).toMatchObject({ upToDate: 1, made: 1 });
    expect(summaryOf(await run('keys.txt', '--mode', 'all'))).toMatchObject({ made: 2 });
  });

  test('takes gzipped CSV, the filters, the limit and a dry run', async () => {
    const { v, run, write } = await world(kind);
    await write('keys.csv.gz', gzipSync('n,key\n1,"d/g.jpg"\n2,a.jpg\n3,"d/e+f.jpg"\n4,h.jpg\n'));
    const dry = await run('keys.csv.gz', '--prefix', 'd/', '--dry-run');
    expect(dry.json().filter(({ type }) => type === 'due').map(({ original }) => original)).toEqual(['d/g.jpg', 'd/e+f.jpg']);
    expect(await v.keys()).toEqual([]);
    expect((await run('keys.csv.gz', '--exclude', 'd/**', '--limit', '1')).code).toBe(0);
    expect(await v.keys()).toEqual(['small/a.jpg']);
  });

  test('a key that does not exist, or cannot be one, is a failure of that key', async () => {
    const { v, run, write } = await world(kind);
    await write('keys', 'none.jpg\na.jpg\n../a.jpg\n');
    const ended = await run('keys');
    expect(ended.code).toBe(3);
    expect(failures(ended)).toEqual([['none.jpg', null, 'original-missing'], ['../a.jpg', null, 'invalid-key']]);
    expect(summaryOf(ended)).toMatchObject({ originals: 3, due: 3, made: 1, failed: 2, complete: true });
    expect(await v.keys()).toEqual(['small/a.jpg']);
  });

  test.each<[string, string | Buffer | null, string]>([
    ['none.txt', null, 'manifest-unreadable'],
    ['.', null, 'manifest-unreadable'],
    ['s3://lists/none.txt', null, 'manifest-unreadable'],
    ['s3://lists', null, 'usage'],
    ['https://example.com/keys.txt', null, 'usage'],
    ['', null, 'usage'],
    ['k.parquet', 'PAR1', 'manifest-invalid'],
    ['k.csv', 'name,size\na,1\n', 'manifest-invalid'],
    ['k.csv', 'elsewhere,a.jpg\n', 'manifest-invalid'],
    ['k.txt', Buffer.from([0x61, 0xff, 0x0a]), 'manifest-invalid'],
    ['k.txt', 's3://elsewhere/a.jpg\n', 'manifest-invalid'],
    ['k.gz', gzipSync('a.jpg\n'.repeat(99)).subarray(0, -1), 'manifest-invalid'],
    ['manifest.json', '{"fileFormat":"ORC","sourceBucket":"originals","files":[]}', 'manifest-invalid'],
  ])('--manifest "%s" of %j: one sentence, exit 2, nothing made', async (name, content, code) => {
    const { v, run, write } = await world(kind);
    if (content !== null) await write(name, content);
    const ended = await run(name);
    expect(ended.json().at(-1)).toMatchObject({ type: 'error', code });
    expect(ended.code).toBe(2);
    expect(ended.stderr.trim().split('\n')).toHaveLength(1);
    expect(await v.keys()).toEqual([]);
  });
});

test('a row in the middle that is wrong ends the run, after whole work', async () => {
  const { v, run, write } = await world('folder');
  await write('keys.txt', `${'a.jpg\nh.jpg\n'.repeat(30)}s3://elsewhere/a.jpg\n`);
  const ended = await run('keys.txt');
  expect(ended.code).toBe(2);
  expect(ended.json().at(-1)).toMatchObject({ type: 'error', code: 'manifest-invalid', message: expect.stringContaining('keys.txt, row 61, is of the bucket "elsewhere"') as string });
  for (const key of await v.keys()) expect((await v.read(key)).subarray(-2)).toEqual(Buffer.from([0xff, 0xd9]));
});

test('a list in a bucket, with whole keys, is read from there and its request is counted', async () => {
  const { cwd, prefix, v, run } = await world('bucket');
  server.put('lists', 'my keys.txt', Buffer.from(`s3://originals/${prefix}a.jpg\ns3://originals/out.jpg\nh.jpg\n`));
  const before = { ...server.counts };
  const ended = await run('s3://lists/my keys.txt');
  expect(failures(ended)).toEqual([['s3://originals/out.jpg', null, 'invalid-key']]);
  expect(await v.keys()).toEqual(['small/a.jpg', 'small/h.jpg']);
  const counted = Object.fromEntries((['get', 'put', 'head', 'list', 'delete'] as const).map((one) => [one, server.counts[one] - before[one]]));
  expect(summaryOf(ended)?.['requests']).toEqual({ ...counted, retries: 0 });
  expect(await filesIn(cwd)).toEqual([]);
});

test('what S3 Batch Operations takes', async () => {
  const { prefix, v, run, write } = await world('bucket');
  const folder = encodeURIComponent(prefix.slice(0, -1));
  await write('batch.csv', `originals,${folder}/d/e%2Bf.jpg\noriginals,${folder}/b+c.jpg\n`);
  expect((await run('batch.csv')).code).toBe(0);
  expect(await v.keys()).toEqual(['small/b c.jpg', 'small/d/e+f.jpg']);
});

test('an S3 Inventory of the whole bucket, where S3 wrote it', async () => {
  const { prefix, v, run } = await world('bucket');
  const folder = encodeURIComponent(prefix.slice(0, -1));
  const line = (key: string, latest = true): string => `"originals","${folder}/${key}","v","${String(latest)}","false","1"\n`;
  const data = gzipSync(`${line('a.jpg')}${line('gone.jpg', false)}${line('d/')}${line('d/e%2Bf.jpg')}"originals","other/x.jpg","v","true","false","1"\n`);
  server.put('lists', 'inv/originals/all/data/1.csv.gz', data);
  const manifest = {
    sourceBucket: 'originals',
    destinationBucket: 'arn:aws:s3:::lists',
    version: '2016-11-30',
    fileFormat: 'CSV',
    fileSchema: 'Bucket, Key, VersionId, IsLatest, IsDeleteMarker, Size',
    files: [{ key: 'inv/originals/all/data/1.csv.gz', size: data.length, MD5checksum: createHash('md5').update(data).digest('hex') }],
  };
  server.put('lists', 'inv/originals/all/2026-11-01T00-00Z/manifest.json', Buffer.from(JSON.stringify(manifest)));
  const ended = await run('s3://lists/inv/originals/all/2026-11-01T00-00Z/manifest.json');
  expect(ended.code).toBe(0);
  expect(summaryOf(ended)).toMatchObject({ originals: 2, made: 2, failed: 0 });
  expect(await v.keys()).toEqual(['small/a.jpg', 'small/d/e+f.jpg']);
});

test('regenerate makes each key once, in the order given', async () => {
  const { cwd, o, v } = await world('folder');
  const ended = await imgvar(['regenerate', 'h.jpg', 'none', 'a.jpg', 'h.jpg', '--from', o.location, '--to', v.location, '--only', 'small', '--json'], cwd);
  expect(failures(ended)).toEqual([['none', null, 'original-missing']]);
  expect(summaryOf(ended)).toMatchObject({ originals: 3, made: 2, failed: 1 });
});
