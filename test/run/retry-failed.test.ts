import { expect, test } from 'vitest';
import { writeFailures, recordOf } from '../../src/checkpoint/failures.js';
import { newRecord, saveRecord } from '../../src/checkpoint/run-record.js';
import type { RunEvent } from '../../src/model/events.js';
import { failed } from '../../src/model/outcome.js';
import { identityOf } from '../../src/run/begin.js';
import { DEFAULT_MAX_FAILURES } from '../../src/run/max-failures.js';
import { reprocess } from '../../src/run/reprocess.js';
import { EVERYTHING } from '../../src/source/filter.js';
import { memoryStore } from '../../src/store/memory.js';
import { PLAIN, spec } from '../support.js';
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

  const events: RunEvent[] = [];
  const control = { dryRun: true, limit: null, maxCost: null, sample: null, maxFailures: DEFAULT_MAX_FAILURES, onEvent: (event: RunEvent) => void events.push(event), signal: new AbortController().signal };
  await reprocess(parts, 'due', filter, control);
  expect(events.flatMap((event) => (event.type === 'due' ? event.original : []))).toEqual(['a.jpg', 'locked/b.jpg', 'locked/d/e.jpg']);
  expect(events[0]).toMatchObject({ type: 'run', retries: 'run-1' });
});
