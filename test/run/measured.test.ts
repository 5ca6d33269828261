import { expect, test } from 'vitest';
import { newRecord, saveRecord } from '../../src/checkpoint/run-record.js';
import { NO_SUMS } from '../../src/checkpoint/sums.js';
import { MAKING } from '../../src/cost/trade.js';
import { NO_REQUESTS } from '../../src/model/requests.js';
import { NO_WORK, type Workload } from '../../src/cost/workload.js';
import { identityOf } from '../../src/run/begin.js';
import { measuredByHistory } from '../../src/run/measured.js';
import { runParts } from './run-parts.js';

const work = (fields: Partial<Workload>): Workload => ({ ...NO_WORK, ...fields });

interface Run {
  readonly originals: number;
  readonly failed?: number;
  readonly factor: number;
  readonly state?: 'complete' | 'running';
}

async function afterRuns(...runs: Run[]) {
  return foreseen(await rootAfter(...runs));
}

async function rootAfter(...runs: Run[]) {
  const parts = runParts();
  const { own, location } = parts.variants;
  const identity = identityOf(parts, { command: 'reprocess', mode: 'due', filter: { prefix: '', include: [], exclude: [] } });
  for (const [i, { originals, failed = 0, factor, state = 'complete' }] of runs.entries()) {
    const workload = work({ originals, variants: originals, cpuSeconds: originals, outputBytes: originals * 1000 });
    const sums = { ...NO_SUMS, originals, made: originals - failed, failed, bytesWritten: originals * 1000 * factor, workload };
    await saveRecord(own, { ...newRecord(`run-${i}`, identity, 1), state, ranges: [], sums, cpuSeconds: originals * factor });
  }
  return { own, location };
}

function foreseen({ own, location }: Awaited<ReturnType<typeof rootAfter>>) {
  return measuredByHistory(own, location, work({ originals: 10, cpuSeconds: 100, outputBytes: 5000 }), MAKING);
}

test('by how far the last runs were from what was expected of them', async () => {
  expect(await afterRuns({ originals: 40, factor: 1.5 })).toMatchObject({ basis: 'history', originals: 40, cpuSeconds: { value: 150 }, outputBytes: { value: 7500 } });
});

test('without what requests took, which an estimate adds by their number', async () => {
  const root = await rootAfter();
  const identity = identityOf(runParts(), { command: 'reprocess', mode: 'due', filter: { prefix: '', include: [], exclude: [] } });
  const sums = { ...NO_SUMS, originals: 100, made: 100, bytesWritten: 100_000, workload: work({ originals: 100, variants: 800, cpuSeconds: 100, outputBytes: 100_000 }) };
  // Of the HEADs half are the plan's, as where a manifest names the originals.
  const traffic = { originals: { ...NO_REQUESTS, get: 100, head: 200, list: 7 }, variants: { ...NO_REQUESTS, put: 800, list: 7 }, own: { ...NO_REQUESTS, put: 50 } };
  // 1,000 requests of 0.0024 s.
  await saveRecord(root.own, { ...newRecord('run-0', identity, 1), state: 'complete', ranges: [], sums, traffic, cpuSeconds: 52.4 });
  expect((await foreseen(root)).cpuSeconds.value).toBeCloseTo(50, 9);
});

test('by the last three', async () => {
  const runs = [{ originals: 1000, factor: 9 }, { originals: 20, factor: 2 }, { originals: 20, factor: 2 }, { originals: 20, factor: 2 }];
  expect(await afterRuns(...runs)).toMatchObject({ originals: 60, cpuSeconds: { value: 200 } });
});

test.each([
  ['there were none', []],
  ['they did too little', [{ originals: 19, factor: 2 }]],
  ['they had failures', [{ originals: 100, failed: 1, factor: 2 }]],
  ['they did not come to their end', [{ originals: 100, factor: 2, state: 'running' as const }]],
])('by the model alone where %s', async (_, runs) => {
  expect(await afterRuns(...runs)).toMatchObject({ basis: 'default', originals: 0, cpuSeconds: { value: 100 }, outputBytes: { value: 5000 } });
});

test('a record that is damaged is passed over: what there is to say is said without it', async () => {
  const root = await rootAfter({ originals: 40, factor: 1.5 });
  await root.own.write('runs/run-9.json', Buffer.from('{"format":1'));
  expect(await foreseen(root)).toMatchObject({ basis: 'history', originals: 40 });
});
