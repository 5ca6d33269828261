import type { OutputInfo, Sharp } from 'sharp';
import { Failure } from '../model/failure.js';
import type { Deadline } from './deadline.js';
import { encode } from './encode.js';
import { placed } from './geometry.js';
import type { Header } from './header.js';
import { failureOf } from './library-error.js';
import { keepMetadata } from './metadata.js';
import { inSrgb, scaledTo, type Pixels } from './pixels.js';
import type { Recipe } from './recipe.js';
import type { Rendered } from './rendered.js';

/**
 * One variant from the pixels.
 *
 * @returns the variant, or why this one cannot be made: a format has its own limits of size
 * @throws Failure what stops the work on the original: `timeout`, or a decode that fails only now
 */
export async function variant(
  pixels: Pixels,
  recipe: Recipe,
  header: Header,
  deadline: Deadline,
): Promise<Rendered | Failure> {
  const image = await shaped(pixels, recipe, deadline);
  if (recipe.background !== null && recipe.encoding.format === 'jpeg') image.flatten({ background: recipe.background });
  if (!recipe.ownProfile) inSrgb(image, pixels);
  keepMetadata(encode(image, recipe.encoding, recipe.moves ? header.timing : {}), recipe, header);
  try {
    const { data, info } = await output(image, deadline);
    const { format } = recipe.encoding;
    return { bytes: data, format, contentType: `image/${format}`, ...sizeOf(info) };
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    if (/^Processed image is too large/.test(message)) return new Failure('too-many-pixels', message);
    throw failureOf(error);
  }
}

/** Scaled, then cut or framed. */
async function shaped(pixels: Pixels, recipe: Recipe, deadline: Deadline): Promise<Sharp> {
  const { position, geometry } = recipe;
  const { scaled, then, result } = geometry;
  const smart = position === 'attention' || position === 'entropy';
  if (then === 'cut' && smart && pixels.frames === 1) return pixels.open().resize({ ...result, fit: 'cover', position });
  const image = scaledTo(pixels.open(), pixels, scaled);
  if (then === 'none') return image;
  const spare = { width: Math.abs(scaled.width - result.width), height: Math.abs(scaled.height - result.height) };
  if (then === 'cut') {
    const corner = smart ? await smartCorner(pixels, recipe, deadline) : placed(spare, position, true);
    return image.extract({ ...result, ...corner });
  }
  const { left, top } = placed(spare, position, false);
  const background = recipe.background ?? undefined;
  return image.extend({ left, top, right: spare.width - left, bottom: spare.height - top, background });
}

/** sharp finds the interesting part of one frame only; the others of an animation are cut at the same place. */
async function smartCorner(pixels: Pixels, { geometry, position }: Recipe, deadline: Deadline) {
  const { scaled, result } = geometry;
  const still = pixels.openStill().resize({ ...result, fit: 'cover', position });
  const { info } = await output(still.raw(), deadline);
  const within = (offset: number | undefined, spare: number) => Math.min(Math.abs(offset ?? 0), spare);
  return {
    left: within(info.cropOffsetLeft, scaled.width - result.width),
    top: within(info.cropOffsetTop, scaled.height - result.height),
  };
}

function output(image: Sharp, deadline: Deadline): Promise<{ data: Buffer; info: OutputInfo }> {
  return deadline.hold((seconds) => image.timeout({ seconds }).toBuffer({ resolveWithObject: true }));
}

function sizeOf(info: OutputInfo) {
  return { width: info.width, height: info.pageHeight ?? info.height };
}
