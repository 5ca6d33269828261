import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load.js';
import { loadPrices } from '../../src/config/prices-file.js';
import { PRESETS } from '../../src/config/presets.js';
import { BUCKET, FOLDER, md5, rowsOf } from '../source/manifest-support.js';
import { hostileJson, hostileText, mutatedBytes, mutatedJson, RUNS } from './arbitraries.js';
import { valueOrMistake } from './mistake.js';

const folder = await mkdtemp(path.join(tmpdir(), 'written-'));
afterAll(() => rm(folder, { recursive: true }));
const file = path.join(folder, 'written.json');

const CONFIG = {
  ...PRESETS.levels, $schema: 's', originals: 's3://o/in/', variants: './variants', backup: 's3://b/', layout: '{dir}/{name}-{variant}.{ext}', engine: 'lambda', lambda: { function: 'f' }, memory: 64, leaseSeconds: 30, confirmAbove: 1.5,
  limits: { pixels: 1000, bytes: 1000, seconds: 5, allow: ['svg'] }, s3: { endpoint: 'https://s3.example.com', region: 'eu-west-1', storageClass: 'STANDARD_IA' }, cloudFront: { distribution: 'E1', path: '/images/' },
};
const PRICES = { date: '2026-01-01', source: 'our contract', regions: { 'us-east-1': { s3: { get: 0.0000004 } } } };

const json = (real: unknown) => fc.oneof({ weight: 1, arbitrary: hostileJson }, { weight: 3, arbitrary: mutatedJson(real) }).map((value) => Buffer.from(JSON.stringify(value) ?? ''));
const textOf = (real: unknown) => fc.oneof(json(real), mutatedBytes(Buffer.from(JSON.stringify(real))));

describe('what people write', () => {
  test('as a config is taken whole, or refused', async () => {
    await fc.assert(
      fc.asyncProperty(textOf(CONFIG), async (bytes) => {
        await writeFile(file, bytes);
        const read = await valueOrMistake(() => loadConfig({ file, cwd: folder }));
        if ('mistake' in read) {
          expect(read.mistake).toBe('config-invalid');
          return;
        }
        const { specs, limits, originals, variants, layout } = read.value;
        expect(specs.length).toBeGreaterThan(0);
        for (const { name, width, height, cacheControl } of specs) {
          expect(name).toMatch(/^[A-Za-z0-9][\w-]*$/);
          for (const side of [width, height]) if (side !== null) expect(Number.isInteger(side) && side > 0 && side <= 16_383).toBe(true);
          // It becomes a header.
          expect(cacheControl ?? '').toMatch(/^[\t\x20-\x7e]*$/);
        }
        for (const limit of [limits.pixels, limits.bytes, limits.seconds]) expect(Number.isSafeInteger(limit) && limit > 0).toBe(true);
        for (const place of [originals, variants]) if (place !== undefined) expect(place.kind === 's3' ? place.prefix : place.path).not.toMatch(/\0|\p{Surrogate}/u);
        expect(layout).not.toMatch(/\0|\p{Surrogate}/u);
        expect(Object.getPrototypeOf(read.value)).toBe(Object.prototype);
      }),
      { numRuns: RUNS * 3 },
    );
  });

  test('as prices is taken whole, or refused', async () => {
    await fc.assert(
      fc.asyncProperty(textOf(PRICES), async (bytes) => {
        await writeFile(file, bytes);
        const read = await valueOrMistake(() => loadPrices(file, folder));
        if ('mistake' in read) expect(read.mistake).toBe('prices-invalid');
        else for (const figure of figuresIn(read.value.regions)) expect(Number.isFinite(figure) && figure >= 0).toBe(true);
      }),
      { numRuns: RUNS },
    );
  });

  test.each([
    ['deep', '['.repeat(500_000)],
    ['deep and closed', `{"specs":${'{"a":'.repeat(80_000)}1${'}'.repeat(80_000)}}`],
    ['a long text that does not end', `{"layout":"${'a'.repeat(1_000_000)}`],
    ['a long text of escapes that goes wrong', `{"layout":"${'\\n'.repeat(500_000)}\\x"}`],
    ['long numbers', `{"memory":${'9'.repeat(1_000_000)}`],
    ['many fields', `{${Array.from({ length: 10_000 }, (_, i) => `"f${i}":1`).join(',')}}`],
    ['the prototype', '{"__proto__":{"specs":{}},"specs":{"__proto__":{"width":1},"constructor":{"width":1}}}'],
  ])('as a config is refused in no time: %s', async (_, text) => {
    await writeFile(file, text);
    expect(await valueOrMistake(() => loadConfig({ file, cwd: folder }))).toEqual({ mistake: 'config-invalid' });
  });
});

function* figuresIn(value: unknown): Generator<number> {
  if (typeof value === 'number') yield value;
  if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) yield* figuresIn(part);
}

const ROWS = 'key,bucket,size\r\nin/a.jpg,b,1\r\n"in/b ""x"",c.jpg",b,2\r\n\r\nin/d\u00e9.jpg,b,3\r\n';
const LIST = 'a.jpg\nb/c.jpg\r\ns3://b/in/d.jpg\n\u00e9.jpg\n';
const DATA = gzipSync('"b","in%2Fa.jpg","1"\n"b","in%2Fb+c.jpg","2"\n');
const INVENTORY = { sourceBucket: 'b', destinationBucket: 'arn:aws:s3:::d', version: '2016-11-30', fileFormat: 'CSV', fileSchema: 'Bucket, Key, Size', files: [{ key: 'x/data/1.csv.gz', size: DATA.length, MD5checksum: md5(DATA) }] };

describe('a manifest', () => {
  const manifest = fc.oneof(
    fc.tuple(fc.constantFrom('/m.csv', '/m.txt', '/m'), fc.oneof(mutatedBytes(Buffer.from(ROWS)), mutatedBytes(Buffer.from(LIST)), fc.array(hostileText).map((lines) => Buffer.from(lines.join('\n'))))),
    fc.tuple(fc.constantFrom('/m.csv.gz', '/m.gz'), fc.oneof(mutatedBytes(gzipSync(ROWS)), mutatedBytes(gzipSync(LIST)))),
    fc.tuple(fc.constant('/m.json'), textOf(INVENTORY)),
  );

  test('of any kind tells originals row by row, or is refused', async () => {
    await fc.assert(
      fc.asyncProperty(manifest, mutatedBytes(DATA), fc.boolean(), async ([name, bytes], data, isData) => {
        const read = await valueOrMistake(() => rowsOf(name, bytes, BUCKET, { '/1.csv.gz': isData ? data : DATA }, 64));
        if ('mistake' in read) expect(['manifest-invalid', 'manifest-unreadable']).toContain(read.mistake);
        else for (const { row, key } of read.value) expect([Number.isSafeInteger(row) && row > 0, typeof key, /\p{Surrogate}/u.test(key)]).toEqual([true, 'string', false]);
      }),
      { numRuns: RUNS * 5 },
    );
  });

  test.each([{ fileSchema: { toString: null } }, { fileSchema: 'Key', destinationBucket: { toString: null }, files: [] }])('whose fields have no text is none: %j', async (fields) => {
    const read = await valueOrMistake(() => rowsOf('/m.json', JSON.stringify({ ...INVENTORY, ...fields }), BUCKET, {}, 64));
    expect(read).toEqual('destinationBucket' in fields ? { value: [] } : { mistake: 'manifest-invalid' });
  });

  test.each([
    ['one endless row', '/m.txt.gz', Buffer.alloc(64 * 1024 * 1024, 'a')],
    ['one endless quote', '/m.csv.gz', Buffer.concat([Buffer.from('key\n"'), Buffer.alloc(64 * 1024 * 1024, '\n')])],
    ['quotes', '/m.csv.gz', Buffer.concat([Buffer.from('key\n"'), Buffer.alloc(64 * 1024 * 1024, '"')])],
    ['a manifest.json', '/m.json.gz', Buffer.alloc(80 * 1024 * 1024, ' ')],
  ])('that is a gzip bomb is refused before it is unpacked: %s', async (_, name, content) => {
    const packed = gzipSync(content, { level: 1 });
    const before = process.memoryUsage().arrayBuffers;
    expect(await valueOrMistake(() => rowsOf(name, packed, BUCKET, {}, 64 * 1024))).toEqual({ mistake: 'manifest-invalid' });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(300 * 1024 * 1024);
  });

  test('of empty rows alone is nothing', async () => {
    const packed = gzipSync(Buffer.alloc(100_000, '\n'));
    expect(await rowsOf('/m.txt.gz', packed, FOLDER, {}, 64 * 1024)).toEqual([]);
  });
});
