import { expect, test } from 'vitest';
import type { Summary } from '../../src/model/events.js';
import type { StoredObject } from '../../src/model/original.js';
import { NO_REQUESTS } from '../../src/model/requests.js';
import { reprocess } from '../../src/run/reprocess.js';
import { EVERYTHING } from '../../src/source/filter.js';
import { memoryStore } from '../../src/store/memory.js';
import type { Store } from '../../src/store/store.js';
import { inPages, stored } from '../support.js';
import { control, madeOf, pretending } from './pretending.js';
import { runParts } from './run-parts.js';

const SIZE = 5_000_000;

/** The dear ones come first, as where old originals have dates for names and were moved to another class. */
function mixed(dear: number, others: number): Store {
  const originals = Array.from({ length: dear + others }, (_, i): StoredObject => {
    const object = { ...stored(String(i).padStart(6, '0')), size: SIZE };
    return i < dear ? { ...object, storageClass: 'GLACIER_IR' } : object;
  });
  return { ...memoryStore('originals'), list: () => inPages(originals, 1_000), region: async () => 'us-east-1' };
}

async function spending(maxCost: number | null, dear: number, others: number): Promise<{ summary: Summary; done: number }> {
  let done = 0;
  const requests = { ...NO_REQUESTS, get: 1, head: 1 };
  const engine = pretending((job) => {
    done += 1;
    return { ...madeOf(job), bytesRead: SIZE, requests: { ...requests, put: job.due.length } };
  });
  const variants: Store = { ...memoryStore('variants'), region: async () => 'us-east-1' };
  const parts = runParts({ originals: mixed(dear, others), variants, engine, pricing: { ...runParts().pricing, inRegion: true } });
  const summary = await reprocess(parts, 'due', EVERYTHING, control({ maxCost }).settings);
  return { summary, done };
}

// One of them takes a GET and a HEAD at 0.00001, two PUTs at 0.000005, and 5 MB of retrieval at 0.03 a GB: 0.0001697.
test('a cap counts what was read of which class, whatever is planned ahead', async () => {
  const { summary, done } = await spending(0.01, 200, 5_000);
  expect(summary.stoppedBy).toBe('cost');
  expect(done).toBeGreaterThan(40);
  expect(done * 0.0001697).toBeLessThanOrEqual(0.01);
  expect(summary.usd).toBeGreaterThan(done * 0.0001696);
});

test('what a stopped run is compared with is what it has begun, and not what was planned ahead', async () => {
  const { summary, done } = await spending(0.01, 200, 5_000);
  const lineOf = (item: string) => summary.bill?.lines.find((line) => line.item === item);
  expect(lineOf('put')).toMatchObject({ estimated: { quantity: 2 * done }, actual: { quantity: 2 * done } });
  expect(lineOf('retrieval')?.actual?.quantity).toBeCloseTo((done * SIZE) / 2 ** 30, 6);
});

test('a whole run has both classes in its bill', async () => {
  const { summary } = await spending(null, 3, 7);
  const retrieved = summary.bill?.lines.find(({ item }) => item === 'retrieval');
  expect(retrieved?.actual?.quantity).toBeCloseTo((3 * SIZE) / 2 ** 30, 6);
  expect(summary.bill?.lines.filter(({ item }) => item === 'get')).toHaveLength(2);
});
