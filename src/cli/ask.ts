import { createInterface } from 'node:readline/promises';
import process from 'node:process';
import type { Output } from '../report/reporter.js';

/** Whether somebody sits at the terminal who can answer. */
export function canAsk({ stderr }: Output): boolean {
  return process.stdin.isTTY === true && stderr.isTTY;
}

/** @returns the answer; null where there was none (Ctrl-D). Ctrl-C is what it is elsewhere. */
export async function ask(question: string, { stderr }: Output): Promise<string | null> {
  const lines = createInterface({ input: process.stdin, output: stderr });
  const ended = new Promise<null>((resolve) => lines.once('close', () => resolve(null)));
  lines.on('SIGINT', () => {
    process.kill(process.pid, 'SIGINT');
    lines.close();
  });
  try {
    const answer = await Promise.race([lines.question(question).catch(() => null), ended]);
    return answer?.trim() ?? null;
  } finally {
    lines.close();
  }
}
