import { expect, test } from 'vitest';
import { finalFailures, readFailures, recordOf, writeFailures } from '../../src/checkpoint/failures.js';
import { Recording } from '../../src/checkpoint/recording.js';
import { differences, lastRecord, newRecord, readRecord, saveRecord, type Identity } from '../../src/checkpoint/run-record.js';
import { failed } from '../../src/model/outcome.js';
import { UserError } from '../../src/model/user-error.js';
import { memoryStore } from '../../src/store/memory.js';
import { collect } from '../support.js';

const IDENTITY: Identity = {
  command: 'reprocess',
  originals: 'o',
  variants: 'v',
  layout: '{variant}/{path}',
  mode: 'due',
  specs: { a: '1', b: '2' },
  filter: { prefix: '', include: [], exclude: [] },
};

const broken = (key: string) => recordOf(failed(key, null, { code: 'corrupt-image', detail: 'd' }), ['a', 'b']);
const passing = (key: string) => recordOf(failed(key, 'a', { code: 'throttled', detail: '' }), []);

test('a record is read back as it was saved, and the last of a root is found among those of others', async () => {
  const { own } = memoryStore();
  const record = { ...newRecord('2026-1', IDENTITY, 5), ranges: [{ after: 'x\n😀', upTo: null }, { after: 'y', upTo: 'z' }] };
  await saveRecord(own, record);
  await saveRecord(own, newRecord('2026-2', { ...IDENTITY, variants: 'another' }, 6));
  expect(await readRecord(own, '2026-1', 'v')).toEqual(record);
  expect(await lastRecord(own, 'v')).toEqual(record);
  expect(await lastRecord(own, 'nowhere')).toBeUndefined();
});

test('a record of an earlier version, which says neither what stopped it nor on what terms it was begun, is read', async () => {
  const { own } = memoryStore();
  const record = newRecord('r', IDENTITY, 5);
  await own.write('runs/r.json', Buffer.from(JSON.stringify({ ...record, state: 'stopped', stoppedBy: undefined, terms: undefined })));
  expect(await readRecord(own, 'r', 'v')).toEqual({ ...record, state: 'stopped', stoppedBy: null, terms: {} });
});

test('a record that was cut short anywhere is told as damaged, never taken for another', async () => {
  const { own } = memoryStore();
  await saveRecord(own, newRecord('r', IDENTITY, 5));
  const whole = (await own.read('runs/r.json'))?.bytes ?? Buffer.alloc(0);
  for (let length = 0; length < whole.length - 1; length++) {
    await own.write('runs/r.json', whole.subarray(0, length));
    await expect(readRecord(own, 'r', 'v')).rejects.toMatchObject({ code: 'checkpoint-damaged', message: expect.stringContaining('--fresh') });
  }
});

test.each([
  { startedAt: 1e308 },
  { identity: { ...IDENTITY, filter: { since: 'x' } } },
  { identity: { ...IDENTITY, filter: { since: -1e16 } } },
])('a record with a time that no calendar has is damaged: %j', async (change) => {
  const { own } = memoryStore();
  await saveRecord(own, { ...newRecord('r', IDENTITY, 5), ...change });
  await expect(readRecord(own, 'r', 'v')).rejects.toMatchObject({ code: 'checkpoint-damaged' });
});

test('failures whose last line was cut short anywhere are read up to there', async () => {
  const { own } = memoryStore();
  const failures = [broken('1'), passing('2'), broken('3')];
  await writeFailures(own, 'r', 'first', 1, failures);
  const name = 'runs/r.failures/first-000001.jsonl';
  const whole = (await own.read(name))?.bytes ?? Buffer.alloc(0);
  const lastLine = whole.lastIndexOf('\n', whole.length - 2) + 1;
  const run = { id: 'r', failures: { first: 1, again: 0 } };
  expect(await collect(readFailures(own, run, 'first'))).toEqual(failures);
  for (let length = lastLine; length < whole.length - 1; length++) {
    await own.write(name, whole.subarray(0, length));
    expect(await collect(readFailures(own, run, 'first'))).toEqual(failures.slice(0, 2));
  }
});

test('failures of which another line is damaged, or that are gone, are told so', async () => {
  const { own } = memoryStore();
  await writeFailures(own, 'r', 'first', 1, [broken('1'), passing('2')]);
  const name = 'runs/r.failures/first-000001.jsonl';
  const whole = (await own.read(name))?.bytes ?? Buffer.alloc(0);
  const run = { id: 'r', failures: { first: 1, again: 0 } };
  for (let at = 0; at < whole.indexOf('"sum"'); at++) {
    const flipped = Buffer.from(whole);
    flipped[at] = (flipped[at] ?? 0) ^ 1;
    await own.write(name, flipped);
    await expect(collect(readFailures(own, run, 'first'))).rejects.toMatchObject({ code: 'checkpoint-damaged' });
  }
  await own.remove(name);
  await expect(collect(readFailures(own, run, 'first'))).rejects.toMatchObject({ code: 'checkpoint-damaged' });
});

test('what counts is up to where everything is settled; the rest is settled again', async () => {
  const { own } = memoryStore();
  const recording = new Recording(own, newRecord('r', IDENTITY, 5));
  const [range] = recording.record.ranges;
  if (range === undefined) throw new Error('no range');
  const part = recording.settledIn(range);
  const tickets = ['1', '2', '3'].map(() => part.planned());
  part.passed('3');
  const fourth = part.planned();
  tickets[2]?.settle({ originals: 1, made: 2 }, [broken('3')]);
  tickets[0]?.settle({ originals: 1, made: 2 }, []);
  fourth.settle({ originals: 1, made: 2 }, [broken('4')]);
  await recording.save({});
  expect(await readRecord(own, 'r', 'v')).toMatchObject({ ranges: [{ after: '' }], sums: { originals: 0, made: 0 }, failures: { first: 0 } });
  tickets[1]?.settle({ originals: 1, made: 1, failed: 1 }, [passing('2')]);
  await recording.save({});
  expect(await readRecord(own, 'r', 'v')).toMatchObject({ ranges: [{ after: '3' }], sums: { originals: 3, made: 5, failed: 1 }, failures: { first: 1 } });
  part.passed(null);
  await recording.save({ state: 'complete' });
  const saved = await readRecord(own, 'r', 'v');
  expect(saved).toMatchObject({ state: 'complete', ranges: [], sums: { originals: 4, made: 7 }, failures: { first: 2 } });
  if (saved === undefined) throw new Error('no record');
  expect((await collect(finalFailures(own, saved))).map(({ original }) => original)).toEqual(['2', '3', '4']);
});

test('a run that a limit ended counts what was done behind the last mark as well', async () => {
  const { own } = memoryStore();
  const recording = new Recording(own, newRecord('r', IDENTITY, 5));
  const [range] = recording.record.ranges;
  if (range === undefined) throw new Error('no range');
  const part = recording.settledIn(range);
  part.planned().settle({ originals: 1, made: 2 }, [broken('1')]);
  recording.closeParts();
  await recording.save({ state: 'complete' });
  expect(await readRecord(own, 'r', 'v')).toMatchObject({ ranges: [{ after: '' }], sums: { originals: 1, made: 2 }, failures: { first: 1 } });
});

test.each(['runs/r.failures/', 'runs/r.json'])('what could not be saved (%s) is saved the next time, with what came since', async (name) => {
  const { own } = memoryStore();
  let isDown = true;
  const recording = new Recording(
    {
      ...own,
      write: async (file, bytes) => {
        if (isDown && file.startsWith(name)) throw new UserError('endpoint-unreachable', 'down');
        await own.write(file, bytes);
      },
    },
    newRecord('r', IDENTITY, 5),
  );
  const [range] = recording.record.ranges;
  if (range === undefined) throw new Error('no range');
  const part = recording.settledIn(range);
  part.planned().settle({ originals: 1, failed: 1 }, [passing('1')]);
  part.passed('1');
  await expect(recording.save({})).rejects.toThrow('down');
  isDown = false;
  part.planned().settle({ originals: 1, failed: 1 }, [passing('2')]);
  part.passed('2');
  await recording.save({ state: 'interrupted' });
  const saved = await readRecord(own, 'r', 'v');
  expect(saved).toMatchObject({ ranges: [{ after: '2' }], sums: { failed: 2 }, failures: { first: 1 } });
  if (saved === undefined) throw new Error('no record');
  expect((await collect(readFailures(own, saved, 'first'))).map(({ original }) => original)).toEqual(['1', '2']);
});

test.each([[0, []], [1, ['runs/r.failures/first-000001.jsonl']]])('before each write a run makes sure that the record is its own: after %i nothing more is written', async (writes, written) => {
  const { own } = memoryStore();
  const recording = new Recording(own, newRecord('r', IDENTITY, 5), async () => {
    if ((await own.list('runs/')).length === writes) throw new UserError('locked', 'taken over');
  });
  const [range] = recording.record.ranges;
  if (range === undefined) throw new Error('no range');
  const part = recording.settledIn(range);
  part.planned().settle({ originals: 1, failed: 1 }, [passing('1')]);
  part.passed('1');
  await expect(recording.save({})).rejects.toThrow('taken over');
  expect(await own.list('runs/')).toEqual(written);
});

test('of a record of an earlier version, what was settled counts as read and written', async () => {
  const { own } = memoryStore();
  const record: Record<string, unknown> = { ...newRecord('r', IDENTITY, 5), sums: { ...newRecord('r', IDENTITY, 5).sums, bytesRead: 7, bytesWritten: 3 } };
  for (const field of ['bytesRead', 'bytesWritten', 'doubtSince']) delete record[field];
  await own.write('runs/r.json', Buffer.from(JSON.stringify(record)));
  expect(await readRecord(own, 'r', 'v')).toMatchObject({ bytesRead: 7, bytesWritten: 3, doubtSince: null });
});

test('after its end a run saves nothing, whatever its plan still comes to', async () => {
  const { own } = memoryStore();
  const recording = new Recording(own, newRecord('r', IDENTITY, 5));
  await recording.save({ state: 'interrupted' });
  recording.end();
  await recording.save({ state: 'running' });
  expect(await readRecord(own, 'r', 'v')).toMatchObject({ state: 'interrupted' });
});

test('a range that is divided is two from then on', async () => {
  const { own } = memoryStore();
  const recording = new Recording(own, newRecord('r', IDENTITY, 5));
  const [range] = recording.record.ranges;
  if (range === undefined) throw new Error('no range');
  recording.settledIn(range).passed('c');
  const upper = recording.split(range, 'm');
  recording.settledIn(upper).passed('p');
  await recording.save({});
  expect((await readRecord(own, 'r', 'v'))?.ranges).toEqual([{ after: 'c', upTo: 'm' }, { after: 'p', upTo: null }]);
});

test('after the second try, its failures take the place of those that were tried again', async () => {
  const { own } = memoryStore();
  await writeFailures(own, 'r', 'first', 1, [broken('1'), passing('2'), passing('3')]);
  await writeFailures(own, 'r', 'again', 1, [passing('3')]);
  const record = { ...newRecord('r', IDENTITY, 5), phase: 'again' as const, failures: { first: 1, again: 1 } };
  expect((await collect(finalFailures(own, { ...record, state: 'complete' }))).map(({ original }) => original)).toEqual(['1', '3']);
});

test('what differs between two jobs is named as on the command line', () => {
  expect(differences(IDENTITY, IDENTITY)).toEqual([]);
  expect(differences(IDENTITY, { ...IDENTITY, mode: 'all' })).toEqual(['--mode']);
  expect(differences(IDENTITY, { ...IDENTITY, specs: { a: '1' }, filter: { ...IDENTITY.filter, prefix: 'x' } })).toEqual(['specs', '--prefix']);
  expect(differences(IDENTITY, { ...IDENTITY, filter: { ...IDENTITY.filter, manifest: 'hash' } })).toEqual(['--manifest']);
  expect(differences(IDENTITY, { ...IDENTITY, specs: { b: '2', a: '1' } })).toEqual([]);
});
