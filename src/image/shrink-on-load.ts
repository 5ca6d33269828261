import type { Size } from './geometry.js';
import type { InputFormat } from './identify.js';

/**
 * Whether the library may shrink as much as it can while it decodes (sharp's `fastShrinkOnLoad`); else it keeps a factor
 * of at least two for the resize that follows.
 *
 * A JPEG decoder scales by 1/2, 1/4 or 1/8 almost for free, but as a box filter would, with aliases. They vanish if the
 * resize that follows has enough to do; the limits below are where the structural similarity (SSIM) to a resize from the
 * full decode stays above 0.99 on photographs. WebP scales to any size while it decodes, at 0.95 to 0.99: not good
 * enough, so it decodes in full. Other formats cannot.
 */
export function mayShrinkFully(format: InputFormat, from: Size, to: Size): boolean {
  if (format !== 'jpeg') return false;
  const shrink = Math.min(from.width / to.width, from.height / to.height);
  const onLoad = fullShrink(shrink);
  return onLoad <= 2 || shrink / onLoad >= 1.75;
}

/** By what sharp lets a JPEG's decoder shrink for this factor; each side is rounded down. */
export function shrinkOnLoad(factor: number, fully: boolean): number {
  return fully ? fullShrink(factor) : ([8, 4, 2].find((each) => 2 * each <= factor) ?? 1);
}

/** What sharp lets the decoder do for this factor: the largest power of two below it, as an exact one rounds badly. */
function fullShrink(shrink: number): number {
  if (shrink >= 9) return 8;
  if (shrink >= 5) return 4;
  return shrink >= 3 ? 2 : 1;
}
