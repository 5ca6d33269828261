import { z } from 'zod';
import { FAILURE_CODES, type FailureCode } from '../model/failure.js';
import type { Failed } from '../model/outcome.js';
import { UserError } from '../model/user-error.js';
import type { OwnFiles } from '../store/own-files.js';
import { parseOwn, sealed } from './parse-own.js';
import type { RunRecord } from './run-record.js';

/** A failure as it is remembered. */
export interface FailureRecord extends Failed {
  /** The specs that it stands for. */
  readonly specs: readonly string[];
}

const schema = z.object({
  original: z.string(),
  variant: z.string().nullable(),
  code: z.enum(Object.keys(FAILURE_CODES) as [FailureCode, ...FailureCode[]]),
  detail: z.string(),
  specs: z.array(z.string()),
});

/** @param due the specs for which a failure of the whole original stands */
export function recordOf(failure: Failed, due: readonly string[]): FailureRecord {
  return { ...failure, specs: failure.variant === null ? due : [failure.variant] };
}

/** Whether the second try takes it: it may pass. Of a folder that could not be read nothing is known that could be tried. */
export function isTriedAgain(failure: Pick<Failed, 'retryable' | 'original' | 'variant'>): boolean {
  return failure.retryable && !isOfFolder(failure);
}

/** Whether it is a folder that could not be read: its originals are unknown. */
export function isOfFolder({ original, variant }: Pick<Failed, 'original' | 'variant'>): boolean {
  return variant === null && original.endsWith('/');
}

type Try = keyof RunRecord['failures'];

/** Failures are added in files of their own, each written once; which of them count is in the run's record. */
export async function writeFailures(own: OwnFiles, run: string, which: Try, file: number, failures: readonly FailureRecord[]): Promise<void> {
  const lines = failures.map(({ original, variant, code, detail, specs }) => JSON.stringify(sealed({ original, variant, code, detail, specs })));
  await own.write(nameOf(run, which, file), Buffer.from(`${lines.join('\n')}\n`));
}

/** @throws UserError `checkpoint-damaged` for a file that is gone, and a line that cannot be read; the last one may be torn */
export async function* readFailures(own: OwnFiles, run: Pick<RunRecord, 'id' | 'failures'>, which: Try): AsyncGenerator<FailureRecord> {
  for (let file = 1; file <= run.failures[which]; file++) {
    const name = nameOf(run.id, which, file);
    const found = await own.read(name);
    const lines = found?.bytes.toString().split('\n') ?? [];
    if (lines.length === 0) throw damaged(name, 'is gone');
    for (const [index, line] of lines.entries()) {
      const failure = parseOwn(line, schema);
      if (failure !== undefined) yield { result: 'failed', ...failure, retryable: FAILURE_CODES[failure.code] };
      // Where a disk lost power, the last line may be torn.
      else if (index < lines.length - 1) throw damaged(name, `is damaged in line ${index + 1}`);
    }
  }
}

/** What failed in the end: what the second try did not make, and what was not worth one. */
export async function* finalFailures(own: OwnFiles, run: RunRecord): AsyncGenerator<FailureRecord> {
  const triedAgain = run.phase === 'again' && run.state === 'complete';
  for await (const failure of readFailures(own, run, 'first')) {
    if (!triedAgain || !isTriedAgain(failure)) yield failure;
  }
  if (triedAgain) yield* readFailures(own, run, 'again');
}

function damaged(name: string, how: string): UserError {
  return new UserError('checkpoint-damaged', `.imgvar/${name}, which says what failed in that run, ${how}; start over with --fresh, and without --retry-failed: what is missing is made.`);
}

function nameOf(run: string, which: Try, file: number): string {
  return `runs/${run}.failures/${which}-${String(file).padStart(6, '0')}.jsonl`;
}
