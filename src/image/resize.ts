import type { ResizeOptions, Sharp } from 'sharp';
import { sameSize, shrunk, type Scaled, type Size } from './geometry.js';
import type { Pixels } from './pixels.js';

/** A pipeline of all frames, resized to this size if they have another. */
export function resized(from: Pixels, size: Scaled): Sharp {
  const image = from.open();
  if (sameSize(from.size, size)) return image;
  return image.resize({ ...sides(from.size, size), fastShrinkOnLoad: from.shrinksWell(size) });
}

/**
 * The exact side alone: the library then scales both by the same factor and centres what is lost or won by rounding, as
 * it would from the original. Where the other side is a tie (150 x 112.5) it may round the other way from pixels that are
 * a rounded size themselves; then both sides are given, at the price of stretching the image by half a pixel.
 */
function sides(from: Size, { width, height, exact }: Scaled): ResizeOptions {
  if (exact === 'width' && shrunk(from.height, from.width / width) === height) return { width };
  if (exact === 'height' && shrunk(from.width, from.height / height) === width) return { height };
  return { width, height, fit: 'fill' };
}
