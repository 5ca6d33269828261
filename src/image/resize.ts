import type { ResizeOptions, Sharp } from 'sharp';
import { sameSize, shrunk, type Scaled, type Size } from './geometry.js';
import type { Pixels } from './pixels.js';
import { shrinkOnLoad } from './shrink-on-load.js';

/** A pipeline of all frames, resized to this size if they have another. */
export function resized(from: Pixels, size: Scaled): Sharp {
  const image = from.open();
  if (sameSize(from.size, size)) return image;
  return image.resize({ ...sides(from, size), fastShrinkOnLoad: from.shrinksWell(size) });
}

/**
 * The exact side alone: the library then scales both by the same factor and centres what is lost or won by rounding, as
 * it would from the original. Where the other side would be rounded the other way, both are given, at the price of stretching
 * the image by half a pixel: pixels that are a rounded size themselves have somewhat other proportions, be they held here or
 * shrunk while they are decoded.
 *
 * Both are given for an animation, too: the library stretches its frames to whole rows in any case, and would round a tie
 * to the even height.
 */
function sides(from: Pixels, scaled: Scaled): ResizeOptions {
  const { width, height, exact } = scaled;
  const one = from.frames === 1 && sizesToScale(from, scaled).every((size) => hasProportions(size, scaled));
  if (!one) return { width, height, fit: 'fill' };
  return exact === 'width' ? { width } : { height };
}

/** The sizes that the library may have before it when it scales: a JPEG is not shrunk while it is decoded where the colour space is said. */
function sizesToScale(from: Pixels, scaled: Scaled): readonly Size[] {
  const { width, height } = from.size;
  switch (from.loads) {
    case 'whole':
      return [from.size];
    case 'shrunk': {
      const factor = scaled.exact === 'width' ? width / scaled.width : height / scaled.height;
      const onLoad = shrinkOnLoad(factor, from.shrinksWell(scaled));
      return [from.size, { width: Math.floor(width / onLoad), height: Math.floor(height / onLoad) }];
    }
    case 'drawn':
      // In that size at once, and a tie goes either way.
      return [1 - 1e-9, 1 + 1e-9].map((by) => ({ width, height: height * by }));
  }
}

/** Whether pixels of this size come to the scaled size by one factor. Others are stretched already, as beside a `fill`, or are a rounded size. */
export function hasProportions(size: Size, { width, height, exact }: Scaled): boolean {
  if (exact === 'width') return shrunk(size.height, size.width / width) === height;
  return exact === 'height' && shrunk(size.width, size.height / height) === width;
}
