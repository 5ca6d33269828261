import type { JobsAnswer } from '../model/invocation.js';
import { log } from './log.js';

/** One line for all: what became of each is in the answer, and the log of a large run is paid by its size. */
export function tellSums(functionName: string, { done, notBegun, seconds }: JobsAnswer): void {
  const outcomes = done.flatMap(({ result }) => result.outcomes);
  const made = outcomes.filter((outcome) => outcome.result === 'made');
  const bytesWritten = made.reduce((sum, { bytes }) => sum + bytes, 0);
  const bytesRead = done.reduce((sum, { result }) => sum + result.bytesRead, 0);
  const line = { jobs: done.length, notBegun: notBegun.length, failures: outcomes.length - made.length, bytesRead, seconds };
  log(functionName, { level: 'info', code: 'jobs', ...line }, { Made: made.length, BytesWritten: bytesWritten });
}
