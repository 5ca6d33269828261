import type { Colors } from 'picocolors/types.js';
import type { FailureCode } from '../model/failure.js';
import type { Failed } from '../model/outcome.js';
import { plural, showCount, showKey } from './format.js';
import { failureAdvice, failureMessage } from './wording.js';

/** How many failures of one code are shown by name. */
const EXAMPLES = 3;

type Trouble = Pick<Failed, 'original' | 'variant' | 'code' | 'detail'>;

interface Group {
  count: number;
  readonly examples: Trouble[];
}

/** Failures by code with the first few of each, so that a million of them take no more room than ten. */
export class FailureTotals {
  readonly #groups = new Map<FailureCode, Group>();
  count = 0;

  add(failed: Trouble): void {
    const group = this.#groups.get(failed.code) ?? { count: 0, examples: [] };
    this.#groups.set(failed.code, group);
    this.count += 1;
    group.count += 1;
    if (group.examples.length < EXAMPLES) group.examples.push(failed);
  }

  /** @param which said of them behind their number */
  lines(colors: Colors, which = ''): string[] {
    if (this.count === 0) return [];
    const groups = [...this.#groups].sort(([, a], [, b]) => b.count - a.count);
    return [
      colors.red(`${plural(this.count, 'failure')}${which === '' ? '' : ` ${which}`}:`),
      ...groups.flatMap(([code, group]) => [
        `  ${colors.bold(code)} (${showCount(group.count)})  ${colors.dim(failureAdvice(code))}`,
        ...group.examples.map((failed) => `    ${example(failed)}`),
        ...(group.count > group.examples.length ? [`    and ${showCount(group.count - group.examples.length)} more (--json lists all)`] : []),
      ]),
    ];
  }
}

function example(failed: Trouble): string {
  const of = failed.variant === null ? '' : ` [${failed.variant}]`;
  return showKey(`${failed.original}${of}: ${failureMessage(failed)}`);
}
