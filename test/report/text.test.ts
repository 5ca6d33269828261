import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import type { RunEvent, RunStarted, Summary } from '../../src/model/events.js';
import { NOTHING_INVOKED } from '../../src/model/invoked.js';
import { NO_REQUESTS } from '../../src/model/requests.js';
import type { Output } from '../../src/report/reporter.js';
import { textReporter } from '../../src/report/text.js';

/** What is told of a session that made two variants of one original, and of which more is told so, of a run with this summary. */
function told(fields: Partial<Summary>, more: readonly RunEvent[] = [], verbose = false, command: RunStarted['command'] = 'reprocess'): string {
  const output = { stdout: new PassThrough(), stderr: new PassThrough(), color: false } as unknown as Output;
  const reporter = textReporter(output, { quiet: true, verbose });
  const resumed = fields.resumed ?? false;
  reporter.event({ type: 'run', id: 'r', command, originals: 'o', variants: 'v', engine: 'local', mode: 'due', specs: ['a', 'b'], resumed, dryRun: false });
  for (const variant of ['a', 'b']) {
    reporter.event({ type: 'outcome', original: '1.jpg', variant, result: 'made', key: `${variant}/1.jpg`, bytes: 1, width: 1, height: 1, reason: 'missing' });
  }
  for (const event of more) reporter.event(event);
  const sums = { originals: 30, due: 60, made: 2, upToDate: 0, failed: 0, bytesRead: 1, bytesWritten: 2, seconds: 10, cpuSeconds: 10, bill: null };
  reporter.event({ type: 'summary', ...sums, requests: NO_REQUESTS, invoked: NOTHING_INVOKED, usd: 0, resumed, complete: true, stoppedBy: null, ...fields });
  reporter.close();
  return [output.stdout, output.stderr].map((stream) => String((stream as unknown as PassThrough).read() ?? '')).join('');
}

test('a rate is told only where originals and seconds are of the same time', () => {
  expect(told({ originals: 1, due: 2 })).toMatch(/^Made 2 variants in 10 s; 1 original worked on, 0\.1 a second\.\n/);
  expect(told({ complete: false })).toMatch(/^Made 2 variants in 10 s; 1 original worked on, 0\.1 a second\.\n/);
  expect(told({ resumed: true, made: 60 })).toMatch(/^Made 60 variants in 10 s; 30 originals worked on, 3\.0 a second\.\n/);
  // Gone on with and stopped again: the seconds are of both times, the originals that it knows of are of the second.
  const again = told({ resumed: true, complete: false, made: 40 });
  expect(again).toMatch(/^Made 40 variants in 10 s\.\n/);
  expect(again).toContain('Run the same command again');
});

test('a run that was stopped before it found anything to do does not say that there is nothing', () => {
  expect(told({ complete: false, due: 0, made: 0, originals: 12_000, upToDate: 12_000 })).toMatch(/^Looked at 12,000 originals; nothing was to be done for any of them\.\nInterrupted\. Run the same command again to go on\.\n$/);
  expect(told({ complete: false, due: 0, made: 0, originals: 0 })).toMatch(/^Nothing was looked at yet\.\nInterrupted\. /);
  expect(told({ due: 0, made: 0, originals: 12, upToDate: 12 })).toMatch(/^Nothing to do: 12 originals x 2 specs, all up to date\.\n$/);
});

test('what failed at first is told where it is not tried again: by its code, with an example', () => {
  const later = { type: 'retry', original: '2.jpg', variant: null, code: 'timeout', detail: '60 s' } as const;
  const ended = told({ complete: false, stoppedBy: 'failures' }, [later]);
  expect(ended).toMatch(/\n1 failure at first, which the same command tries again:\n {2}timeout \(1\) .*\n {4}2\.jpg: it took too long \(60 s\)\n/);
  expect(told({}, [later])).not.toContain('timeout');
});

test('once it is tried again, nothing is told any more of what failed at first: some of it may be made by then', () => {
  const later = ['2.jpg', '3.jpg', '4.jpg'].map((original) => ({ type: 'retry', original, variant: null, code: 'timeout', detail: '60 s' }) as const);
  const made = { type: 'outcome', original: '2.jpg', variant: 'a', result: 'made', key: 'a/2.jpg', bytes: 1, width: 1, height: 1, reason: 'retried' } as const;
  const failed = { type: 'outcome', original: '3.jpg', variant: null, result: 'failed', code: 'timeout', detail: '60 s', retryable: true } as const;
  const ended = told({ complete: false }, [...later, { type: 'again' }, made, failed]);
  expect(ended).not.toContain('at first');
  expect(ended).toMatch(/\n1 failure:\n {2}timeout \(1\) .*\n {4}3\.jpg: .*\nInterrupted\. Run the same command again to go on\.\n/);
});

test.each([false, true])('what another original is called, in the detail of a collision, works nothing in a terminal (-v: %s)', (verbose) => {
  const detail = 'p\u001b]0;x\u0007.jpg.webp';
  const collision = { type: 'outcome', result: 'failed', original: 'p', variant: 'a', code: 'key-collision', detail, retryable: false } as const;
  const later = { type: 'retry', original: 'p', variant: 'a', code: 'timeout', detail } as const;
  const text = told({ complete: false }, [collision, later], verbose);
  expect(text).toContain('p\\u001b]0;x\\u0007.jpg.webp');
  expect([...text].filter((character) => character !== '\n' && (character < ' ' || character === '\u007f'))).toEqual([]);
});

test('what a function says works nothing in a terminal, in a warning about it', () => {
  const text = told({}, [{ type: 'warning', code: 'function-unknown', message: 'It speaks protocol 9 (imgvar \u001b]0;x\u0007).' }]);
  expect(text).toContain('Warning: It speaks protocol 9 (imgvar \\u001b]0;x\\u0007).\n');
});

test('what to do after a restore says that the command after it is to be told where things are as well', () => {
  const text = told({}, [], false, 'restore');
  expect(text).toContain('\nTheir variants, where no upload makes them, with the same originals and config:\n  imgvar reprocess\n');
  for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
});
