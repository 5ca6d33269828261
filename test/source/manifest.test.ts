import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { Location } from '../../src/model/location.js';
import { openManifest } from '../../src/source/manifest.js';
import { manifestFiles } from '../../src/source/manifest-bytes.js';
import { LONGEST_ROW } from '../../src/source/text.js';
import { workspace } from '../cli/imgvar.js';
import { brief, BUCKET, FOLDER, pieces, rowsOf } from './manifest-support.js';

const BOM = '\ufeff';

describe('a list of keys', () => {
  test.each<[string, string | Buffer, Location, unknown[]]>([
    ['one a line', 'a.jpg\nb/c d.jpg\n', FOLDER, [[1, 'a.jpg'], [2, 'b/c d.jpg']]],
    ['no line end at the end', 'a\nb', FOLDER, [[1, 'a'], [2, 'b']]],
    ['nothing', '', FOLDER, []],
    ['a byte order mark alone', BOM, FOLDER, []],
    ['a byte order mark, CRLF and empty lines', `${BOM}a\r\n\r\n\nb\r\n`, FOLDER, [[1, 'a'], [4, 'b']]],
    ['a file of two bytes', 'ab', FOLDER, [[1, 'ab']]],
    ['a file of one byte and a line end', 'a\n', FOLDER, [[1, 'a']]],
    ['empty lines alone', '\n\n', FOLDER, []],
    ['keys beyond ASCII, cut anywhere', '日本/写真.jpg\n👩‍👩‍👧.jpg', FOLDER, [[1, '日本/写真.jpg'], [2, '👩‍👩‍👧.jpg']]],
    ['text that is nothing special', ' a \na,b\n"q"\na%20b+c\n', FOLDER, [[1, ' a '], [2, 'a,b'], [3, '"q"'], [4, 'a%20b+c']]],
    ['an original that is called key', 'key\n', FOLDER, [[1, 'key']]],
    ['whole s3:// keys', 's3://b/in/a\nx\ns3://b/in/c%20d\n', BUCKET, [[1, 'a'], [2, 'x'], [3, 'c%20d']]],
    ['a key outside the originals', 's3://b/out/a\nb\n', BUCKET, [[1, 's3://b/out/a', 'invalid-key'], [2, 'b']]],
  ])('%s', async (_, content, originals, rows) => {
    for (const size of [1, 2, 3, 7, 1000]) expect(await brief(rowsOf('/m/keys.txt', content, originals, {}, size))).toEqual(rows);
    const zipped = gzipSync(content);
    expect(await brief(rowsOf('/m/keys.txt.gz', zipped, originals))).toEqual(rows);
  });

  test('gzip files that were put one behind the other are one', async () => {
    const both = Buffer.concat([gzipSync('a\n'), gzipSync('b\n')]);
    expect(await brief(rowsOf('/m/keys.gz', both))).toEqual([[1, 'a'], [2, 'b']]);
  });

  test('the hash is that of the file as it is stored', async () => {
    const zipped = gzipSync('a\n');
    const manifest = openManifest('/k.gz', pieces({ '/k.gz': zipped }, 3), FOLDER);
    expect(await manifest.hash()).toBe(createHash('sha256').update(zipped).digest('hex'));
    await expect(openManifest('/none', pieces({}, 3), FOLDER).hash()).rejects.toMatchObject({ code: 'manifest-unreadable' });
  });
});

describe('CSV', () => {
  test.each<[string, string, Location, unknown[]]>([
    ['a column key', 'Size, KEY ,x\n1,a b+c%20.jpg,2\n3,d,4\n', FOLDER, [[2, 'a b+c%20.jpg'], [3, 'd']]],
    ['only a column key', `${BOM}key\r\na\r\n\r\nb\r\n`, FOLDER, [[2, 'a'], [4, 'b']]],
    ['a quoted header', '"bucket","key"\n"b","in/a"\n', BUCKET, [[2, 'a']]],
    ['quotes, commas and line breaks', 'key,n\n"a,""b"".jpg",1\n"new\r\nline",2\n"",3\n"é",4', FOLDER, [[2, 'a,"b".jpg'], [3, 'new\r\nline'], [4, ''], [5, 'é']]],
    ['whole s3:// keys', 'key\ns3://b/in/a\nc\n', BUCKET, [[2, 'a'], [3, 'c']]],
    ['a bucket: keys are whole', 'bucket,key\nb,in/a+b%20\nb,out/c\n', BUCKET, [[2, 'a+b%20'], [3, 'out/c', 'invalid-key']]],
    ['of S3 Batch Operations', 'b,in/a+b%20c%2Bd\n"b","in/%E5%86%99,e"\n', BUCKET, [[1, 'a b c+d'], [2, '写,e']]],
    ['of S3 Batch Operations, with versions', 'b,in/a,v1\nb,in/c,v2\n', BUCKET, [[1, 'a'], [2, 'c']]],
    ['a key that is not URL-encoded', 'b,in/100%.jpg\nb,in/a\n', BUCKET, [[1, 'in/100%.jpg', 'invalid-key'], [2, 'a']]],
    ['a header and no rows', 'bucket,key\n', FOLDER, []],
  ])('%s', async (_, content, originals, rows) => {
    for (const size of [1, 2, 5, 1000]) expect(await brief(rowsOf('/m/keys.csv', content, originals, {}, size))).toEqual(rows);
    expect(await brief(rowsOf('/m/KEYS.CSV.GZ', gzipSync(content), originals))).toEqual(rows);
  });
});

describe('what is wrong is said with the file and the row', () => {
  test.each<[string, string, string | Buffer, Location, RegExp]>([
    ['bytes that are not UTF-8', 'k.txt', Buffer.from('a\nb\nc\xe9\n', 'latin1'), FOLDER, /k\.txt, row 3, is not UTF-8/],
    ['half a byte order mark', 'k.txt', Buffer.from([0xef, 0xbb]), FOLDER, /k\.txt, row 1, is not UTF-8/],
    ['UTF-16', 'k.txt', Buffer.from('\ufeffa\n', 'utf16le'), FOLDER, /k\.txt, row 1, is not UTF-8/],
    ['a field that is not UTF-8', 'k.csv', Buffer.from('key\n\xff\n', 'latin1'), FOLDER, /k\.csv, row 2, is not UTF-8/],
    ['a CSV header in a list', 'k.txt', 'Bucket,Key\nb,a\n', BUCKET, /k\.txt, row 1, is a header of CSV.*\.csv/],
    ['a key of another bucket', 'k.txt', 'a\ns3://c/in/a\n', BUCKET, /k\.txt, row 2, is of the bucket "c", but the originals are in "b"/],
    ['a bucket that begins alike', 'k.txt', 's3://bb/in/a\n', BUCKET, /row 1, is of the bucket "bb"/],
    ['a bucket, where originals are a folder', 'k.txt', 's3://b/a\n', FOLDER, /row 1, is of the bucket "b", but the originals are a folder/],
    ['a row of another bucket', 'k.csv', 'key,bucket\nin/a,b\nin/a,c\n', BUCKET, /k\.csv, row 3, is of the bucket "c"/],
    ['a row of no bucket', 'k.csv', 'key,bucket\nin/a,\n', BUCKET, /k\.csv, row 2, is of the bucket ""/],
    ['a Batch row of another bucket', 'k.csv', 'b,in/a\n\nc,in/a\n', BUCKET, /k\.csv, row 3, is of the bucket "c"/],
    ['a Batch row, where originals are a folder', 'k.csv', 'b,a\n', FOLDER, /k\.csv, row 1, is of the bucket "b", but the originals are a folder/],
    ['CSV without a column key', 'k.csv', 'name,size\nc,d\n', BUCKET, /row 1, has no column "key".*"name" is not the bucket/],
    ['CSV of many columns', 'k.csv', 'b,2,3,4\n', BUCKET, /row 1, has no column "key"/],
    ['CSV of one column', 'k.csv', 'a.jpg\n', FOLDER, /row 1, has no column "key".*\.txt/],
    ['a row that is too short', 'k.csv', 'n,key\n1,a\n2\n', FOLDER, /k\.csv, row 3, has 1 columns/],
    ['a quote that is not closed', 'k.csv', 'key\na\n"b\nc\n', FOLDER, /k\.csv, row 3, has a quote that is not closed/],
    ['a quote in the middle', 'k.csv', 'n,key\n1,a"b"\n', FOLDER, /k\.csv, row 2, has a quote in the wrong place, in field 2/],
    ['text behind a quote', 'k.csv', 'key\n"a"b\n', FOLDER, /k\.csv, row 2, has a quote in the wrong place/],
    ['a list without line ends', 'k.txt', `a\n${'x'.repeat(LONGEST_ROW + 1)}`, FOLDER, /k\.txt, row 2, is longer than 1048576 bytes/],
    ['a quote that swallows the file', 'k.csv', `key\n"a\n${'x\n'.repeat(LONGEST_ROW / 2 + 1)}`, FOLDER, /k\.csv, row 2, is longer .* not closed/],
    ['gzip that ends early', 'k.txt.gz', gzipSync('a\nb\n'.repeat(1000)).subarray(0, -9), FOLDER, /k\.txt\.gz ends in the middle of its gzip data, after row \d+; /],
    ['gzip that is none', 'k.csv.gz', 'key\na\n', FOLDER, /k\.csv\.gz is not gzip data, or damaged, after row 0/],
    ['Parquet', 'k.parquet', 'PAR1', FOLDER, /k\.parquet is of a format that cannot be read \(\.parquet\)/],
    ['JSON lines', 'k.jsonl.gz', '', FOLDER, /\(\.jsonl\)/],
  ])('%s', async (_, name, content, originals, message) => {
    // As a promise also where it is thrown at once.
    const rows = (async () => rowsOf(`/m/${name}`, content, originals, {}, 5000))();
    await expect(rows).rejects.toMatchObject({ name: 'UserError', code: 'manifest-invalid', message: expect.stringMatching(message) as string });
  });

  test('a file that is not there', async () => {
    const rows = (async () => openManifest('/m/none.txt', pieces({}, 1), FOLDER).rows()[Symbol.asyncIterator]().next())();
    await expect(rows).rejects.toMatchObject({ name: 'UserError', code: 'manifest-unreadable', message: 'The manifest /m/none.txt does not exist; check its name.' });
  });
});

test('a pipe, which could be read only once, is told to be written to a file', async () => {
  const fifo = path.join(await workspace(), 'keys.txt');
  execFileSync('mkfifo', [fifo]);
  const files = manifestFiles(() => Promise.reject(new Error('no bucket')));
  const rows = openManifest(fifo, files, FOLDER).rows()[Symbol.asyncIterator]();
  await expect(rows.next()).rejects.toMatchObject({ code: 'manifest-unreadable', message: expect.stringContaining('write it to a file first') });
});

test('rows before the one that is wrong are told', async () => {
  const seen: string[] = [];
  const read = async (): Promise<void> => {
    for await (const { key } of openManifest('/k', pieces({ '/k': 'a\nb\ns3://x/y\nc\n' }, 3), FOLDER).rows()) seen.push(key);
  };
  await expect(read()).rejects.toThrow(/row 3/);
  expect(seen).toEqual(['a', 'b']);
});
