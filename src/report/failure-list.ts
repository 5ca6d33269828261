import pc from 'picocolors';
import type { FailureCode } from '../model/failure.js';
import type { Failed } from '../model/outcome.js';
import { csvRecord } from './csv.js';
import { plural, showCount, showJson, showKey } from './format.js';
import type { Output } from './reporter.js';
import { failureAdvice, failureMessage } from './wording.js';

/** Lists failures of an earlier run, one after the other, however many there are. */
export interface FailureList {
  add(failure: Failed): void;
  end(): void;
}

/** For people: a line for each, and at the end what to do. */
export function textList({ stdout, color }: Output, run: string): FailureList {
  const colors = pc.createColors(color);
  const counts = new Map<FailureCode, number>();
  return {
    add(failure) {
      counts.set(failure.code, (counts.get(failure.code) ?? 0) + 1);
      const of = failure.variant === null ? '' : ` [${failure.variant}]`;
      stdout.write(`${showKey(`${failure.original}${of}: ${failure.code}, ${failureMessage(failure)}`)}\n`);
    },
    end() {
      const total = [...counts.values()].reduce((a, b) => a + b, 0);
      if (total === 0) {
        stdout.write(`Nothing failed in run ${showKey(run)}.\n`);
        return;
      }
      const codes = [...counts].sort(([, a], [, b]) => b - a);
      const lines = codes.map(([code, count]) => `  ${colors.bold(code)} (${showCount(count)})  ${colors.dim(failureAdvice(code))}\n`);
      stdout.write(`\n${colors.red(`${plural(total, 'failure')} in run ${showKey(run)}:`)}\n${lines.join('')}`);
    },
  };
}

/** Lines as a run tells them, and of which run. */
export function jsonList({ stdout }: Output, run: string): FailureList {
  return {
    add(failure) {
      const { original, variant, result, code, retryable } = failure;
      stdout.write(`${showJson({ type: 'outcome', run, original, variant, result, code, retryable, message: failureMessage(failure) })}\n`);
    },
    end: () => undefined,
  };
}

/** For spreadsheets and scripts: keys as they are, but in a terminal, where they could rewrite the screen. */
export function csvList({ stdout }: Output): FailureList {
  const write = (...fields: readonly string[]): void => void stdout.write(csvRecord(stdout.isTTY ? fields.map(showKey) : fields));
  write('original', 'variant', 'code', 'retryable', 'message');
  return {
    add(failure) {
      write(failure.original, failure.variant ?? '', failure.code, String(failure.retryable), failureMessage(failure));
    },
    end: () => undefined,
  };
}
