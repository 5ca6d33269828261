import pc from 'picocolors';
import type { Checkup } from '../model/checkup.js';
import { showKey } from './format.js';

/** Columns that a line has for what was found. */
const WIDTH = 60;

/** One thing that was looked at, in as many lines as it takes within 80 columns. */
export function checkupLines({ check, result, detail }: Checkup, color: boolean): string[] {
  const colors = pc.createColors(color);
  const paint = { ok: colors.green, warning: colors.yellow, failed: colors.red, skipped: colors.dim }[result];
  const lines: string[] = [];
  for (const word of showKey(detail).split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= WIDTH) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.map((line, i) => `${i === 0 ? paint(result.padEnd(8)) : ' '.repeat(8)} ${i === 0 ? check.padEnd(10) : ' '.repeat(10)} ${line}`);
}
