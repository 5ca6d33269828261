import { expect, onTestFinished, test, vi } from 'vitest';
import { recordsOf, type RunRecord } from '../../src/checkpoint/run-record.js';
import type { Engine } from '../../src/engine/engine.js';
import { lambdaEngine } from '../../src/engine/lambda.js';
import type { JobsRequest } from '../../src/model/invocation.js';
import { DEFAULT_LIMITS } from '../../src/model/limits.js';
import { NO_REQUESTS } from '../../src/model/requests.js';
import { reprocess } from '../../src/run/reprocess.js';
import { EVERYTHING } from '../../src/source/filter.js';
import { memoryStore } from '../../src/store/memory.js';
import type { Store } from '../../src/store/store.js';
import { answered, report } from '../engine/scripted-function.js';
import { collect, inPages, PLAIN, stored } from '../support.js';
import { control, failedOf, madeOf, pretending } from './pretending.js';
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

/** A promise, and what fulfils it. */
function defer(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((go) => (resolve = go));
  return { promise, resolve };
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

test('money that is only reserved for what is in flight ends no listing, which waits until it is known what that has cost', async () => {
  const requests = { ...NO_REQUESTS };
  const [begun, listed] = [defer(), defer()];
  const names = keys(20);
  async function* list() {
    // Far more is reserved for the first, with all repetitions of its requests, than all of them cost.
    requests.list += 1;
    yield names.slice(0, 10).map((key, index) => ({ ...stored(key), size: index === 0 ? 2 ** 30 : 1 }));
    await begun.promise;
    requests.list += 1;
    listed.resolve();
    yield names.slice(10).map((key) => stored(key));
  }
  const originals: Store = { ...memoryStore('originals'), list, region: async () => 'us-east-1', requests };
  const engine = pretending(async (job) => {
    if (job.original.key !== names[0]) return;
    begun.resolve();
    await listed.promise;
    // Until the plan has come to its next mark.
    await new Promise((resolve) => setTimeout(resolve, 20));
  });
  // 60 GB for $5.40, 60 GET and 60 HEAD for $0.000048, and one LIST for $0.000005; of the second one there is less than half.
  const { settings } = control({ maxCost: 5.400055 });
  const summary = await reprocess(runParts({ originals, engine: { ...engine, mostTries: 60 } }), 'due', EVERYTHING, settings);
  expect(summary).toMatchObject({ stoppedBy: null, complete: true, originals: 20, made: 40 });
});

test('a run that is stopped while its listing waits for money was not stopped by that', async () => {
  const requests = { ...NO_REQUESTS };
  const begun = defer();
  const stop = new AbortController();
  async function* list() {
    requests.list += 1;
    yield keys(10).map((key) => stored(key));
    await begun.promise;
    requests.list += 1_000_000;
    yield keys(20).slice(10).map((key) => stored(key));
  }
  const originals: Store = { ...memoryStore('originals'), list, region: async () => 'us-east-1', requests };
  const engine = pretending(async () => {
    begun.resolve();
    await new Promise((resolve) => setTimeout(resolve, 20));
    stop.abort();
  });
  const parts = runParts({ originals, engine });
  expect(await reprocess(parts, 'due', EVERYTHING, control({ maxCost: 1, signal: stop.signal }).settings)).toMatchObject({ stoppedBy: null, complete: false, made: 2 });
  expect(await statesOf(parts)).toEqual(['interrupted']);
});

test.each([['there is', 0], ['there is not', 1_000_000]])('a run that is stopped while an original waits for money was not stopped by that, and does not begin it, whether %s enough in the end', async (_, listed) => {
  const requests = { ...NO_REQUESTS };
  const stop = new AbortController();
  // For each far more is reserved than it costs: 60 GB for $5.40.
  const originals: Store = { ...memoryStore('originals'), list: () => inPages(keys(2).map((key) => ({ ...stored(key), size: 2 ** 30 }))), region: async () => 'us-east-1', requests };
  const engine: Engine = {
    name: 'local',
    mostTries: 60,
    // Asks for the next one before it has done what it has.
    async *run(jobs) {
      const asked = jobs[Symbol.asyncIterator]();
      let next = asked.next();
      for (let job = await next; job.done !== true; job = await next) {
        next = asked.next();
        await new Promise((resolve) => setTimeout(resolve, 20));
        requests.list += listed;
        stop.abort();
        yield madeOf(job.value);
      }
    },
  };
  const parts = runParts({ originals, engine });
  expect(await reprocess(parts, 'due', EVERYTHING, control({ maxCost: 6, signal: stop.signal }).settings)).toMatchObject({ stoppedBy: null, complete: false, made: 2 });
  expect(await statesOf(parts)).toEqual(['interrupted']);
});

test('an invocation that dies while too much is reserved for a repetition: its originals are made by the second try', async () => {
  let invocations = 0;
  const engine = lambdaEngine({
    name: 'imgvar-reprocess',
    async invoke(payload) {
      invocations += 1;
      if (invocations === 1) return { kind: 'died', death: { code: 'function-error', detail: 'Runtime.ExitError' }, log: report(50) };
      return answered(JSON.parse(payload) as JobsRequest);
    },
    request: { originals: 's3://o/', variants: 's3://v/', limits: DEFAULT_LIMITS, dryRun: false },
    deployed: { memoryMB: 1024, architecture: 'arm64', timeoutSeconds: 60 },
    concurrency: 10,
    secondsOf: () => 0.01,
    target: { seconds: 10, originals: 50 },
  });
  const originals: Store = { ...storeOf(keys(10)), region: async () => 'us-east-1' };
  const parts = runParts({ originals, engine, pricing: { ...runParts().pricing, way: 'lambda' } });
  // 60 GB-seconds for $0.0008 and 50 GET and 50 HEAD for $0.00004 are reserved for each of ten; what is left is not enough for ten times the requests.
  const { events, settings } = control({ maxCost: 0.0085 });
  expect(await reprocess(parts, 'due', EVERYTHING, settings)).toMatchObject({ stoppedBy: null, complete: true, originals: 10, made: 20, failed: 0 });
  expect(events).toContainEqual(expect.objectContaining({ type: 'retry', code: 'not-repeated' }));
  expect(invocations).toBeGreaterThan(1);
});

test('what fails twice counts once for --max-failures', async () => {
  // 17 of 100, where 20 are allowed.
  let tries = 0;
  const engine = pretending((job) => (Number(job.original.key.slice(0, 4)) % 6 === 0 ? (tries++, failedOf(job, 'timeout')) : undefined));
  const summary = await reprocess(runParts({ originals: storeOf(keys(200)), engine }), 'due', EVERYTHING, control().settings);
  expect(summary).toMatchObject({ stoppedBy: null, complete: true, failed: 66, made: 334 });
  expect(tries).toBe(66);
});

test.each<[number, number | null]>([[3, null], [5, 3]])('a run of %i originals with a limit of %s that is stopped while its last one is in flight, which fails, is not complete: the same command tries that again', async (count, limit) => {
  const stop = new AbortController();
  let isWell = false;
  const engine = pretending(async (job) => {
    if (isWell || job.original.key !== '0003.jpg') return undefined;
    // Until the end of the plan is known.
    await new Promise((resolve) => setTimeout(resolve, 20));
    stop.abort();
    return failedOf(job, 'timeout');
  });
  const parts = runParts({ originals: storeOf(keys(count)), engine });
  expect(await reprocess(parts, 'due', EVERYTHING, control({ limit, signal: stop.signal }).settings)).toMatchObject({ made: 4, failed: 2, complete: false });
  expect(await statesOf(parts)).toEqual(['interrupted']);
  isWell = true;
  expect(await reprocess(parts, 'due', EVERYTHING, control({ limit }).settings)).toMatchObject({ resumed: true, made: 6, failed: 0, complete: true });
});

test('a run that is stopped while the last original of its limit is in flight, which is made, is complete and remembered with all that it made', async () => {
  const stop = new AbortController();
  const engine = pretending(async (job) => {
    if (job.original.key !== '0003.jpg') return;
    await new Promise((resolve) => setTimeout(resolve, 20));
    stop.abort();
  });
  const parts = runParts({ originals: storeOf(keys(5)), engine });
  expect(await reprocess(parts, 'due', EVERYTHING, control({ limit: 3, signal: stop.signal }).settings)).toMatchObject({ made: 6, complete: true });
  expect(await collect(recordsOf(parts.checkpoint, parts.variants.location))).toMatchObject([{ state: 'complete', sums: { originals: 3, made: 6 } }]);
});

test('what is tried again is told behind the word that it is', async () => {
  const tried = new Set<string>();
  const engine = pretending((job) => {
    if (tried.has(job.original.key)) return undefined;
    tried.add(job.original.key);
    return failedOf(job, 'timeout');
  });
  const { events, settings } = control();
  await reprocess(runParts({ originals: storeOf(keys(2)), engine }), 'due', EVERYTHING, settings);
  const told = events.map(({ type }) => type).filter((type) => type === 'retry' || type === 'again' || type === 'outcome');
  expect(told).toEqual(['retry', 'retry', 'again', 'outcome', 'outcome', 'outcome', 'outcome']);
});

test('a run that is stopped during its first repetition tells as failed what it did not come to', async () => {
  const stop = new AbortController();
  const tried = new Set<string>();
  const engine = pretending(async (job) => {
    if (!tried.has(job.original.key)) {
      tried.add(job.original.key);
      return failedOf(job, 'timeout');
    }
    // Until all repetitions are planned.
    await new Promise((resolve) => setTimeout(resolve, 20));
    stop.abort();
    return undefined;
  });
  const parts = runParts({ originals: storeOf(keys(3)), engine });
  expect(await reprocess(parts, 'due', EVERYTHING, control({ signal: stop.signal }).settings)).toMatchObject({ made: 2, failed: 4, complete: false });
  expect(await recordsIn(parts)).toMatchObject([{ state: 'interrupted', phase: 'again', again: 1, sums: { made: 2, failed: 4 } }]);
});

test('an original that is gone by the time of its repetition has failed, once', async () => {
  const { settings, events } = control();
  const originals = storeOf(keys(2));
  let isGone = false;
  const stat: Store['stat'] = async (key) => (isGone && key === '0001.jpg' ? undefined : stored(key));
  const tried = new Set<string>();
  const engine = pretending((job) => {
    isGone = true;
    if (tried.has(job.original.key)) return undefined;
    tried.add(job.original.key);
    return failedOf(job, 'timeout');
  });
  const parts = runParts({ originals: { ...originals, stat }, engine });
  expect(await reprocess(parts, 'due', EVERYTHING, settings)).toMatchObject({ made: 2, failed: 2, complete: true });
  expect(await recordsIn(parts)).toMatchObject([{ again: 2, sums: { made: 2, failed: 2 } }]);
  expect(events).toContainEqual(expect.objectContaining({ type: 'outcome', original: '0001.jpg', code: 'original-missing' }));
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

test('an original that was replaced after a run was stopped is made again by the same command that goes on', async () => {
  let now = 1_000;
  const [held, variants] = [memoryStore('originals', () => now), memoryStore('variants', () => now)];
  for (const key of ['0001.jpg', '0002.jpg']) await held.write(key, Buffer.from('x'), PLAIN);
  now = 2_000;
  for (const spec of ['a', 'b']) await variants.write(`${spec}/0002.jpg`, Buffer.from('x'), PLAIN);
  now = 3_000;
  const stop = new AbortController();
  const stopped = defer();
  const list: Store['list'] = async function* (prefix, options) {
    for await (const page of held.list(prefix, options)) {
      for await (const [one] of inPages(page, 1)) {
        if (one?.key === '0002.jpg') await stopped.promise;
        if (one !== undefined) yield [one];
      }
    }
  };
  const first = pretending(() => {
    stop.abort();
    stopped.resolve();
  });
  const parts = runParts({ originals: { ...held, list }, variants, engine: first });
  expect(await reprocess(parts, 'due', EVERYTHING, control({ signal: stop.signal }).settings)).toMatchObject({ made: 2, complete: false });
  now = 5_000;
  await held.write('0002.jpg', Buffer.from('y'), PLAIN);
  now = 6_000;
  const { events, settings } = control();
  expect(await reprocess({ ...parts, engine: pretending() }, 'due', EVERYTHING, settings)).toMatchObject({ resumed: true, originals: 2, complete: true });
  expect(events.flatMap((event) => (event.type === 'outcome' ? event.original : []))).toContain('0002.jpg');
});
