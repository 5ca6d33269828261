import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sharded, WHOLE } from '../../src/source/shards.js';
import type { Range, Shard } from '../../src/source/shard.js';
import { DEFAULT_S3 } from '../../src/store/s3-settings.js';
import { s3Store } from '../../src/store/s3.js';
import type { Store } from '../../src/store/store.js';
import { dated, hashes, numbered, ofManyScripts, skewed } from '../s3/key-sets.js';
import type { KeySequence } from '../s3/listing.js';
import { startS3, type S3Server } from '../s3/server.js';
import { byUtf8 } from '../store/contract-words.js';
import { collect } from '../support.js';

const SETS: Record<string, KeySequence> = {
  hashes: hashes(40_000),
  skewed: skewed(40_000),
  dated: dated(40_000),
  scripts: ofManyScripts(20_000),
  numbered: numbered(30_000),
  none: numbered(0),
  one: numbered(1),
  two: numbered(2),
  page: numbered(1_000),
  more: numbered(1_001),
};
/** Many keys that others begin with. */
const nested = [...new Set(Array.from({ length: 3_000 }, (_, i) => 'x'.repeat(i % 300) + String(i)))].sort(byUtf8);
SETS.nested = { length: nested.length, at: (i) => nested[i] ?? '' };

let server: S3Server;
beforeAll(async () => {
  server = await startS3({ buckets: [], listed: SETS, delay: 1 });
});
afterAll(() => server.close());

function open(bucket: string): Store {
  return s3Store(bucket, '', { ...DEFAULT_S3, endpoint: server.url, region: 'us-east-1' });
}

function keysOf(set: string, { after, upTo }: Range = WHOLE): string[] {
  const { length, at } = SETS[set] ?? numbered(0);
  return Array.from({ length }, (_, i) => at(i)).filter((key) => byUtf8(key, after) > 0 && (upTo === null || byUtf8(key, upTo) <= 0));
}

async function* keysIn({ originals }: Shard): AsyncGenerator<string> {
  for await (const page of originals) for (const { key } of page) yield key;
}

async function* pagesIn({ originals }: Shard): AsyncGenerator<string[]> {
  for await (const page of originals) yield page.map(({ key }) => key);
}

describe('listing by many lanes', () => {
  it.each(Object.keys(SETS))('gives every key once: %s', async (set) => {
    for (const lanes of [1, 2, 7, 32]) {
      const found = (await collect(sharded({ store: open(set), prefix: '', lanes }, pagesIn))).flat();
      expect(found).toHaveLength(keysOf(set).length);
      expect(found.sort(byUtf8)).toEqual(keysOf(set));
    }
  });

  it('gives every key of any ranges once, within its shard and in order', async () => {
    const sets = ['hashes', 'skewed', 'dated', 'scripts', 'nested'];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...sets), fc.integer({ min: 1, max: 40 }), fc.array(fc.nat(39_999), { maxLength: 6 }), async (set, lanes, cuts) => {
        const keys = keysOf(set);
        const bounds = [...new Set(cuts.map((cut) => keys[cut % keys.length] ?? ''))].sort(byUtf8);
        // Every other range, as of a run of which parts are done; the last one has no end.
        const ranges = bounds.flatMap((after, i): Range[] => (i % 2 === 0 ? [{ after, upTo: bounds[i + 1] ?? null }] : []));
        const shards = new Map<Shard, string[]>();
        const work = async function* (shard: Shard): AsyncGenerator<string> {
          const own: string[] = [];
          shards.set(shard, own);
          for await (const page of shard.originals) {
            own.push(...page.map(({ key }) => key));
            yield '';
          }
        };
        await collect(sharded({ store: open(set), prefix: '', lanes, ranges }, work));
        for (const [shard, own] of shards) expect(own).toEqual(keysOf(set, shard));
        const expected = ranges.flatMap((range) => keysOf(set, range));
        expect([...shards.values()].flat().sort(byUtf8)).toEqual(expected);
      }),
      { numRuns: 12 },
    );
  });

  it('divides what is left among lanes, and lists little twice', async () => {
    for (const set of ['hashes', 'dated', 'skewed']) {
      const store = open(set);
      let splits = 0;
      const counted: Store = { ...store };
      let listed = 0;
      counted.list = async function* (prefix, options) {
        for await (const page of store.list(prefix, options)) {
          listed += page.length;
          yield page;
        }
      };
      const onSplit = (shard: Shard, upper: Shard): void => {
        splits += 1;
        expect(shard.upTo).toBe(upper.after);
      };
      const found = (await collect(sharded({ store: counted, prefix: '', lanes: 8, onSplit }, pagesIn))).flat();
      expect(found).toHaveLength(keysOf(set).length);
      expect(splits, set).toBeGreaterThan(3);
      expect(listed).toBeLessThanOrEqual(keysOf(set).length + splits * 1_000);
    }
  });

  it('keeps no more results than there are lanes waiting', async () => {
    let given = 0;
    const work = async function* (shard: Shard): AsyncGenerator<string> {
      for await (const key of keysIn(shard)) {
        given += 1;
        yield key;
      }
    };
    const results = sharded({ store: open('hashes'), prefix: '', lanes: 4 }, work);
    for (let taken = 1; taken <= 5_000; taken++) {
      await results.next();
      expect(given - taken).toBeLessThanOrEqual(2 * 4);
    }
    await results.return(undefined);
  });

  it('leaves nothing under way when it is given up, or has failed', async () => {
    for (const end of ['return', 'work', 'listing']) {
      let underWay = 0;
      let pages = 0;
      const store = open('hashes');
      const failing: Store = {
        ...store,
        async *list(prefix, options) {
          for await (const page of store.list(prefix, options)) {
            if (end === 'listing' && ++pages === 9) throw new Error('as ordered');
            yield page;
          }
        },
      };
      let worked = 0;
      const work = async function* (shard: Shard): AsyncGenerator<string> {
        underWay += 1;
        try {
          for await (const key of keysIn(shard)) {
            if (end === 'work' && ++worked === 9_000) throw new Error('as ordered');
            yield key;
          }
        } finally {
          underWay -= 1;
        }
      };
      const results = sharded({ store: failing, prefix: '', lanes: 6 }, work);
      const all = async (): Promise<void> => {
        let taken = 0;
        for await (const result of results) if (result !== '' && ++taken === 9_000 && end === 'return') return;
      };
      if (end === 'return') await all();
      else await expect(all()).rejects.toThrow('as ordered');
      expect(underWay).toBe(0);
      const sent = store.requests.list;
      await new Promise((resolve) => setImmediate(resolve));
      expect(store.requests.list).toBe(sent);
    }
  });

  it('works range by range on a store that cannot be divided', async () => {
    const store: Store = { ...open('dated'), split: undefined };
    const middle = keysOf('dated')[17_000] ?? '';
    const ranges = [{ after: '', upTo: middle }, { after: middle, upTo: null }];
    const seen = new Set<Shard>();
    const found = await collect(sharded({ store, prefix: '', lanes: 8, ranges }, (shard) => (seen.add(shard), pagesIn(shard))));
    expect(found.flat().sort(byUtf8)).toEqual(keysOf('dated'));
    expect(seen.size).toBe(2);
  });
});
