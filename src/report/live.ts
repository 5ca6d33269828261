import pc from 'picocolors';
import { FAILURE_CODES, type FailureCode } from '../model/failure.js';
import type { LiveEvent, LiveFailure } from '../model/live-event.js';
import { plural, showBytes, showDuration, showJson, showKey } from './format.js';
import type { Output } from './reporter.js';
import { failureMessage } from './wording.js';

/** Tells a person what happens in the live system on their machine: where it is on stdout, what goes on on stderr. */
export function liveText({ stdout, stderr, color }: Output): (event: LiveEvent) => void {
  const { bold, red, dim } = pc.createColors(color);
  return (event) => {
    if (event.type === 'dev') {
      stdout.write(`${bold(event.url)}\n  drop photographs there, or put them into ${showKey(event.originals)}\n  Ctrl-C stops it\n`);
      return;
    }
    const line = `${showKey(event.original)}: ${wordsFor(event)}`;
    const paint = event.type === 'failed' || event.type === 'dead-letter' ? red : event.type === 'made' ? String : dim;
    stderr.write(`${paint(line)}\n`);
  };
}

/** The same as JSON lines. */
export function liveJson({ stdout }: Output): (event: LiveEvent) => void {
  return (event) => void stdout.write(`${showJson(event)}\n`);
}

function wordsFor(event: Exclude<LiveEvent, { type: 'dev' }>): string {
  switch (event.type) {
    case 'uploaded':
      return `uploaded, ${showBytes(event.bytes)}`;
    case 'removed':
      return 'removed; its variants and its backup stay';
    case 'made':
      return `${plural(event.variants.length, 'variant')}, ${showBytes(event.bytes)}, in ${showDuration(event.seconds)}`;
    case 'backed-up':
      return event.result === 'copied' ? 'backed up' : 'backed up already';
    case 'failed':
      return `${event.variant ?? event.function}: ${liveFailureMessage(event)}`;
    case 'redelivery':
      return `${event.function} failed (${showKey(event.cause)}); it is told again`;
    case 'dead-letter':
      return `${event.function} failed three times (${showKey(event.cause)}) and is not told again; upload it once more, or restart`;
  }
}

/** One sentence on what happened, without the key. */
export function liveFailureMessage({ code, detail }: Pick<LiveFailure, 'code' | 'detail'>): string {
  const text = Object.hasOwn(FAILURE_CODES, code) ? failureMessage({ code: code as FailureCode, detail }) : detail;
  return showKey(text);
}
