import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { parseHTML } from 'linkedom';
import { afterAll, describe, expect, test } from 'vitest';
import { keyIn } from '../../src/lambda/own-location.js';
import { Failure } from '../../src/model/failure.js';
import { parseLayout } from '../../src/model/layout.js';
import { csvRecord } from '../../src/report/csv.js';
import { showKey } from '../../src/report/format.js';
import { html } from '../../src/report/html/html.js';
import { csvRecords } from '../../src/source/csv.js';
import { folderStore } from '../../src/store/folder.js';
import { s3Store } from '../../src/store/s3.js';
import { DEFAULT_S3 } from '../../src/store/s3-settings.js';
import type { Store } from '../../src/store/store.js';
import { startS3 } from '../s3/server.js';
import { collect, PLAIN, spec } from '../support.js';
import { hostileText, RUNS } from './arbitraries.js';

const folder = await mkdtemp(path.join(tmpdir(), 'keys-'));
const server = await startS3({ buckets: ['b'] });
afterAll(async () => {
  await rm(folder, { recursive: true });
  await server.close();
});

/** Every key is kept under that very name, and listed so, or refused. */
async function keepsOrRefuses(store: Store): Promise<void> {
  const kept = new Set<string>();
  await fc.assert(
    fc.asyncProperty(hostileText, async (key) => {
      if (await keeps(store, key)) kept.add(key);
    }),
    { numRuns: RUNS },
  );
  const listed = (await collect(store.list(''))).flat().map((object) => object.key);
  expect(listed).toEqual(expect.arrayContaining([...kept]));
}

async function keeps(store: Store, key: string): Promise<boolean> {
  try {
    await store.write(key, Buffer.from(`of ${key}`), PLAIN);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    expect(['invalid-key', 'write-failed']).toContain(error.code);
    return false;
  }
  expect((await store.read(key, 10_000)).bytes.toString()).toBe(`of ${key}`);
  return true;
}

describe('a hostile key', () => {
  test('stays below the root of a folder, or is refused', async () => {
    const inner = path.join(folder, 'a/root');
    await keepsOrRefuses(folderStore(inner));
    // Nothing beside the root: what `..` would have reached.
    const outside = await collect(folderStore(folder).list(''));
    expect(outside.flat().filter(({ key }) => !key.startsWith('a/root/'))).toEqual([]);
  });

  test('stays below the prefix of a bucket, or is refused', async () => {
    await keepsOrRefuses(s3Store('b', 'in/', { ...DEFAULT_S3, endpoint: server.url, region: 'us-east-1' }));
    expect([...(server.buckets.get('b')?.keys() ?? [])].filter((key) => !key.startsWith('in/'))).toEqual([]);
  });

  test('has variants of its own in every layout, from which it is found again', () => {
    const specs = [spec('small'), spec('web', { format: 'webp' })];
    fc.assert(
      fc.property(hostileText.filter((key) => key !== ''), fc.constantFrom('{variant}/{path}', '{dir}/{name}-{variant}.{ext}', '{path}/{variant}'), (key, template) => {
        const layout = parseLayout(template, ['small', 'web']);
        for (const one of specs) expect(layout.originalsOf(layout.keyOf(key, one), specs)).toContainEqual({ spec: one, original: key });
      }),
      { numRuns: RUNS * 5 },
    );
  });

  test('runs nothing in a spreadsheet, draws nothing in a page, moves no cursor', async () => {
    await fc.assert(
      fc.asyncProperty(hostileText, async (key) => {
        const record = csvRecord(['x', key]);
        expect(record.replace(/^x,"?/, '')).not.toMatch(/^([=+\-@\t\n]|\r(?!\n))/);
        const [[, field = ''] = []] = await collect(csvRecords(chunks(Buffer.from(record))));
        expect([key, `'${key}`].map((text) => Buffer.from(text).toString('latin1'))).toContain(field);
        const { document } = parseHTML(`<body>${html`<p title="${key}">${key}</p>`.text}</body>`);
        expect([...document.querySelectorAll('body *')].map((found) => found.tagName)).toEqual(['P']);
        expect(showKey(key)).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
      }),
      { numRuns: RUNS * 5 },
    );
  });

  test('in a notice is below the prefix, or not an original', () => {
    fc.assert(
      fc.property(hostileText, hostileText, (bucket, key) => {
        const found = keyIn({ bucket, key }, { kind: 's3', bucket: 'b', prefix: 'in/' });
        if (found !== undefined) expect([bucket, key]).toEqual(['b', `in/${found}`]);
      }),
      { numRuns: RUNS * 5 },
    );
  });
});

async function* chunks(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}
