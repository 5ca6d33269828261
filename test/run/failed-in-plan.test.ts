import { expect, test } from 'vitest';
import { finalFailures } from '../../src/checkpoint/failures.js';
import { recordsOf } from '../../src/checkpoint/run-record.js';
import type { Listed } from '../../src/model/original.js';
import { reprocess } from '../../src/run/reprocess.js';
import { EVERYTHING } from '../../src/source/filter.js';
import { memoryStore } from '../../src/store/memory.js';
import { collect, inPages, stored } from '../support.js';
import { control, pretending } from './pretending.js';
import { runParts, type Parts } from './run-parts.js';

function partsOf(listed: readonly Listed[]): Parts {
  return runParts({ originals: { ...memoryStore('originals'), list: () => inPages(listed), stat: async (key) => stored(key) }, engine: pretending() });
}

function refused(key: string, code: 'read-failed' | 'invalid-key'): Listed {
  return { key, refused: code, detail: 'EIO' };
}

/** So many that are refused, behind so many that are well. */
function among(well: number, bad: number): Listed[] {
  const key = (i: number) => String(i).padStart(5, '0');
  return [...Array.from({ length: bad }, (_, i) => refused(key(i), 'invalid-key')), ...Array.from({ length: well }, (_, i) => stored(key(bad + i)))];
}

test('what the plan fails with and may pass is told as such, tried once more, and made', async () => {
  const parts = partsOf([refused('a.jpg', 'read-failed'), stored('b.jpg')]);
  const { events, settings } = control();
  expect(await reprocess(parts, 'due', EVERYTHING, settings)).toMatchObject({ made: 4, failed: 0, complete: true });
  const ofA = events.flatMap((event) => ('original' in event && event.original === 'a.jpg' ? [[event.type, 'code' in event ? event.code : 'made']] : []));
  expect(ofA).toEqual([['retry', 'read-failed'], ['outcome', 'made'], ['outcome', 'made']]);
});

test('of a folder that cannot be read nothing is known that could be tried again: it fails as what it was', async () => {
  const parts = partsOf([refused('d/', 'read-failed'), refused('e.jpg', 'read-failed')]);
  const { events, settings } = control();
  expect(await reprocess(parts, 'due', EVERYTHING, settings)).toMatchObject({ made: 2, failed: 2, complete: true });
  expect(events).toContainEqual(expect.objectContaining({ type: 'outcome', original: 'd/', code: 'read-failed' }));
  const [record] = await collect(recordsOf(parts.checkpoint, parts.variants.location));
  expect(record === undefined ? [] : await collect(finalFailures(parts.checkpoint, record))).toMatchObject([{ original: 'd/', code: 'read-failed' }]);
});

test.each([
  ['nothing else for a long time', among(1_000, 12_000), { percent: 20 }, 'failures'],
  ['a few of very many, which stand at the beginning', among(2_000, 150), { percent: 20 }, null],
  ['more than are allowed', among(10, 4), { originals: 3 }, 'failures'],
  ['as many as are allowed', among(10, 3), { originals: 3 }, null],
] as const)('--max-failures and originals that fail in the plan: %s', async (_, listed, maxFailures, stoppedBy) => {
  expect(await reprocess(partsOf(listed), 'due', EVERYTHING, control({ maxFailures }).settings)).toMatchObject({ stoppedBy, complete: stoppedBy === null });
});
