import path from 'node:path';
import sharp from 'sharp';
import type { Bulk, Line } from './bulk.js';
import type { Input } from './inputs.js';

/** What a hostile image may end with, of what docs/exit-codes.md has. That it kills a worker is documented too, and to be looked at. */
const ENDS: readonly (string | undefined)[] = ['empty-original', 'unsupported-format', 'corrupt-image', 'too-many-pixels', 'timeout'];

/**
 * Why inputs are to be looked at, by their keys; empty where all is well: each is told of once, what is made decodes, what
 * fails has a code that fits, and the good ones are made.
 *
 * @param specs the names of all specs
 * @param folder where the variants are
 */
export async function findingsIn(inputs: readonly Pick<Input, 'key' | 'good'>[], { told }: Bulk, specs: readonly string[], folder: string): Promise<ReadonlyMap<string, string>> {
  const findings = new Map<string, string>();
  for (const { key, good } of inputs) {
    const outcomes = told.get(key)?.outcomes ?? [];
    const odd = outcomes.find(({ result, code }) => result === 'failed' && (good || !ENDS.includes(code)));
    if (!isWhole(outcomes, specs)) findings.set(key, `told as ${JSON.stringify(outcomes)}`);
    else if (odd !== undefined) findings.set(key, `${odd.variant}: ${odd.code}`);
    else {
      const broken = await brokenAmong(outcomes.flatMap((outcome) => (outcome.key === undefined ? [] : [path.join(folder, outcome.key)])));
      if (broken !== undefined) findings.set(key, broken);
    }
  }
  return findings;
}

/** Every variant is told of once: by itself, or with the whole original. */
function isWhole(outcomes: readonly Line[], specs: readonly string[]): boolean {
  const [first] = outcomes;
  if (first?.variant === null) return outcomes.length === 1 && first.result === 'failed';
  return JSON.stringify(outcomes.map(({ variant }) => variant).sort()) === JSON.stringify([...specs].sort());
}

/** The first of these files that is no whole image. */
async function brokenAmong(files: readonly string[]): Promise<string | undefined> {
  for (const file of files) {
    try {
      await sharp(file, { failOn: 'warning', pages: -1, limitInputPixels: false }).stats();
    } catch (error) {
      return `${file} does not decode: ${String(error)}`;
    }
  }
  return undefined;
}
