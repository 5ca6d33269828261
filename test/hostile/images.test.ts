import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { workspace } from '../cli/imgvar.js';
import { runBulk } from './bulk.js';
import { mutatedInputs, suiteInputs, type Input } from './inputs.js';
import { table } from './table.js';
import { findingsIn } from './verdict.js';

/** `npm run fuzz` sets these (fuzz.js). */
const { IMGVAR_FUZZ_SEED = '1', IMGVAR_FUZZ_COUNT = '300', IMGVAR_FUZZ_SUITE, IMGVAR_FUZZ_KEEP } = process.env;

/** Each way through the image room: pixels of the original, shared ones, such with metadata, a smart crop, every encoder. */
const SPECS = {
  whole: {},
  small: { width: 40, height: 40, keep: ['icc', 'exif', 'copyright'] },
  smart: { width: 20, height: 20, fit: 'cover', position: 'attention', format: 'webp' },
  framed: { width: 24, height: 24, fit: 'contain', format: 'png', keep: ['icc'] },
  tiny: { width: 16, height: 16, format: 'avif' },
};

/** Seconds for one original: far more than such small ones need, and far less than the default. */
const SECONDS = 20;

async function attack(inputs: AsyncIterable<Input>): Promise<void> {
  const folder = await workspace({ 'imgvar.config.json': JSON.stringify({ originals: 'originals', variants: 'variants', specs: SPECS, limits: { seconds: SECONDS, allow: ['svg'] } }) });
  const originals = path.join(folder, 'originals');
  await mkdir(originals);
  const written: Pick<Input, 'key' | 'good'>[] = [];
  for await (const { key, bytes, good } of inputs) {
    await writeFile(path.join(originals, key), bytes);
    written.push({ key, good });
  }
  const bulk = await runBulk(folder, []);
  const findings = await findingsIn(written, bulk, Object.keys(SPECS), path.join(folder, 'variants'));
  if (IMGVAR_FUZZ_KEEP !== undefined) {
    await mkdir(IMGVAR_FUZZ_KEEP, { recursive: true });
    for (const key of findings.keys()) await copyFile(path.join(originals, key), path.join(IMGVAR_FUZZ_KEEP, key));
    process.stdout.write(`${table(bulk)}\n`);
  }
  expect(bulk.stderr).not.toContain('bug');
  expect(Object.fromEntries(findings)).toEqual({});
  expect(bulk.code).toBe(3);
  expect(bulk.summary).toMatchObject({ type: 'summary', complete: true, originals: written.length, due: written.length * Object.keys(SPECS).length });
  expect(bulk.workersLeft).toEqual([]);
}

const HOURS = 3_600_000;

describe('every hostile image has an end of its own, and the good ones beside it are made', () => {
  test(`mutations of every format (seed ${IMGVAR_FUZZ_SEED})`, { timeout: 4 * HOURS }, async () => {
    await attack(mutatedInputs(Number(IMGVAR_FUZZ_SEED), Number(IMGVAR_FUZZ_COUNT)));
  });

  test.runIf(IMGVAR_FUZZ_SUITE !== undefined)('the images that others try their decoders with', { timeout: 4 * HOURS }, async () => {
    await attack(suiteInputs(IMGVAR_FUZZ_SUITE ?? ''));
  });
});
