import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readFailures, recordOf, writeFailures } from '../../src/checkpoint/failures.js';
import { history } from '../../src/checkpoint/history.js';
import { appendEras, foreseeEras, type Writing } from '../../src/checkpoint/ledger.js';
import { acquireLock, lockHolder } from '../../src/checkpoint/lock.js';
import { sealed } from '../../src/checkpoint/parse-own.js';
import { lastRecord, newRecord, readRecord, saveRecord, type Identity } from '../../src/checkpoint/run-record.js';
import { FAILURE_CODES } from '../../src/model/failure.js';
import { failed } from '../../src/model/outcome.js';
import { memoryStore } from '../../src/store/memory.js';
import type { OwnFiles } from '../../src/store/own-files.js';
import { collect, spec } from '../support.js';
import { hostileJson, mutatedBytes, mutatedJson, RUNS } from './arbitraries.js';
import { valueOrMistake } from './mistake.js';

const IDENTITY: Identity = { command: 'reprocess', originals: 'o', variants: 'v', layout: '{variant}/{path}', mode: 'due', specs: { a: '1', b: '2' }, filter: { prefix: '', include: ['*.jpg'] } };
const RECORD = { ...newRecord('20260101T000000000Z-abcdef', IDENTITY, 1_767_225_600_000), ranges: [{ after: '2024/a.jpg', upTo: '2024/b.jpg' }, { after: 'x', upTo: null }], failures: { first: 1, again: 0 } };
const RECORD_FILE = `runs/${RECORD.id}.json`;
const FAILURES = ['1.jpg', '2.jpg', '3.jpg'].map((key) => recordOf(failed(key, null, { code: 'timeout', detail: '' }), ['a', 'b']));
const FAILURES_FILE = `runs/${RECORD.id}.failures/first-000001.jsonl`;
const WRITING: Writing = { variants: 'v', originals: 'o', layout: '{variant}/{path}', all: [spec('a'), spec('b')], chosen: [spec('a'), spec('b')], deliberate: true, adopt: false };

/** A root on which a run has been, and has failed in part. */
async function root(): Promise<OwnFiles> {
  const { own } = memoryStore('v', () => 1_767_225_600_000);
  await appendEras(own, WRITING);
  await saveRecord(own, RECORD);
  await writeFailures(own, RECORD.id, 'first', 1, FAILURES);
  return own;
}

const { bytes: record } = (await (await root()).read(RECORD_FILE)) ?? { bytes: Buffer.alloc(0) };
const { bytes: ledger } = (await (await root()).read('specs.json')) ?? { bytes: Buffer.alloc(0) };
const { bytes: failures } = (await (await root()).read(FAILURES_FILE)) ?? { bytes: Buffer.alloc(0) };
/** A second one may take the sum's name away, and so pass for a file of an earlier version, which has none. */
const oneChange = (bytes: Buffer) => mutatedBytes(bytes, 1);
const asText = fc.oneof(hostileJson, mutatedJson(JSON.parse(record.toString())), mutatedJson(JSON.parse(ledger.toString()))).map((json) => Buffer.from(JSON.stringify(json) ?? ''));

/** JSON.parse() reads -0 where JSON.stringify(), and so the sum, writes 0. */
const asWritten = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

test('a record with a changed byte is what it was, or damaged', async () => {
  const own = await root();
  await fc.assert(
    fc.asyncProperty(oneChange(record), async (bytes) => {
      await own.write(RECORD_FILE, bytes);
      const read = await valueOrMistake(() => readRecord(own, RECORD.id, 'v'));
      if ('mistake' in read) expect(read.mistake).toBe('checkpoint-damaged');
      else expect(asWritten(read.value)).toEqual(RECORD);
    }),
    { numRuns: RUNS * 5 },
  );
});

test('a record that anything stands in is read by every command that reads records, or told as damaged', async () => {
  // As another program may write it, with a sum that fits.
  const anything = fc.oneof(asText, mutatedJson(RECORD).map((json) => Buffer.from(JSON.stringify(typeof json === 'object' && json !== null ? sealed(json) : json) ?? '')));
  await fc.assert(
    fc.asyncProperty(anything, async (bytes) => {
      const own = await root();
      await own.write(RECORD_FILE, bytes);
      const read = await valueOrMistake(() => lastRecord(own, 'v'));
      if ('mistake' in read) expect(read.mistake).toBe('checkpoint-damaged');
      const told: string[] = [];
      const runs = await collect(history(own, 'v', false, (message) => told.push(message)));
      if ('mistake' in read) expect([runs.length, told.length]).toEqual([0, 1]);
      for (const { sums, left } of runs) {
        for (const count of Object.values(sums)) expect(Number.isSafeInteger(count) && count >= 0).toBe(true);
        for (const { after } of left) expect(typeof after).toBe('string');
      }
    }),
    { numRuns: RUNS },
  );
});

test('failures with a changed byte are some of those that were written, or damaged', async () => {
  const own = await root();
  await fc.assert(
    fc.asyncProperty(oneChange(failures), async (bytes) => {
      await own.write(FAILURES_FILE, bytes);
      const read = await valueOrMistake(() => collect(readFailures(own, RECORD, 'first')));
      if ('mistake' in read) expect(read.mistake).toBe('checkpoint-damaged');
      else for (const one of read.value) expect(FAILURES).toContainEqual(one);
    }),
    { numRuns: RUNS * 5 },
  );
});

test('failures that anything stands in have codes that there are', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(hostileJson, mutatedJson(FAILURES[0])), { maxLength: 4 }), async (lines) => {
      const own = await root();
      await own.write(FAILURES_FILE, Buffer.from(lines.map((line) => JSON.stringify(line)).join('\n')));
      const read = await valueOrMistake(() => collect(readFailures(own, RECORD, 'first')));
      if ('value' in read) for (const { code, specs } of read.value) expect([code in FAILURE_CODES, Array.isArray(specs)]).toEqual([true, true]);
      else expect(read.mistake).toBe('checkpoint-damaged');
    }),
    { numRuns: RUNS },
  );
});

test('a ledger with a changed byte is what it was, or damaged; with anything in it, it is right, damaged, or of other variants', async () => {
  const own = await root();
  const { eras } = await foreseeEras(own, WRITING);
  await fc.assert(
    fc.asyncProperty(oneChange(ledger), async (bytes) => {
      await own.write('specs.json', bytes);
      const read = await valueOrMistake(() => foreseeEras(own, WRITING));
      if ('mistake' in read) expect(read.mistake).toBe('ledger-damaged');
      else expect(asWritten([...read.value.eras])).toEqual([...eras]);
      // The way out that the sentence names.
      await foreseeEras(own, { ...WRITING, adopt: true });
    }),
    { numRuns: RUNS * 2 },
  );
  await fc.assert(
    fc.asyncProperty(asText, async (bytes) => {
      await own.write('specs.json', bytes);
      const read = await valueOrMistake(() => foreseeEras(own, WRITING));
      if ('mistake' in read) expect(['ledger-damaged', 'ledger-mismatch']).toContain(read.mistake);
      else for (const name of ['a', 'b']) expect(read.value.eras.get(name)?.length).toBeGreaterThan(0);
    }),
    { numRuns: RUNS },
  );
});

test('whatever lies in the lock, it is taken, or told who holds it', async () => {
  const content = fc.oneof(asText, mutatedJson({ format: 1, run: 'r', machine: 'm', user: 'u', host: 'h', pid: 1, released: false }).map((json) => Buffer.from(JSON.stringify(json) ?? '')));
  const name = fc.constantFrom('000000000001', '000000000000', '999999999998', '999999999999', '1', 'x', '0000000000010', '-00000000001');
  await fc.assert(
    fc.asyncProperty(name, content, fc.boolean(), async (file, bytes, isOld) => {
      let now = 1_000_000;
      const { own } = memoryStore('v', () => now);
      await own.write(`lock/${file}`, bytes);
      if (isOld) now += 61_000;
      await lockHolder(own, 60);
      const taken = await valueOrMistake(() => acquireLock(own, 'v', 'r2', 60));
      if ('value' in taken) await taken.value.release();
      else expect(['locked', 'checkpoint-damaged']).toContain(taken.mistake);
      if (isOld && file !== '999999999999') expect(taken).toHaveProperty('value');
    }),
    { numRuns: RUNS },
  );
});
