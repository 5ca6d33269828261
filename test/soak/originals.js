/**
 * A folder of many small originals, all different: `originals/000/img-000000.jpg` and on, a thousand in a folder. Each is
 * cut from a real photograph at a place, in a size and with a brightness of its own; the same number gives the same
 * picture. On average 27 kB, as the scenario's are.
 *
 *     node test/soak/originals.js FOLDER COUNT      makes those that are not there yet
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { sourcePhotographs } from '../bench/sources.js';

/** Long sides in pixels, and the JPEG quality; together they give the average. */
const SIDES = [480, 560, 640, 640, 720, 800];
const QUALITY = 73;

/** Short sides of the photographs that are cut from. Their pixels are kept, so that a cut costs only itself. */
const SOURCE_SIDES = [850, 1000, 1200];

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [folder = '', count = '0', part] = process.argv.slice(2);
  if (part === undefined) await makeOriginals(folder, Number(count));
  else await makePart(folder, Number(count), Number(part));
}

/**
 * @param {number} i
 * @returns {string} the key of the original of this number
 */
export function originalKey(i) {
  return `${String(Math.floor(i / 1000)).padStart(3, '0')}/img-${String(i).padStart(6, '0')}.jpg`;
}

/**
 * Makes the originals that the folder lacks, with a process for each core.
 *
 * @param {string} folder
 * @param {number} count
 */
export async function makeOriginals(folder, count) {
  const parts = Array.from({ length: availableParallelism() }, (_, part) => fork(fileURLToPath(import.meta.url), [folder, String(count), String(part)]));
  const codes = await Promise.all(parts.map(async (child) => (await once(child, 'exit'))[0]));
  if (codes.some((code) => code !== 0)) throw new Error('the originals could not be made');
}

/**
 * @param {string} folder
 * @param {number} count
 * @param {number} part
 */
async function makePart(folder, count, part) {
  sharp.concurrency(1);
  const sources = await Promise.all(sourcePhotographs().flatMap((file) => SOURCE_SIDES.map((side) => pixels(file, side))));
  for (let i = part; i < count; i += availableParallelism()) {
    const file = join(folder, originalKey(i));
    if (existsSync(file)) continue;
    const bytes = await original(i, sources);
    await mkdir(dirname(file), { recursive: true });
    // Never half a picture, also when this is stopped.
    await writeFile(`${file}.part`, bytes);
    await rename(`${file}.part`, file);
  }
}

/**
 * @param {number} number
 * @param {readonly { data: Buffer, info: { width: number, height: number, channels: 1 | 2 | 3 | 4 } }[]} sources
 */
async function original(number, sources) {
  const random = generator(number);
  const source = sources[Math.floor(random() * sources.length)];
  const side = SIDES[Math.floor(random() * SIDES.length)] ?? 640;
  if (source === undefined) throw new Error('no photographs');
  const upright = random() < 0.4;
  const [width, height] = upright ? [Math.round(side * 0.75), side] : [side, Math.round(side * 0.75)];
  const left = Math.floor(random() * (source.info.width - width));
  const top = Math.floor(random() * (source.info.height - height));
  return sharp(source.data, { raw: source.info })
    .extract({ left, top, width, height })
    .linear(0.85 + random() * 0.3, random() * 8)
    .jpeg({ quality: QUALITY })
    .toBuffer();
}

/**
 * @param {string} file
 * @param {number} side
 */
function pixels(file, side) {
  return sharp(file).autoOrient().resize(side, side, { fit: 'outside' }).toColourspace('srgb').removeAlpha().raw().toBuffer({ resolveWithObject: true });
}

/**
 * Numbers from 0 to 1 that follow from the seed alone (mulberry32).
 *
 * @param {number} seed
 */
function generator(seed) {
  let state = (Math.imul(seed + 1, 0x9e3779b1) + 0x7f4a7c15) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
