import { expect, test } from 'vitest';
import { history } from '../../src/checkpoint/history.js';
import { newRecord, saveRecord, type Identity, type RunRecord } from '../../src/checkpoint/run-record.js';
import { memoryStore } from '../../src/store/memory.js';
import { collect } from '../support.js';

const identity: Identity = { command: 'reprocess', originals: 'o', variants: 'v', layout: '{variant}/{path}', mode: 'due', specs: { a: 'f' }, filter: {} };

async function told(records: readonly Partial<RunRecord>[], held: boolean, extra: Record<string, string> = {}) {
  const { own } = memoryStore('v');
  for (const [at, record] of records.entries()) await saveRecord(own, { ...newRecord(`run-${at}`, identity, 1_000), ...record });
  for (const [name, text] of Object.entries(extra)) await own.write(name, Buffer.from(text));
  const damaged: string[] = [];
  const runs = await collect(history(own, 'v', held, (message) => damaged.push(message)));
  return { states: runs.map(({ id, state }) => [id, state]), damaged };
}

test('only the last run can be running, and only while somebody holds the root', async () => {
  const records = [{ state: 'running' }, { state: 'interrupted' }, { state: 'running' }] as const;
  expect((await told(records, true)).states).toEqual([['run-2', 'running'], ['run-1', 'interrupted'], ['run-0', 'killed']]);
  expect((await told(records, false)).states).toEqual([['run-2', 'killed'], ['run-1', 'interrupted'], ['run-0', 'killed']]);
});

test('runs of other roots in the same place are not shown', async () => {
  const records = [{ state: 'complete' }, { identity: { ...identity, variants: 'v2' } }] as const;
  expect((await told(records, false)).states).toEqual([['run-0', 'complete']]);
});

test('a damaged record is told, and hides no other', async () => {
  const { states, damaged } = await told([{ state: 'stopped' }], false, { 'runs/run-9.json': '{"format":1' });
  expect(states).toEqual([['run-0', 'stopped']]);
  expect(damaged).toEqual([expect.stringContaining('.imgvar/runs/run-9.json in v is damaged')]);
});
