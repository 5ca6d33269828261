import sharp from 'sharp';
import { ssim } from 'ssim.js';
import { pixelsOf } from './outputs.js';
import { SEVEN } from './specs.js';
import { ours } from './ways.js';

/**
 * How alike each variant's pixels are, before they are encoded, to those of sharp's resize from the full decode.
 *
 * @param {Buffer} bytes
 */
export async function likenesses(bytes) {
  const full = await sharp(bytes).autoOrient().raw().toBuffer({ resolveWithObject: true });
  // PNG keeps pixels as they are, so its pixels are those that go into any encoder.
  const exact = SEVEN.map((spec) => ({ ...spec, format: /** @type {const} */ ('png'), effort: 1 }));
  const found = [];
  for (const { spec, variant } of await ours(bytes, exact)) {
    const reference = sharp(full.data, { raw: full.info, limitInputPixels: false }).resize({
      width: spec.width ?? undefined,
      height: spec.height ?? undefined,
      fit: spec.fit,
      withoutEnlargement: true,
    });
    const [expected, made] = await Promise.all([pixelsOf(reference), pixelsOf(sharp(variant.bytes))]);
    found.push({ name: spec.name, ssim: ssim(expected, made, { downsample: false }).mssim });
  }
  return found;
}
