import { mkdir, readdir, rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import sharp from 'sharp';
import { makeOriginals } from '../soak/originals.js';
import { noise } from './photographs.js';
import { sourcePhotographs } from './sources.js';

/**
 * How many originals are made into JPEG, so many that it takes imgvar a quarter of a minute, beside which starting it is little; as WebP
 * takes its encoder several times as long, fewer are made into that. `few` of them are for programs that take so long that the rest would
 * tell nothing more.
 *
 * @typedef {{ name: string, about: string, jpeg: number, webp: number, few: number, make: (folder: string, count: number) => Promise<void> }} Mix
 */

/** @type {readonly Mix[]} */
export const MIXES = [
  { name: 'largest', about: '40 megapixels, 8000x5000', jpeg: 144, webp: 48, few: 8, make: (folder, count) => fromCamera(folder, count, 8000, 5000) },
  { name: 'phone', about: '12 megapixels, 4000x3000', jpeg: 180, webp: 60, few: 16, make: (folder, count) => fromCamera(folder, count, 4000, 3000) },
  { name: 'small', about: '27 kB on average', jpeg: 1200, webp: 600, few: 100, make: makeOriginals },
];

/**
 * The files of a mix, kept for the next time.
 *
 * @param {Mix} mix
 * @returns {Promise<string[]>}
 */
export async function filesOf({ name, jpeg, webp, make }) {
  const count = Math.max(jpeg, webp);
  const folder = join(tmpdir(), `imgvar-bench-${name}-${count}`);
  await mkdir(folder, { recursive: true });
  const files = async () => (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)).sort();
  if ((await files()).length < count) await make(folder, count);
  return files();
}

/**
 * As cameras make them: the real photographs, enlarged, each with other grain in place of the detail that they lack.
 *
 * @param {string} folder
 * @param {number} count
 * @param {number} width
 * @param {number} height
 */
async function fromCamera(folder, count, width, height) {
  const sources = sourcePhotographs();
  for (let i = 0; i < count; i++) {
    const source = sources[i % sources.length] ?? '';
    const file = join(folder, `${String(i).padStart(3, '0')}-${basename(source).replace(/\..*/, '')}.jpg`);
    // Whatever is larger than the picture is cut from another place the next time.
    const enlarged = await sharp(source).autoOrient().resize(width, height, { position: ['centre', 'left top', 'right bottom'][Math.floor(i / sources.length) % 3] ?? 'centre' }).toColourspace('srgb').removeAlpha().raw().toBuffer({ resolveWithObject: true });
    await sharp(enlarged.data, { raw: enlarged.info, limitInputPixels: false })
      .composite([{ input: noise(512, 10, i + 1), raw: { width: 512, height: 512, channels: 3 }, tile: true, blend: 'overlay' }])
      .jpeg({ quality: 85 })
      .toFile(`${file}.part`);
    await rename(`${file}.part`, file);
  }
}
