import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { manifestFiles } from '../../src/source/manifest-bytes.js';
import { openManifest } from '../../src/source/manifest.js';
import { memoryStore } from '../../src/store/memory.js';
import { workspace } from '../cli/imgvar.js';
import { collect, PLAIN } from '../support.js';
import { brief, BUCKET, FOLDER, md5, rowsOf } from './manifest-support.js';

const ONE = gzipSync('"b","in/a+b%2Bc.jpg","3"\n"b","out/x","3"\n"b","in/","0"\n"b","in/folder/","0"\n"b","in/.imgvar/lock","1"\n');
const TWO = gzipSync('"b","in/d%2Fe","3"\n');
const DATA = { 's3://dest/inv/data/1.csv.gz': ONE, 's3://dest/inv/data/2.csv.gz': TWO };

const MANIFEST = {
  sourceBucket: 'b',
  destinationBucket: 'arn:aws:s3:::dest',
  version: '2016-11-30',
  fileFormat: 'CSV',
  fileSchema: 'Bucket, Key, Size',
  files: [
    { key: 'inv/data/1.csv.gz', size: ONE.length, MD5checksum: md5(ONE) },
    { key: 'inv/data/2.csv.gz', size: TWO.length, MD5checksum: md5(TWO) },
  ],
};
const NAME = 's3://dest/inv/2026-01-01T00-00Z/manifest.json';

function json(fields: object = {}): string {
  return JSON.stringify({ ...MANIFEST, ...fields });
}

/** One data file of these lines, with these columns. */
function single(fileSchema: string, content: Buffer, checksum = md5(content)) {
  return [json({ fileSchema, files: [{ key: 'd.csv.gz', MD5checksum: checksum }] }), { 's3://dest/d.csv.gz': content }] as const;
}

describe('an S3 Inventory', () => {
  test('is read file by file, and shows what a listing of the originals would show', async () => {
    expect(await brief(rowsOf(NAME, json(), BUCKET, DATA))).toEqual([[1, 'a b+c.jpg'], [6, 'd/e']]);
  });

  test('has no deleted objects, and only latest versions', async () => {
    const lines = gzipSync('"true","false","in/a"\n"false","false","in/b"\n"true","true","in/c"\n');
    const [manifest, data] = single('IsLatest, IsDeleteMarker, Key', lines);
    expect(await brief(rowsOf(NAME, manifest, BUCKET, data))).toEqual([[1, 'a']]);
  });

  test.each([
    ['beside', 'manifest.json', '1.csv.gz'],
    ['under its whole key', 'manifest.json', 'inv/data/1.csv.gz'],
    ['where S3 puts it', '2026/manifest.json', 'data/1.csv.gz'],
  ])('of a local manifest.json, a data file is found %s', async (_, manifest, data) => {
    const folder = await workspace({ [manifest]: json({ files: MANIFEST.files.slice(0, 1) }), [data]: ONE });
    const files = manifestFiles(() => Promise.reject(new Error('no bucket is asked')));
    expect(await brief(collect(openManifest(path.join(folder, manifest), files, BUCKET).rows()))).toEqual([[1, 'a b+c.jpg']]);
  });

  test('a key in manifest.json does not lead out of its folder', async () => {
    const folder = await workspace({ 'm/manifest.json': json({ files: [{ key: '../x/1.csv.gz' }] }) });
    await mkdir(path.join(folder, 'x'));
    await writeFile(path.join(folder, 'x/1.csv.gz'), ONE);
    const rows = openManifest(path.join(folder, 'm/manifest.json'), manifestFiles(() => Promise.reject(new Error())), BUCKET).rows();
    await expect(collect(rows)).rejects.toMatchObject({ code: 'manifest-unreadable' });
  });

  test('is read from its bucket', async () => {
    const dest = memoryStore('dest');
    await dest.write('m/manifest.json', Buffer.from(json()), PLAIN);
    await dest.write('inv/data/1.csv.gz', ONE, PLAIN);
    await dest.write('inv/data/2.csv.gz', TWO, PLAIN);
    const opened: string[] = [];
    const files = manifestFiles((bucket) => (opened.push(bucket), Promise.resolve(dest)));
    expect(await brief(collect(openManifest('s3://dest/m/manifest.json', files, BUCKET).rows()))).toHaveLength(2);
    expect(opened).toEqual(['dest']);
    dest.remove('inv/data/2.csv.gz');
    await expect(collect(openManifest('s3://dest/m/manifest.json', files, BUCKET).rows())).rejects.toMatchObject({
      code: 'manifest-unreadable',
      message: 'The manifest s3://dest/inv/data/2.csv.gz does not exist; check its name.',
    });
  });
});

describe('what is wrong', () => {
  const key = gzipSync('"in/a"\n"in/b"\n');
  test.each<[string, string, Readonly<Record<string, Buffer>>, RegExp]>([
    ['of another bucket', json({ sourceBucket: 'c' }), DATA, /manifest\.json is of the bucket "c", but the originals are in "b"/],
    ['ORC', json({ fileFormat: 'ORC' }), DATA, /manifest\.json is of an inventory in the format ORC.*CSV/],
    ['Parquet', json({ fileFormat: 'Parquet', fileSchema: 'message s3.inventory {}' }), DATA, /in the format Parquet/],
    ['no column Key', json({ fileSchema: 'Bucket, Size' }), DATA, /names no column Key/],
    ['other JSON', '["a.jpg"]', {}, /is not the manifest\.json of an S3 Inventory/],
    ['no JSON', 'a.jpg\n', {}, /is not JSON/],
    ['a file without a key', json({ files: [{}] }), {}, /has a file without a key/],
    ['a data file that is another', ...single('Key', key, md5(ONE)), /d\.csv\.gz is not the file that the inventory names: its MD5 checksum differs/],
    ['a data file that ends early', ...single('Key', key.subarray(0, -6)), /d\.csv\.gz ends in the middle of its gzip data/],
    ['too few columns', ...single('Bucket, Key', key), /d\.csv\.gz, row 1, has 1 columns of the 2/],
    ['a row of another bucket', ...single('Bucket, Key', gzipSync('"b","in/a"\n"c","in/a"\n')), /d\.csv\.gz, row 2, is of the bucket "c"/],
    ['a key that is not encoded', ...single('Key', gzipSync('"in/a"\n"in/%"\n')), /d\.csv\.gz, row 2, has a key that is not URL-encoded/],
  ])('%s', async (_, manifest, data, message) => {
    await expect(rowsOf(NAME, manifest, BUCKET, data)).rejects.toMatchObject({
      name: 'UserError',
      code: 'manifest-invalid',
      message: expect.stringMatching(message) as string,
    });
  });

  test('an inventory, where originals are a folder', async () => {
    await expect(rowsOf(NAME, json(), FOLDER, DATA)).rejects.toThrow(/manifest\.json is of the bucket "b", but the originals are a folder/);
  });
});
