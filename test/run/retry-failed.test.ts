import { describe, expect, test } from 'vitest';
import { writeFailures, recordOf } from '../../src/checkpoint/failures.js';
import { newRecord, saveRecord, type RunRecord } from '../../src/checkpoint/run-record.js';
import { failed } from '../../src/model/outcome.js';
import { identityOf } from '../../src/run/begin.js';
import { reprocess } from '../../src/run/reprocess.js';
import { EVERYTHING } from '../../src/source/filter.js';
import { memoryStore } from '../../src/store/memory.js';
import { PLAIN, spec } from '../support.js';
import { control } from './pretending.js';
import { runParts } from './run-parts.js';

test('an original that failed twice is one; of a folder that could not be listed, what matches the filter', async () => {
  const originals = memoryStore('originals');
  for (const key of ['a.jpg', 'locked/b.jpg', 'locked/c.txt', 'locked/d/e.jpg', 'other.jpg']) await originals.write(key, Buffer.from('x'), PLAIN);
  const parts = runParts({ originals, specs: [spec('a')], retryFailed: true });
  const filter = { ...EVERYTHING, include: ['*.jpg'] };
  const identity = identityOf(parts, { command: 'reprocess', mode: 'due', filter: { prefix: '', include: ['*.jpg'], exclude: [] } });
  const { own } = parts.variants;
  const failures = [failed('a.jpg', 'a', { code: 'timeout', detail: '' }), failed('a.jpg', 'b', { code: 'timeout', detail: '' }), failed('locked/', null, { code: 'access-denied', detail: '' })];
  await writeFailures(own, 'run-1', 'first', 1, failures.map((failure) => recordOf(failure, ['a'])));
  await saveRecord(own, { ...newRecord('run-1', identity, 1), state: 'complete', ranges: [], failures: { first: 1, again: 0 } });

  const { events, settings } = control({ dryRun: true });
  await reprocess(parts, 'due', filter, settings);
  expect(events.flatMap((event) => (event.type === 'due' ? event.original : []))).toEqual(['a.jpg', 'locked/b.jpg', 'locked/d/e.jpg']);
  expect(events[0]).toMatchObject({ type: 'run', retries: 'run-1' });
});

test('an original that was replaced since that run began is made again, also where its variants are newer: they may be of what it was', async () => {
  let now = 1_000;
  const [originals, variants] = [memoryStore('originals', () => now), memoryStore('variants', () => now)];
  const names = ['as-it-was.jpg', 'made-since.jpg', 'replaced.jpg'];
  await originals.write('as-it-was.jpg', Buffer.from('x'), PLAIN);
  now = 3_000;
  for (const key of ['made-since.jpg', 'replaced.jpg']) await originals.write(key, Buffer.from('x'), PLAIN);
  now = 4_000;
  for (const key of names) await variants.write(`a/${key}`, Buffer.from('x'), PLAIN);
  const parts = runParts({ originals, variants, specs: [spec('a')], retryFailed: true });
  const identity = identityOf(parts, { command: 'reprocess', mode: 'due', filter: { prefix: '', include: [], exclude: [] } });
  const failures = names.map((key) => recordOf(failed(key, 'a', { code: 'original-changed', detail: '' }), ['a']));
  await writeFailures(variants.own, 'run-1', 'first', 1, failures);
  await saveRecord(variants.own, { ...newRecord('run-1', identity, 2_000), state: 'complete', ranges: [], failures: { first: 1, again: 0 } });
  now = 5_000;
  await variants.write('a/made-since.jpg', Buffer.from('x'), PLAIN);
  const { events, settings } = control({ dryRun: true });
  await reprocess(parts, 'due', EVERYTHING, settings);
  expect(events.flatMap((event) => (event.type === 'due' ? event.original : []))).toEqual(['replaced.jpg']);
});

describe('in a dry run, where the last record is damaged', () => {
  /** A root with that, and before it what `before` is of the same job. */
  async function foreseen(before: Partial<RunRecord> | null, fresh = false) {
    const parts = runParts({ retryFailed: true, fresh });
    const identity = identityOf(parts, { command: 'reprocess', mode: 'due', filter: { prefix: '', include: [], exclude: [] } });
    const { own } = parts.variants;
    if (before !== null) await saveRecord(own, { ...newRecord('run-1', identity, 1), ...before });
    await own.write('runs/run-2.json', Buffer.from('{'));
    const { events, settings } = control({ dryRun: true });
    await reprocess(parts, 'due', EVERYTHING, settings);
    return events;
  }

  const damaged = { code: 'checkpoint-damaged', message: expect.stringContaining('runs/run-2.json') };

  test('the one before it is taken, and the damage told', async () => {
    const events = await foreseen({ state: 'complete', ranges: [] });
    expect(events[0]).toMatchObject({ type: 'run', retries: 'run-1' });
    expect(events.filter(({ type }) => type === 'warning')).toMatchObject([damaged]);
  });

  test.each<[string, Partial<RunRecord> | null]>([
    ['there is no other', null],
    ['the one before it has not come to its end', { state: 'interrupted' }],
  ])('it is what is wrong if %s', async (_, before) => {
    await expect(foreseen(before)).rejects.toMatchObject(damaged);
  });

  test('it is nothing to a run that starts over', async () => {
    await expect(foreseen(null, true)).rejects.toMatchObject({ code: 'usage' });
  });
});
