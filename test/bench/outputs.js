import { readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import sharp from 'sharp';
import { ssim } from 'ssim.js';
import { SEVEN } from './specs.js';

/**
 * What a peer has written: how many files, how many bytes for each original, and how alike they are, decoded, to a resize to
 * the same size from the full decode of the original (structural similarity: the least, and the mean).
 *
 * @param {string} out
 * @param {readonly string[]} files all originals that it had
 * @param {readonly string[]} looked those that are looked at
 */
export async function outputsOf(out, files, looked) {
  const written = readdirSync(out, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && !entry.parentPath.includes('.imgvar')).map((entry) => join(entry.parentPath, entry.name));
  if (written.length !== files.length * SEVEN.length) throw new Error(`${out} has ${written.length} variants of ${files.length} originals`);
  const bytes = written.reduce((sum, file) => sum + statSync(file).size, 0) / files.length;
  const likenesses = [];
  for (const original of looked) {
    const full = await sharp(original, { limitInputPixels: false }).autoOrient().raw().toBuffer({ resolveWithObject: true });
    const stem = basename(original).replace(/\.\w+$/, '');
    for (const { name, fit } of SEVEN) {
      const file = written.find((one) => one.includes(`/${name}/`) && basename(one).startsWith(stem));
      if (file === undefined) throw new Error(`${out} has no ${name} of ${stem}`);
      const made = await pixelsOf(sharp(file));
      // Programs round differently, and some enlarge what others only cut.
      const expected = await pixelsOf(sharp(full.data, { raw: full.info, limitInputPixels: false }).resize(made.width, made.height, { fit: fit === 'cover' ? fit : 'fill' }));
      likenesses.push(ssim(expected, made, { downsample: false }).mssim);
    }
  }
  return { bytes, least: Math.min(...likenesses), mean: likenesses.reduce((a, b) => a + b, 0) / likenesses.length };
}

/** @param {import('sharp').Sharp} image */
export async function pixelsOf(image) {
  const { data, info } = await image.ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { data: new Uint8ClampedArray(data), width: info.width, height: info.height };
}
