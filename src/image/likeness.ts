import sharp from 'sharp';
import { ssim } from 'ssim.js';

/** Larger images are compared at this width: the measure takes a second a megapixel. */
const WIDEST = 1000;

/**
 * How alike two images look: SSIM of their pixels, 1 for the same.
 *
 * @returns null where they are not of one size, or too small for the measure
 * @throws whatever the image library does for what is no image
 */
export async function likeness(one: Buffer, other: Buffer): Promise<number | null> {
  const [a, b] = await Promise.all([pixelsOf(one), pixelsOf(other)]);
  if (a.width !== b.width || a.height !== b.height || Math.min(a.width, a.height) < 11) return null;
  return ssim(a, b).mssim;
}

async function pixelsOf(content: Buffer): Promise<Parameters<typeof ssim>[0]> {
  const { data, info } = await sharp(content).resize({ width: WIDEST, withoutEnlargement: true }).flatten({ background: '#808080' }).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { data: new Uint8ClampedArray(data), width: info.width, height: info.height };
}
