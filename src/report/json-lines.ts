import type { RunEvent } from '../model/events.js';
import { showJson } from './format.js';
import type { Output, ReportOptions, Reporter } from './reporter.js';
import { Progress } from './progress.js';
import { failureMessage } from './wording.js';

/** One JSON object a line on stdout, and nothing else there; its shape is documented in docs/json.md. */
export function jsonLinesReporter(output: Output, options: ReportOptions): Reporter {
  const progress = new Progress(output, options);
  return {
    event(event) {
      progress.event(event);
      const line = toLine(event);
      if (line !== null) output.stdout.write(`${showJson(line)}\n`);
    },
    stopping: () => progress.stopping(),
    close: () => progress.close(),
  };
}

function toLine(event: RunEvent): object | null {
  if (event.type === 'again' || event.type === 'planned' || event.type === 'counted' || event.type === 'paced') return null;
  if (event.type === 'retry') {
    const { type, original, variant, code } = event;
    return { type, original, variant, code, message: failureMessage(event) };
  }
  if (event.type !== 'outcome') return event;
  if (event.result === 'made') {
    const { type, original, variant, result, key, bytes, width, height, reason } = event;
    // A copy has the pixels of its original, whatever these are.
    return { type, original, variant, result, key, bytes, ...(width === 0 ? {} : { width, height }), reason };
  }
  const { type, original, variant, result, code, retryable } = event;
  return { type, original, variant, result, code, retryable, message: failureMessage(event) };
}
