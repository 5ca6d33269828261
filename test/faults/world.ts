import path from 'node:path';
import sharp from 'sharp';
import { expect } from 'vitest';
import { start, summaryOf, workspace, type Ended, type Running } from '../cli/imgvar.js';
import { photo } from '../cli/pictures.js';
import type { Side } from '../cli/sides.js';

/** What everything is made by, and how long a connection may be silent. */
const SPECS = { small: { width: 20 }, web: { width: 30, format: 'webp' } };
const SILENCE_SECONDS = 3;

/** So many originals, and imgvar for them. */
export interface World {
  readonly originals: Side;
  readonly variants: Side;
  readonly count: number;
  /** Starts `imgvar reprocess --json -q` with these words more. */
  start(...args: string[]): Running;
  run(...args: string[]): Promise<Ended>;
}

export interface WorldOptions {
  readonly count: number;
  readonly env?: NodeJS.ProcessEnv;
  /** A command that runs imgvar; see start(). */
  readonly within?: readonly string[];
}

/** With originals that tell by their colour which they are. */
export async function worldOf(originals: Side, variants: Side, { count, env, within }: WorldOptions): Promise<World> {
  await Promise.all(Array.from({ length: count }, async (_, i) => originals.put(keyOf(i), await photo(i))));
  return existingWorld(originals, variants, { count, ...(env && { env }), ...(within && { within }) });
}

/** The originals are there already. */
export async function existingWorld(originals: Side, variants: Side, { count, env = {}, within = [] }: WorldOptions): Promise<World> {
  const cwd = await workspace({ 'c.json': JSON.stringify({ specs: SPECS, s3: { timeoutSeconds: SILENCE_SECONDS } }) });
  const begin = (...args: string[]): Running => start(['reprocess', originals.location, variants.location, '-c', path.join(cwd, 'c.json'), '--json', '-q', ...args], cwd, env, within);
  return { originals, variants, count, start: begin, run: (...args) => begin(...args).ended };
}

export function keyOf(i: number): string {
  return `${String(i).padStart(5, '0')}.jpg`;
}

export function variantsOf(original: string): string[] {
  return [`small/${original}`, `web/${original}.webp`];
}

/**
 * imgvar finds nothing to do, and clears up after processes that were killed. Then nothing is missing, nothing too much,
 * nothing torn, nothing another's, and no temporary file is left: by a plain listing, and by the pixels.
 */
export async function expectWhole(world: World, count = world.count): Promise<void> {
  const { variants } = world;
  const again = await world.run();
  expect(again.code).toBe(0);
  expect(summaryOf(again)).toMatchObject({ due: 0, upToDate: count, complete: true });
  const originals = Array.from({ length: count }, (_, i) => i);
  expect(await variants.keys()).toEqual(originals.map(keyOf).flatMap(variantsOf).sort());
  expect((await variants.own()).filter((name) => name.includes('.imgvar-tmp-'))).toEqual([]);
  for (let at = 0; at < count; at += SIDE_BY_SIDE) {
    await Promise.all(originals.slice(at, at + SIDE_BY_SIDE).map((i) => expectOwnColour(variants, i)));
  }
}

const SIDE_BY_SIDE = 16;

/** photo() is red by its number; encoding moves that by a little. */
async function expectOwnColour(variants: Side, i: number): Promise<void> {
  for (const key of variantsOf(keyOf(i))) {
    const [red = -1] = await sharp(await variants.read(key)).removeAlpha().raw().toBuffer();
    expect(Math.abs(red - (i % 256)), `${key} is another's`).toBeLessThan(8);
  }
}
