import { expect, onTestFinished, test, vi } from 'vitest';
import { recordsOf, type RunRecord } from '../../src/checkpoint/run-record.js';
import { reprocess } from '../../src/run/reprocess.js';
import { EVERYTHING } from '../../src/source/filter.js';
import { memoryStore } from '../../src/store/memory.js';
import type { Store } from '../../src/store/store.js';
import { collect, inPages, PLAIN, stored } from '../support.js';
import { control, failedOf, pretending } from './pretending.js';
import { runParts, type Parts } from './run-parts.js';

async function recordsIn({ checkpoint, variants }: Parts): Promise<RunRecord[]> {
  return collect(recordsOf(checkpoint, variants.location));
}

async function statesOf(parts: Parts): Promise<string[]> {
  return (await recordsIn(parts)).map(({ state }) => state);
}

const keys = (count: number): string[] => Array.from({ length: count }, (_, i) => `${String(i + 1).padStart(4, '0')}.jpg`);

function storeOf(names: readonly string[]): Store {
  return { ...memoryStore('originals'), list: () => inPages(names.map((key) => stored(key))), stat: async (key) => stored(key) };
}

test('a run that finds nothing to do, however long it lists, is gone on with by none: the next one sees what is new', async () => {
  // Each look at it is half a second later.
  let now = 0;
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => (now += 500));
  onTestFinished(() => clock.mockRestore());
  const originals = memoryStore('originals');
  const variants = memoryStore('variants');
  const names = keys(100);
  for (const key of names) await originals.write(key, Buffer.from('x'), PLAIN);
  for (const key of names) for (const spec of ['a', 'b']) await variants.write(`${spec}/${key}`, Buffer.from('x'), PLAIN);
  const parts = runParts({ originals, variants, engine: pretending() });
  expect(await reprocess(parts, 'due', EVERYTHING, control().settings)).toMatchObject({ due: 0, upToDate: 100, complete: true });
  expect(await statesOf(parts)).toEqual(['complete']);
  await originals.write('0000.jpg', Buffer.from('x'), PLAIN);
  expect(await reprocess(parts, 'due', EVERYTHING, control().settings)).toMatchObject({ originals: 101, made: 2, resumed: false });
});

test('money that is gone before the listing ends: nothing is tried again, and the same command lists the rest', async () => {
  const refused = { key: '0000', refused: 'invalid-key', detail: '' } as const;
  const listed = [refused, ...keys(49).map((key) => stored(key))];
  const dear = { get: 0, put: 0, head: 0, list: 1_000, delete: 0, retries: 0 };
  const originals: Store = { ...memoryStore('originals'), list: (_, { after = '' } = {}) => inPages(listed.filter(({ key }) => key > after)), region: async () => 'us-east-1', requests: dear };
  const variants = memoryStore('variants');
  for (const key of keys(20)) for (const spec of ['a', 'b']) await variants.write(`${spec}/${key}`, Buffer.from('x'), PLAIN);
  const parts = runParts({ originals, variants, engine: pretending() });
  expect(await reprocess(parts, 'due', EVERYTHING, control({ maxCost: 0.001 }).settings)).toMatchObject({ stoppedBy: 'cost', complete: false });
  expect(await statesOf(parts)).toEqual(['stopped']);
  expect(await reprocess(parts, 'due', EVERYTHING, control().settings)).toMatchObject({ resumed: true, originals: 50, upToDate: 20, made: 58, failed: 2, complete: true });
});

test('what fails twice counts once for --max-failures', async () => {
  // 17 of 100, where 20 are allowed.
  let tries = 0;
  const engine = pretending((job) => (Number(job.original.key.slice(0, 4)) % 6 === 0 ? (tries++, failedOf(job, 'timeout')) : undefined));
  const summary = await reprocess(runParts({ originals: storeOf(keys(200)), engine }), 'due', EVERYTHING, control().settings);
  expect(summary).toMatchObject({ stoppedBy: null, complete: true, failed: 66, made: 334 });
  expect(tries).toBe(66);
});

test('a run that is stopped while its last original is in flight, which fails, is not complete: the same command tries that again', async () => {
  const stop = new AbortController();
  let isWell = false;
  const engine = pretending(async (job) => {
    if (isWell || job.original.key !== '0003.jpg') return undefined;
    // Until the end of the listing is known.
    await new Promise((resolve) => setTimeout(resolve, 20));
    stop.abort();
    return failedOf(job, 'timeout');
  });
  const parts = runParts({ originals: storeOf(keys(3)), engine });
  expect(await reprocess(parts, 'due', EVERYTHING, control({ signal: stop.signal }).settings)).toMatchObject({ made: 4, failed: 2, complete: false });
  expect(await statesOf(parts)).toEqual(['interrupted']);
  isWell = true;
  expect(await reprocess(parts, 'due', EVERYTHING, control().settings)).toMatchObject({ resumed: true, made: 6, failed: 0, complete: true });
});

test('a record says which limit stopped the run, and what the last session was begun with', async () => {
  const engine = pretending((job) => (job.original.key === '0002.jpg' ? failedOf(job, 'corrupt-image') : undefined));
  const parts = runParts({ originals: storeOf(keys(5)), engine, terms: { preset: 'levels', 'max-failures': '0' } });
  expect(await reprocess(parts, 'due', EVERYTHING, control({ maxFailures: { originals: 0 } }).settings)).toMatchObject({ stoppedBy: 'failures' });
  expect(await recordsIn(parts)).toMatchObject([{ state: 'stopped', stoppedBy: 'failures', terms: { preset: 'levels', 'max-failures': '0' } }]);
  expect(await reprocess({ ...parts, terms: { preset: 'levels' } }, 'due', EVERYTHING, control().settings)).toMatchObject({ resumed: true, complete: true });
  const [record] = await recordsIn(parts);
  expect([record?.state, record?.stoppedBy, record?.terms]).toEqual(['complete', null, { preset: 'levels' }]);
});
