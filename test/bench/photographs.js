import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';

/** @typedef {{ name: string, bytes: Buffer, width: number, height: number }} Photograph */

/**
 * The photographs to measure: these files, or three made from the one that the project ships, enlarged to what cameras
 * and phones make, with grain in place of the detail that it lacks.
 *
 * @param {readonly string[]} files
 * @returns {Promise<Photograph[]>}
 */
export async function photographs(files) {
  if (files.length > 0) return Promise.all(files.map(async (file) => described(basename(file), await readFile(file))));
  return [
    await described('8000x5000', await enlarged(8000, 5000, 10)),
    await described('4000x3000', await enlarged(4000, 3000, 10)),
    await described('800x600', await enlarged(800, 600, 2)),
  ];
}

/**
 * @param {string} name
 * @param {Buffer} bytes
 * @returns {Promise<Photograph>}
 */
async function described(name, bytes) {
  const { autoOrient } = await sharp(bytes).metadata();
  return { name, bytes, ...autoOrient };
}

/**
 * @param {number} width
 * @param {number} height
 * @param {number} grain its strength, in steps of 256
 */
export async function enlarged(width, height, grain) {
  const photo = fileURLToPath(new URL('../fixtures/photos/coffee.png', import.meta.url));
  const flat = await sharp(photo).resize(width, height).png({ compressionLevel: 0 }).toBuffer();
  return sharp(flat)
    .composite([{ input: noise(512, grain), raw: { width: 512, height: 512, channels: 3 }, tile: true, blend: 'overlay' }])
    .jpeg({ quality: 85 })
    .toBuffer();
}

/**
 * The same noise at every run, around a gray that changes nothing.
 *
 * @param {number} side
 * @param {number} strength
 * @param {number} [seed]
 */
export function noise(side, strength, seed = 1) {
  const pixels = Buffer.alloc(side * side * 3);
  let state = seed;
  for (let i = 0; i < pixels.length; i++) {
    // A linear congruential generator; its upper bits are random enough to look like grain.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    pixels[i] = 128 + Math.round((state / 2 ** 32 - 0.5) * 2 * strength);
  }
  return pixels;
}
