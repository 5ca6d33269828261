import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_S3 } from '../../src/store/s3-settings.js';
import { s3Store } from '../../src/store/s3.js';
import { splitKeys } from '../../src/store/split-keys.js';
import { byUtf8 } from '../store/contract-words.js';
import { dated, hashes, skewed } from './key-sets.js';
import type { KeySequence } from './listing.js';
import { startS3, type S3Server } from './server.js';

/** A store of these keys in memory, that counts what it is asked. */
function asked(keys: readonly string[]) {
  const sorted = [...keys].sort(byUtf8);
  const texts: string[] = [];
  return {
    texts,
    firstAfter: async (text: string): Promise<string | undefined> => {
      texts.push(text);
      return sorted.find((key) => byUtf8(key, text) > 0);
    },
  };
}

const character = fc.oneof(fc.constantFrom(...'aab01/-. zZ~', 'é', '日', '\ud7ff', '\ue000', '\uffff', '😀', '\u{10ffff}'), fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }));
const text = fc.array(character, { maxLength: 8 }).map((characters) => characters.join(''));

describe('dividing a range', () => {
  it('gives keys that exist within it, in order, for any alphabet', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(text.filter((key) => key !== ''), { maxLength: 40 }), text, fc.option(text), fc.integer({ min: 1, max: 9 }), async (keys, after, upTo, most) => {
        const { firstAfter, texts } = asked(keys);
        const found = await splitKeys(firstAfter, '', { after, upTo }, most);
        const within = keys.filter((key) => byUtf8(key, after) > 0 && (upTo === null || byUtf8(key, upTo) < 0));
        expect(found.length).toBeLessThanOrEqual(most);
        expect(found).toEqual([...new Set(found)].sort(byUtf8));
        for (const key of found) expect(within).toContain(key);
        for (const each of texts) expect(Buffer.from(each).toString()).toBe(each);
        if (within.length === 0) expect(found).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it.each<[string, KeySequence]>([['hashes', hashes(2_000)], ['dated', dated(2_000)], ['skewed', skewed(2_000)]])('asks little, and comes to the middle: %s', async (_, { length, at }) => {
    const keys = Array.from({ length }, (_, i) => at(i));
    let range: [number, number] = [0, length];
    let rounds = 0;
    let questions = 0;
    while (range[1] - range[0] > length / 16) {
      const { firstAfter, texts } = asked(keys);
      const [key] = await splitKeys(firstAfter, '', { after: keys[range[0]] ?? '', upTo: keys[range[1]] ?? null }, 1);
      const cut = keys.indexOf(key ?? '');
      expect(cut).toBeGreaterThan(range[0]);
      // Into the larger part: what an even cut makes small in four rounds, an uneven one must in a few more.
      range = cut - range[0] > range[1] - cut ? [range[0], cut] : [cut, range[1]];
      rounds += 1;
      questions += texts.length;
    }
    expect(rounds).toBeLessThanOrEqual(16);
    expect(questions / rounds).toBeLessThanOrEqual(20);
  });
});

describe('dividing a range of a bucket', () => {
  let server: S3Server;
  beforeAll(async () => {
    server = await startS3({ buckets: ['imgvar-test'], listed: { skewed: skewed(10_000) } });
  });
  afterAll(() => server.close());
  const open = (bucket: string, prefix: string) => s3Store(bucket, prefix, { ...DEFAULT_S3, endpoint: server.url, region: 'us-east-1' });

  it('stays below the location and the prefix', async () => {
    for (const key of ['in/a', 'in/b/1', 'in/b/2', 'in/b/3', 'in/c', 'out']) server.put('imgvar-test', key, Buffer.of());
    const [key] = (await open('imgvar-test', 'in/').split?.('b/', '', null, 1)) ?? [];
    expect(['b/2', 'b/3']).toContain(key);
    expect(await open('imgvar-test', 'in/').split?.('d', '', null, 1)).toEqual([]);
    expect(await open('imgvar-test', 'in/').split?.('\0', '', null, 1)).toEqual([]);
  });

  it('finds its way under a long common beginning', async () => {
    const keys = (await open('skewed', '').split?.('', 'customers/acme-corporation/imports/2024/uploads/IMG_000000100.jpg', 'z/', 9)) ?? [];
    expect(keys.filter((key) => key.startsWith('customers/')).length).toBeGreaterThan(2);
  });
});
