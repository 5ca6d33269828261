import type { ResizeOptions, Sharp } from 'sharp';
import { sameSize, shrunk, type Scaled, type Size } from './geometry.js';
import type { Pixels } from './pixels.js';

/** A pipeline of all frames, resized to this size if they have another. */
export function resized(from: Pixels, size: Scaled): Sharp {
  const image = from.open();
  if (sameSize(from.size, size)) return image;
  return image.resize({ ...sides(from, size), fastShrinkOnLoad: from.shrinksWell(size) });
}

/**
 * The exact side alone: the library then scales both by the same factor and centres what is lost or won by rounding, as
 * it would from the original. Where the other side is a tie (150 x 112.5) it may round the other way from pixels that are
 * a rounded size themselves; then both sides are given, at the price of stretching the image by half a pixel.
 *
 * Both are given for an animation, too: the library stretches its frames to whole rows in any case, and would round a tie
 * to the even height.
 */
function sides({ size, frames }: Pixels, scaled: Scaled): ResizeOptions {
  const { width, height, exact } = scaled;
  if (frames === 1 && hasProportions(size, scaled)) return exact === 'width' ? { width } : { height };
  return { width, height, fit: 'fill' };
}

/** Whether pixels of this size come to the scaled size by one factor. Others are stretched already, as beside a `fill`, or a tie is rounded the other way. */
export function hasProportions(size: Size, { width, height, exact }: Scaled): boolean {
  if (exact === 'width') return shrunk(size.height, size.width / width) === height;
  return exact === 'height' && shrunk(size.width, size.height / height) === width;
}
