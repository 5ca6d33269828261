import type { Sharp } from 'sharp';
import { Failure } from '../model/failure.js';
import type { Limits } from '../model/limits.js';
import { compute } from './compute.js';
import type { Deadline } from './deadline.js';
import { encode } from './encode.js';
import type { Size } from './geometry.js';
import { LONGEST_SIDE, type Header } from './header.js';
import { keepMetadata } from './metadata.js';
import { heldPixels, inSrgb, isReduced, type Pixels } from './pixels.js';
import { placed } from './placement.js';
import type { Recipe } from './recipe.js';
import type { ContentFormat, Rendered } from './rendered.js';
import { hasProportions, resized } from './resize.js';

/** The longest side that a format can hold, in pixels. */
const LONGEST: Readonly<Record<ContentFormat, number>> = {
  jpeg: 65_535,
  png: 2 ** 31 - 1,
  webp: 16_383,
  avif: 16_384,
  gif: 65_535,
};

/**
 * Makes one variant.
 *
 * @returns the variant, or why this one cannot be
 * @throws Failure what stops the work on the original: `timeout`, or a decode that fails only now
 */
export async function variant(
  pixels: Pixels,
  recipe: Recipe,
  header: Header,
  limits: Limits,
  deadline: Deadline,
): Promise<Rendered | Failure> {
  const { format } = recipe.encoding;
  const { scaled, result } = recipe.geometry;
  const largest = areaOf(result) > areaOf(scaled) ? result : scaled;
  if (Math.max(result.width, result.height) > LONGEST[format]) {
    return new Failure('too-many-pixels', `${format} holds at most ${LONGEST[format]} pixels a side`);
  }
  // The original is within the limits, so this one is enlarged, or framed: 150 x 150 of 1 x 65,535 are cut out of 1.5 billion, and the library may hold them all.
  if (areaOf(largest) * pixels.frames > limits.pixels || Math.max(scaled.width, scaled.height) > LONGEST_SIDE) {
    return new Failure('too-many-pixels', `enlarged to ${largest.width} x ${largest.height}${pixels.frames > 1 ? ` x ${pixels.frames} frames` : ''}`);
  }
  const { data, info } = await compute(() => finished(pixels, recipe, header, deadline), deadline);
  const height = info.pageHeight ?? info.height;
  return { bytes: data, format, contentType: `image/${format}`, width: info.width, height };
}

function areaOf({ width, height }: Size): number {
  return width * height;
}

/** Shaped, and all that is written with it. */
async function finished(from: Pixels, recipe: Recipe, header: Header, deadline: Deadline): Promise<Sharp> {
  // Of 16 bits with a profile sharp makes Display P3, in whose numbers it would take the background as well.
  const isOff = from.deep && !recipe.ownProfile && isColour(recipe.background);
  const pixels = isOff ? await heldPixels(from, recipe.geometry.scaled, deadline) : from;
  const image = await shaped(pixels, recipe, deadline);
  if (wouldGrayBackground(recipe, header)) image.pipelineColourspace('srgb');
  if (recipe.encoding.format === 'jpeg' && recipe.background !== null) image.flatten({ background: recipe.background });
  if (!recipe.ownProfile) inSrgb(image, pixels);
  encode(image, recipe.encoding, recipe.moves ? header.timing : {});
  return keepMetadata(image, recipe, header);
}

/**
 * sharp puts a gray in place of a colour next to pixels that are gray: they have to be sRGB before. That costs the shrinking
 * while a JPEG is decoded. The library makes them sRGB itself where it applies a profile, as it does to 8 bits.
 */
function wouldGrayBackground({ background, ownProfile }: Recipe, header: Header): boolean {
  const { gray, profile, deep } = header;
  return isColour(background) && gray && (profile === 'none' || (deep && !isReduced(header)) || ownProfile);
}

/** A gray that one can see through is no gray to the library, which would make it lighter. */
function isColour(background: string | null): boolean {
  return background !== null && !/^#(..)\1\1(ff)?$/i.test(background);
}

/** Scaled, then cut or framed. */
async function shaped(pixels: Pixels, recipe: Recipe, deadline: Deadline): Promise<Sharp> {
  const { position, geometry } = recipe;
  const { scaled, then, result } = geometry;
  if (then === 'none') return resized(pixels, scaled);
  const spare = { width: Math.abs(scaled.width - result.width), height: Math.abs(scaled.height - result.height) };
  if (then === 'frame') {
    const { left, top } = placed(spare, position, false);
    const background = recipe.background ?? undefined;
    return resized(pixels, scaled).extend({ left, top, right: spare.width - left, bottom: spare.height - top, background });
  }
  if (position !== 'attention' && position !== 'entropy') {
    return resized(pixels, scaled).extract({ ...result, ...placed(spare, position, true) });
  }
  if (pixels.frames === 1) return smart(pixels, recipe, deadline);
  return resized(pixels, scaled).extract({ ...result, ...(await smartCorner(pixels, recipe, deadline)) });
}

/**
 * The interesting part of a still image. The library scales and cuts at once, by the proportions of what it is given: pixels
 * that others had stretched are brought to this variant's scale before.
 */
async function smart(pixels: Pixels, { position, geometry }: Recipe, deadline: Deadline): Promise<Sharp> {
  const { scaled, result } = geometry;
  const even = hasProportions(pixels.size, scaled) ? pixels : await heldPixels(pixels, scaled, deadline);
  return even.open().resize({ ...result, fit: 'cover', position, fastShrinkOnLoad: even.shrinksWell(scaled) });
}

/** sharp finds the interesting part of a still image only; all frames of an animation are cut where the first one is. */
async function smartCorner(pixels: Pixels, recipe: Recipe, deadline: Deadline) {
  const { scaled, result } = recipe.geometry;
  const first: Pixels = { ...pixels, frames: 1, open: pixels.openStill };
  const { info } = await compute(async () => (await smart(first, recipe, deadline)).raw(), deadline);
  const within = (offset: number | undefined, spare: number) => Math.min(Math.abs(offset ?? 0), spare);
  return {
    left: within(info.cropOffsetLeft, scaled.width - result.width),
    top: within(info.cropOffsetTop, scaled.height - result.height),
  };
}
