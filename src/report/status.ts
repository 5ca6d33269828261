import pc from 'picocolors';
import type { PastRun, RunState } from '../model/past-run.js';
import { plural, showCount, showDuration, showKey } from './format.js';

const STATES: Record<Exclude<RunState, 'stopped'>, string> = {
  running: 'running now',
  killed: 'killed',
  interrupted: 'interrupted',
  complete: 'complete',
};

const STOPPED = { failures: 'stopped by failures', cost: 'stopped by --max-cost' };

/** What to type next, and why. */
export interface Next {
  readonly why: string;
  readonly command: string;
}

/** A run in a few lines; how a person goes on from it comes last. */
export function pastRunLines(run: PastRun, next: readonly Next[], color: boolean): string[] {
  const colors = pc.createColors(color);
  const { id, state, originals, mode, startedAt, seconds, sums, specs, filter } = run;
  const about = [`mode ${mode}`, plural(specs.length, 'spec'), ...Object.entries(filter).flatMap(filterText)].join(', ');
  const codes = Object.entries(run.failures).sort(([, a], [, b]) => b - a).map(([code, count]) => `${code} ${showCount(count)}`);
  return [
    `${colors.bold(showKey(id))}  ${(state === 'complete' ? colors.green : colors.yellow)(stateText(run))}`,
    line('originals', showKey(originals)),
    line('started', `${startedAt.slice(0, 19).replace('T', ' ')} UTC, ${showDuration(seconds)} of work`),
    line('job', showKey(about)),
    line('so far', `${plural(sums.originals, 'original')}, of them ${showCount(sums.upToDate)} up to date`),
    line('', `${plural(sums.made, 'variant')} made, ${showCount(sums.failed)} failed`),
    line('left', leftText(run)),
    ...wrapped(codes).map((text, index) => line(index === 0 ? 'failures' : '', text)),
    ...next.flatMap(({ why, command }) => [`  ${showKey(why)}:`, `    ${showKey(command)}`]),
  ];
}

/** Records of an earlier version do not say which limit it was. */
function stateText({ state, stoppedBy }: PastRun): string {
  if (state !== 'stopped') return STATES[state];
  return stoppedBy === null ? 'stopped by a limit' : STOPPED[stoppedBy];
}

function filterText([name, value]: [string, PastRun['filter'][string]]): string[] {
  if (name === 'manifest') return ['of a manifest'];
  if (name === 'retry-failed') return [`what failed in ${value}`];
  if (name === 'since') return [`since ${new Date(Number(value)).toISOString()}`];
  const values = (typeof value === 'object' ? value : [String(value)]).filter((one) => one !== '');
  return values.map((one) => `${name} ${short(one)}`);
}

/** How many parts of a listing are named. */
const PARTS = 2;

function leftText({ left, state, filter, secondTry }: PastRun): string {
  if (left.length === 0) return state !== 'complete' && secondTry === 'open' ? 'to try again what failed and may pass' : 'nothing';
  const parts = left.slice(0, PARTS).map(({ after, upTo }) => partText(after, upTo, filter));
  const more = left.length > PARTS ? `, and ${plural(left.length - PARTS, 'more part')}` : '';
  // A run with a limit is complete when it has come to that.
  return `${state === 'complete' ? 'not looked at, by --limit: ' : ''}${parts.join('; ')}${more}`;
}

function partText(after: string, upTo: string | null, filter: PastRun['filter']): string {
  if (after === '' && upTo === null) return 'everything';
  if ('retry-failed' in filter) return `what comes after failure ${showCount(Number(after))}`;
  if ('manifest' in filter) return `what comes after row ${showCount(Number(after))} of the manifest`;
  if (upTo === null) return `keys after ${short(after)}`;
  return after === '' ? `keys up to ${short(upTo)}` : `keys after ${short(after)} up to ${short(upTo)}`;
}

const LONGEST = 24;

/** The end of a key tells more than its beginning. */
function short(text: string): string {
  const characters = [...showKey(text)];
  return `"${characters.length <= LONGEST ? characters.join('') : `…${characters.slice(1 - LONGEST).join('')}`}"`;
}

function line(name: string, text: string): string {
  return `  ${name.padEnd(10)}${text}`;
}

const WIDTH = 66;

function wrapped(words: readonly string[]): string[] {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length + 2 <= WIDTH) lines[lines.length - 1] = `${last}, ${word}`;
    else lines.push(word);
  }
  return lines;
}
