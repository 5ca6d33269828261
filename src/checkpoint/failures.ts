import { z } from 'zod';
import { FAILURE_CODES, type FailureCode } from '../model/failure.js';
import type { Failed } from '../model/outcome.js';
import type { OwnFiles } from '../store/own-files.js';
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

type Try = keyof RunRecord['failures'];

/** Failures are added in files of their own, each written once; which of them count is in the run's record. */
export async function writeFailures(own: OwnFiles, run: string, which: Try, file: number, failures: readonly FailureRecord[]): Promise<void> {
  const lines = failures.map(({ original, variant, code, detail, specs }) => JSON.stringify({ original, variant, code, detail, specs }));
  await own.write(nameOf(run, which, file), Buffer.from(`${lines.join('\n')}\n`));
}

export async function* readFailures(own: OwnFiles, run: Pick<RunRecord, 'id' | 'failures'>, which: Try): AsyncGenerator<FailureRecord> {
  for (let file = 1; file <= run.failures[which]; file++) {
    const found = await own.read(nameOf(run.id, which, file));
    for (const line of (found?.bytes.toString() ?? '').split('\n')) {
      const failure = parsed(line);
      if (failure !== undefined) yield failure;
    }
  }
}

/** What failed in the end: what the second try did not make, and what was not worth one. */
export async function* finalFailures(own: OwnFiles, run: RunRecord): AsyncGenerator<FailureRecord> {
  const triedAgain = run.phase === 'again' && run.state === 'complete';
  for await (const failure of readFailures(own, run, 'first')) {
    if (!triedAgain || !failure.retryable) yield failure;
  }
  if (triedAgain) yield* readFailures(own, run, 'again');
}

/** Undefined for an empty line, and for one that was torn where a disk lost power. */
function parsed(line: string): FailureRecord | undefined {
  try {
    const { original, variant, code, detail, specs } = schema.parse(JSON.parse(line));
    return { result: 'failed', original, variant, code, detail, specs, retryable: FAILURE_CODES[code] };
  } catch {
    return undefined;
  }
}

function nameOf(run: string, which: Try, file: number): string {
  return `runs/${run}.failures/${which}-${String(file).padStart(6, '0')}.jsonl`;
}
