import { expect, test } from 'vitest';
import { newRecord, readRecord, saveRecord } from '../../src/checkpoint/run-record.js';
import type { Engine } from '../../src/engine/engine.js';
import { UserError } from '../../src/model/user-error.js';
import { identityOf } from '../../src/run/begin.js';
import { reprocess } from '../../src/run/reprocess.js';
import { EVERYTHING } from '../../src/source/filter.js';
import { memoryStore } from '../../src/store/memory.js';
import type { Store } from '../../src/store/store.js';
import { inPages, PLAIN, stored } from '../support.js';
import { control, endless, pretending } from './pretending.js';
import { runParts } from './run-parts.js';

test('the sums add up, and the events come in order', async () => {
  const originals = memoryStore('originals');
  const variants = memoryStore('variants');
  for (const key of ['1.jpg', '2.jpg', '3.jpg']) await originals.write(key, Buffer.from('x'), PLAIN);
  for (const key of ['a/1.jpg', 'b/1.jpg', 'a/2.jpg']) await variants.write(key, Buffer.from('x'), PLAIN);
  const { events, settings } = control();
  const summary = await reprocess(runParts({ engine: pretending(), originals, variants }), 'due', EVERYTHING, settings);
  expect(summary).toMatchObject({ originals: 3, upToDate: 1, due: 3, made: 3, failed: 0, bytesRead: 200, bytesWritten: 30, complete: true });
  expect(events[0]).toMatchObject({ type: 'run', command: 'reprocess', specs: ['a', 'b'], dryRun: false });
  expect(events.at(-1)).toBe(summary);
  expect(events.filter(({ type }) => type === 'outcome')).toHaveLength(3);
});

test('the plan is ahead of the work, and never further than it may be', async () => {
  let listed = 0;
  let worked = 0;
  let most = 0;
  const engine = pretending(async () => {
    // Time for the plan to run away, if it would.
    if (worked % 1_000 === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    most = Math.max(most, listed - worked);
    worked += 1;
  });
  const { settings } = control({ counted: 60_000 });
  const summary = await reprocess(runParts({ originals: endless(60_000, () => (listed += 1)), engine }), 'due', EVERYTHING, settings);
  expect(summary).toMatchObject({ originals: 60_000, made: 120_000, complete: true });
  expect(most).toBeGreaterThan(5_000);
  expect(most).toBeLessThan(10_000 + 3 * 1_000);
});

test.each([[null, 30_000], [20_000, 20_000]])('with a limit of %s what there is to do is known while the first is made', async (limit, jobs) => {
  let told: (jobs: number) => void = () => undefined;
  const counted = new Promise<number>((resolve) => (told = resolve));
  const engine = pretending(async () => void (await counted));
  const { settings } = control({ limit, onEvent: (event) => event.type === 'counted' && told(event.jobs) });
  const summary = await reprocess(runParts({ originals: endless(30_000, () => undefined), engine }), 'due', EVERYTHING, settings);
  expect(await counted).toBe(jobs);
  expect(summary).toMatchObject({ originals: jobs, made: 2 * jobs });
});

test('the first is begun before all are counted, also where the listings are at hand', async () => {
  let isCounted = false;
  const countedBefore: boolean[] = [];
  const engine = pretending(() => void countedBefore.push(isCounted));
  const { settings } = control({ onEvent: ({ type }) => void (isCounted ||= type === 'counted') });
  await reprocess(runParts({ originals: endless(100_000, () => undefined), engine }), 'due', EVERYTHING, settings);
  expect(countedBefore[0]).toBe(false);
});

test('what costs money to list is listed once', async () => {
  let listed = 0;
  const originals = { ...endless(3, () => (listed += 1)), region: async () => 'us-east-1' };
  const { events, settings } = control();
  await reprocess(runParts({ originals, engine: pretending() }), 'due', EVERYTHING, settings);
  expect(listed).toBe(3);
  expect(events.filter(({ type }) => type === 'counted')).toEqual([]);
});

test('where nothing is due, nothing is counted, and all is listed once', async () => {
  let listed = 0;
  const { events, settings } = control();
  const accepting = { ...EVERYTHING, include: ['*.none'] };
  await reprocess(runParts({ originals: endless(20_000, () => (listed += 1)), engine: pretending() }), 'due', accepting, settings);
  expect(listed).toBe(20_000);
  expect(events.filter(({ type }) => type === 'counted')).toEqual([]);
});

test('a run that ends before it is counted does not wait for that', async () => {
  const { settings } = control({ signal: AbortSignal.abort() });
  let listed = 0;
  await reprocess(runParts({ originals: endless(1e9, () => (listed += 1)), engine: pretending() }), 'due', EVERYTHING, settings);
  expect(listed).toBeLessThan(10_000);
});

test('an abort begins nothing new, finishes what is begun, and says that the run is not complete', async () => {
  const controller = new AbortController();
  let begun = 0;
  const engine = pretending(() => {
    begun += 1;
    if (begun === 50) controller.abort();
  });
  const { settings, events } = control({ signal: controller.signal });
  const summary = await reprocess(runParts({ originals: endless(60_000, () => undefined), engine }), 'due', EVERYTHING, settings);
  expect(begun).toBeLessThan(60);
  expect(summary).toMatchObject({ made: begun * 2, complete: false });
  expect(events.at(-1)).toBe(summary);
});

test('an abort after the last original is a run that is complete', async () => {
  const controller = new AbortController();
  const originals = memoryStore('originals');
  await originals.write('1.jpg', Buffer.from('x'), PLAIN);
  const { settings } = control({ signal: controller.signal });
  const summary = await reprocess(
    runParts({ originals, engine: pretending(() => new Promise((resolve) => setTimeout(() => (controller.abort(), resolve()), 20))) }),
    'due',
    EVERYTHING,
    settings,
  );
  expect(summary).toMatchObject({ originals: 1, made: 2, complete: true });
});

test('what a kill left of two ranges, one at its end where the other begins, is gone on with side by side: each counts once, and comes to its end', async () => {
  const originals = memoryStore('originals');
  for (const key of ['a.jpg', 'm.jpg', 'x.jpg', 'y.jpg']) await originals.write(key, Buffer.from('x'), PLAIN);
  const parts = runParts({ originals, engine: pretending(), lanes: 2 });
  const identity = identityOf(parts, { command: 'reprocess', mode: 'due', filter: { prefix: '', include: [], exclude: [] } });
  const ranges = [{ after: 'm.jpg', upTo: 'm.jpg' }, { after: 'm.jpg', upTo: null }];
  await saveRecord(parts.checkpoint, { ...newRecord('run-1', identity, 1), ranges });
  expect(await reprocess(parts, 'due', EVERYTHING, control().settings)).toMatchObject({ resumed: true, originals: 2, made: 4, complete: true });
  expect(await readRecord(parts.checkpoint, 'run-1', 'variants')).toMatchObject({ state: 'complete', ranges: [], sums: { originals: 2, made: 4 } });
});

test('the limit counts originals with something due, and the listing goes no further', async () => {
  let listed = 0;
  const { settings } = control({ limit: 5 });
  const summary = await reprocess(runParts({ engine: pretending(), originals: endless(60_000, () => (listed += 1)) }), 'due', EVERYTHING, settings);
  expect(summary).toMatchObject({ due: 10, made: 10, complete: true });
  expect(listed).toBeLessThanOrEqual(2_000);
});

test('a dry run writes nothing, not even to see whether it could', async () => {
  const originals = memoryStore('originals');
  await originals.write('1.jpg', Buffer.from('x'), PLAIN);
  const asked: string[] = [];
  const engine: Engine = { name: 'local', mostTries: 1, run: () => { throw new Error('a dry run does no work'); } };
  const variants: Store = {
    ...memoryStore('variants'),
    check: async (access) => {
      asked.push(access);
      return [];
    },
    list: (prefix, options) => {
      asked.push(`list ${prefix} ${options?.sweep === true ? 'sweep' : 'only'}`);
      return inPages([]);
    },
    write: () => { throw new Error('a dry run writes nothing'); },
  };
  const { settings, events } = control({ dryRun: true });
  const summary = await reprocess(runParts({ originals, variants, engine }), 'due', EVERYTHING, settings);
  expect(summary).toMatchObject({ due: 2, made: 0, failed: 0 });
  expect(events.filter(({ type }) => type === 'due')).toHaveLength(2);
  expect(asked).toEqual(['list  only', 'list a/ only', 'list b/ only']);
});

test('what cannot be listed as an original fails for all specs, and counts as due', async () => {
  const refused = { key: 'x', refused: 'invalid-key', detail: 'a link that leads out' } as const;
  const originals: Store = { ...memoryStore('originals'), list: () => inPages([stored('a.jpg'), refused]) };
  const { settings, events } = control();
  const summary = await reprocess(runParts({ engine: pretending(), originals }), 'due', EVERYTHING, settings);
  expect(summary).toMatchObject({ originals: 2, due: 4, made: 2, failed: 2, upToDate: 0, complete: true });
  expect(events).toContainEqual(expect.objectContaining({ type: 'outcome', original: 'x', variant: null, code: 'invalid-key' }));
});

test('a location that cannot be used is found before anything is told or done', async () => {
  const originals: Store = { ...memoryStore('originals'), check: () => Promise.reject(new UserError('location-missing', 'not there')) };
  const { settings, events } = control();
  await expect(reprocess(runParts({ engine: pretending(), originals }), 'due', EVERYTHING, settings)).rejects.toThrow(UserError);
  expect(events).toEqual([]);
});

test('a bug in the engine ends the run', async () => {
  const originals = memoryStore('originals');
  await originals.write('1.jpg', Buffer.from('x'), PLAIN);
  const engine = pretending(() => Promise.reject(new TypeError('a bug')));
  const { settings } = control();
  await expect(reprocess(runParts({ originals, engine }), 'due', EVERYTHING, settings)).rejects.toThrow(TypeError);
});
