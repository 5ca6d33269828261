import { Failure } from '../model/failure.js';

/** The longest detail of a failure, in characters. */
const LONGEST = 100;

/** What the image library threw, as a failure: its message is all that tells what it was. */
export function failureOf(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (/exceeds pixel limit|32767x32767/i.test(message)) return new Failure('too-many-pixels', firstLine(message));
  if (/^timeout:|: \d+% complete/m.test(message)) return new Failure('timeout', '');
  return new Failure('corrupt-image', firstLine(message));
}

/** The library writes one line for each layer; the first says most. */
function firstLine(message: string): string {
  const [line = ''] = message.replace(/^Input buffer has corrupt header: /, '').split('\n', 1);
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line;
}
