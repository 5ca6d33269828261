import { expect, test } from 'vitest';
import { idAfter } from '../../src/checkpoint/run-ids.js';
import { newRecord, recordsOf, saveRecord, type RunRecord } from '../../src/checkpoint/run-record.js';
import { UserError } from '../../src/model/user-error.js';
import { identityOf } from '../../src/run/begin.js';
import { planFailed } from '../../src/run/plan-failed.js';
import { reprocess } from '../../src/run/reprocess.js';
import { EVERYTHING } from '../../src/source/filter.js';
import { memoryStore } from '../../src/store/memory.js';
import type { Store } from '../../src/store/store.js';
import { collect, inPages, PLAIN, stored } from '../support.js';
import { control, failedOf, pretending } from './pretending.js';
import { runParts, type Parts } from './run-parts.js';

const DUE: Parameters<typeof identityOf>[1] = { command: 'reprocess', mode: 'due', filter: { prefix: '', include: [], exclude: [] } };
const BEGUN = 1_000_000;
/** Due, and then one that was replaced while it was worked on: its variants are newer, and of what it was. */
const ORIGINALS = [stored('1.jpg'), stored('2.jpg'), stored('3.jpg', BEGUN + 5)];

/** A run that was left in such a state, among such variants. */
async function left(record: Partial<RunRecord>): Promise<Parts> {
  const variants = memoryStore('variants');
  for (const spec of ['a', 'b']) await variants.write(`${spec}/3.jpg`, Buffer.from('x'), PLAIN);
  const originals: Store = { ...memoryStore('originals'), list: (prefix, { after = '' } = {}) => inPages(ORIGINALS.filter(({ key }) => key.startsWith(prefix) && key > after)), stat: async (key) => ORIGINALS.find((one) => one.key === key) };
  const parts = runParts({ originals, variants, engine: pretending() });
  await saveRecord(parts.checkpoint, { ...newRecord('20200101T000000000Z-000000', identityOf(parts, DUE), BEGUN), ...record });
  return parts;
}

async function lastOf({ checkpoint, variants }: Parts): Promise<RunRecord | undefined> {
  return (await collect(recordsOf(checkpoint, variants.location)))[0];
}

/** The originals of which something is made. */
async function madeBy(parts: Parts, filter = EVERYTHING): Promise<unknown[]> {
  const { events, settings } = control();
  expect(await reprocess(parts, 'due', filter, settings)).toMatchObject({ complete: true, failed: 0 });
  return [...new Set(events.flatMap((event) => (event.type === 'outcome' ? [event.original] : [])))];
}

test('a run that was interrupted has finished what it had begun, and nothing is in doubt', async () => {
  expect(await madeBy(await left({ state: 'interrupted' }))).toEqual(['1.jpg', '2.jpg']);
});

test('what was replaced while a run was killed is made again, also when the run that goes on was stopped before it came there', async () => {
  const parts = await left({ state: 'running' });
  const stop = new AbortController();
  const first = pretending(() => stop.abort());
  expect(await reprocess({ ...parts, engine: first }, 'due', EVERYTHING, control({ signal: stop.signal }).settings)).toMatchObject({ resumed: true, complete: false });
  expect(await lastOf(parts)).toMatchObject({ state: 'interrupted', doubtSince: BEGUN });
  expect(await madeBy(parts)).toContain('3.jpg');
  expect(await madeBy(parts)).not.toContain('3.jpg');
});

test.each<[string, Partial<Parts>, typeof EVERYTHING]>([
  ['another job', {}, { ...EVERYTHING, prefix: '3' }],
  ['one that starts over', { fresh: true }, EVERYTHING],
])('and by %s that is begun in place of one that was killed', async (_, fields, filter) => {
  expect(await madeBy({ ...(await left({ state: 'running' })), ...fields }, filter)).toContain('3.jpg');
});

test('a run that an error ends was cut off in its midst: the next one knows', async () => {
  const parts = await left({ state: 'interrupted' });
  const broken = pretending(() => {
    throw new UserError('location-missing', 'gone');
  });
  await expect(reprocess({ ...parts, engine: broken }, 'due', EVERYTHING, control().settings)).rejects.toMatchObject({ code: 'location-missing' });
  expect(await lastOf(parts)).toMatchObject({ state: 'interrupted', doubtSince: BEGUN });
  expect(await madeBy(parts)).toContain('3.jpg');
});

test('a run that --limit had ended, and that was stopped at its second try, is not gone on with: what is behind the limit is listed by the next one', async () => {
  const parts = await left({ state: 'complete' });
  const stop = new AbortController();
  let tries = 0;
  const timed = pretending((job) => {
    tries += 1;
    if (tries > 1) stop.abort();
    return failedOf(job, 'timeout');
  });
  await reprocess({ ...parts, engine: timed }, 'due', EVERYTHING, control({ limit: 1, signal: stop.signal }).settings);
  expect(await lastOf(parts)).toMatchObject({ state: 'interrupted', phase: 'again' });
  const { events, settings } = control();
  expect(await reprocess(parts, 'due', EVERYTHING, settings)).toMatchObject({ resumed: false, complete: true, made: 4, failed: 0 });
  expect(events).toContainEqual(expect.objectContaining({ type: 'warning', code: 'started-anew', message: expect.stringContaining('--limit') }));
});

test('what failed in a run that is given up may have variants of what it was: these are in doubt for the next one', async () => {
  const given = { state: 'interrupted', failures: { first: 1, again: 0 } } as const;
  expect(await madeBy({ ...(await left(given)), fresh: true })).toContain('3.jpg');
  expect(await madeBy({ ...(await left({ state: 'interrupted' })), fresh: true })).not.toContain('3.jpg');
});

test('what was in doubt and failed is made by --retry-failed, though the run that it failed in began later', async () => {
  const parts = await left({ state: 'running' });
  const broken = pretending((job) => (job.original.key === '3.jpg' ? failedOf(job, 'timeout') : undefined));
  expect(await reprocess({ ...parts, fresh: true, engine: broken }, 'due', EVERYTHING, control().settings)).toMatchObject({ failed: 2, complete: true });
  const failed = await lastOf(parts);
  if (failed === undefined) throw new Error('no record');
  const found = await collect(planFailed(parts, failed, 'due', { startedAt: Date.now(), now: () => Date.now() + 1_000, isInDoubt: () => false, precision: 1, isStale: () => false }, () => true, null));
  expect(found.flatMap(({ found: one }) => ('original' in one ? [[one.original.key, one.due.length]] : []))).toEqual([['3.jpg', 2]]);
});

test('a run is the last one also where the clock was ahead when an earlier one began', async () => {
  const parts = await left({ id: '29991231T235959999Z-ffffff', state: 'complete' });
  const stop = new AbortController();
  await reprocess({ ...parts, engine: pretending(() => stop.abort()) }, 'due', EVERYTHING, control({ signal: stop.signal }).settings);
  expect(await lastOf(parts)).toMatchObject({ state: 'interrupted', id: expect.stringMatching(/^30000101T000000000Z-/) });
  expect(await reprocess(parts, 'due', EVERYTHING, control().settings)).toMatchObject({ resumed: true, complete: true });
  expect(idAfter('run-1', 'any')).toBe('any');
});

test('what was read counts in what was spent, also of work that was not settled when it was stopped', async () => {
  const parts = await left({ bytesRead: 70, bytesWritten: 7 });
  await madeBy(parts);
  // A hundred were read of each, and ten written of each variant.
  expect(await lastOf(parts)).toMatchObject({ bytesRead: 370, bytesWritten: 67, sums: { bytesRead: 300, bytesWritten: 60 } });
});
