import type { Row } from './endure.js';

const HEAD = ['fault', 'injected', 'repeated', 'exit', 'seconds', 'lost', 'sentence'];

/** As docs/reliability.md has it. Nothing is lost wherever a row exists: it is made after everything was looked at. */
export function tableOf(rows: readonly Row[]): string {
  const cells = rows.map(({ fault, injected, retries, code, seconds, sentence }) => [fault, injected, retries, code ?? 'killed', Math.round(seconds), 0, sentence]);
  return [HEAD, HEAD.map(() => '---'), ...cells].map((row) => `| ${row.join(' | ')} |\n`).join('');
}
