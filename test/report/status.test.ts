import { expect, test } from 'vitest';
import type { PastRun } from '../../src/model/past-run.js';
import { NO_REQUESTS } from '../../src/model/requests.js';
import { pastRunLines } from '../../src/report/status.js';

test('what a record holds works nothing in a terminal: whoever may write it may write anything into it', () => {
  const evil = '\u001b]0;x\u0007\u009b';
  const run: PastRun = {
    type: 'run-record', id: `id${evil}`, state: 'interrupted', stoppedBy: null, command: 'reprocess', originals: `o${evil}`, variants: 'v', mode: `mode${evil}`, specs: ['a'],
    filter: { [`name${evil}`]: 'text', include: [`glob${evil}`], 'retry-failed': `run${evil}` }, terms: {}, startedAt: '2026-11-25T00:00:00.000Z', seconds: 1,
    sums: { originals: 1, due: 1, made: 0, upToDate: 0, failed: 0, bytesRead: 0, bytesWritten: 0 },
    requests: NO_REQUESTS, left: [{ after: `key${evil}`, upTo: null }], secondTry: 'none', failures: {},
  };
  const text = pastRunLines(run, [{ why: `go on${evil}`, command: `imgvar${evil}` }], false).join('\n');
  for (const word of ['id', 'o', 'mode', 'name', 'run', 'go on', 'imgvar']) expect(text).toContain(`${word}\\u001b]0;x\\u0007\\u009b`);
  expect([...text].filter((character) => character !== '\n' && /\p{Cc}/u.test(character))).toEqual([]);
});

test('the time of --since is told as one', () => {
  const run: PastRun = {
    type: 'run-record', id: 'id', state: 'interrupted', stoppedBy: null, command: 'reprocess', originals: 'o', variants: 'v', mode: 'due', specs: ['a'],
    filter: { since: Date.UTC(2026, 10, 23) }, terms: {}, startedAt: '2026-11-25T00:00:00.000Z', seconds: 1,
    sums: { originals: 1, due: 1, made: 0, upToDate: 0, failed: 0, bytesRead: 0, bytesWritten: 0 },
    requests: NO_REQUESTS, left: [], secondTry: 'none', failures: {},
  };
  expect(pastRunLines(run, [], false).join('\n')).toContain('since 2026-11-23T00:00:00.000Z');
});
