import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { RunEvent } from '../../src/model/events.js';
import { Progress } from '../../src/report/progress.js';
import type { Output } from '../../src/report/reporter.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const RUN: RunEvent = { type: 'run', id: 'x', command: 'reprocess', originals: 'o', variants: 'v', engine: 'local', mode: 'due', specs: ['a'], resumed: false, dryRun: false };

/** Where there is no terminal: lines, one a minute. */
function lines(events: readonly RunEvent[]): string[] {
  const written: string[] = [];
  const stream = { isTTY: false, write: (text: string) => written.push(text) > 0 };
  const progress = new Progress({ stdout: stream, stderr: stream } as unknown as Output, { quiet: false, verbose: false });
  for (const event of events) progress.event(event);
  vi.advanceTimersByTime(60_000);
  progress.close();
  return written;
}

function made(count: number): RunEvent[] {
  return Array.from({ length: count }, (_, i) => ({ type: 'outcome', result: 'made', original: `${i}`, variant: 'a', key: `a/${i}`, bytes: 1, width: 1, height: 1, reason: 'missing' }));
}

test('on a terminal, what was noted in the last moment stays when the bar goes', () => {
  const written: string[] = [];
  const stream = { isTTY: true, columns: 80, write: (text: string) => written.push(text) > 0 };
  const progress = new Progress({ stdout: stream, stderr: stream } as unknown as Output, { quiet: false, verbose: false });
  progress.event(RUN);
  progress.note('Warning: of something');
  progress.close();
  expect(written.join('')).toContain('Warning: of something\n');
  // Lines wrap: one that is longer than the terminal is wide would lose its end.
  expect(written.join('')).not.toContain('\u001b[?7l');
});

test('no time left is told while nobody knows how much there is to do', () => {
  const [line] = lines([RUN, { type: 'planned', listed: 500, jobs: 250, ended: false }, ...made(30)]);
  expect(line).toContain('30/250+ originals');
  expect(line).not.toContain('left');
});

test('what was counted ahead tells the time left, at the rate so far', () => {
  const [line] = lines([RUN, { type: 'planned', listed: 500, jobs: 250, ended: false }, { type: 'counted', jobs: 3030 }, ...made(30)]);
  expect(line).toContain('30/3,030 originals  0.5/s  1 h 40 min left');
});

test('the end of the plan has the last word', () => {
  const [line] = lines([RUN, { type: 'counted', jobs: 3000 }, { type: 'planned', listed: 500, jobs: 90, ended: true }, ...made(30)]);
  expect(line).toContain('30/90 originals  0.5/s  2 min 0 s left');
});

/** On a terminal: a run that has begun, all that was written so far, and what else is done when the program ends. */
function onTerminal() {
  const written: string[] = [];
  const stream = { isTTY: true, columns: 80, write: (text: string) => written.push(text) > 0 };
  const others = process.listeners('exit');
  const progress = new Progress({ stdout: stream, stderr: stream } as unknown as Output, { quiet: false, verbose: false });
  progress.event(RUN);
  return { progress, text: () => written.join(''), atExit: () => process.listeners('exit').filter((listener) => !others.includes(listener)) };
}

const CURSOR_HIDDEN = '\u001b[?25l';
const CURSOR_SHOWN = '\u001b[?25h';

test('whatever ends the program while the bar is shown, the terminal has its cursor again', () => {
  const { progress, text, atExit } = onTerminal();
  expect(text()).toContain(CURSOR_HIDDEN);
  for (const listener of atExit()) listener(141);
  expect(text()).toContain(CURSOR_SHOWN);
  progress.close();
});

test('once the bar is gone, nothing more is done to the terminal at the end', () => {
  const { progress, text, atExit } = onTerminal();
  progress.close();
  expect(text()).toContain(CURSOR_SHOWN);
  expect(atExit()).toEqual([]);
});

test('an original that is told of twice, as it is tried again for a part, is no more than one of all', () => {
  const [line] = lines([RUN, { type: 'planned', listed: 500, jobs: 30, ended: true }, ...made(30), { type: 'again' }, ...made(2)]);
  expect(line).toContain('30/30 originals');
  expect(line).not.toContain('-');
});
