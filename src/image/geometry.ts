import type { Spec } from '../model/spec.js';

/** Pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * A size to scale the whole image to. `exact` is the side that the scale follows from, as the other one is rounded: with
 * both sides taken as they are, an image would be stretched by up to half a pixel. `both` where stretching is meant.
 */
export interface Scaled extends Size {
  readonly exact: 'width' | 'height' | 'both';
}

/** Where everything of one variant goes: the whole image is scaled, then cut or framed. */
export interface Geometry {
  /** The whole image at this variant's scale. */
  readonly scaled: Scaled;
  /** `cut`: what of the scaled image stays; `frame`: the canvas that it stands on; `none`: it is the variant. */
  readonly then: 'none' | 'cut' | 'frame';
  /** The variant. */
  readonly result: Size;
}

/**
 * The geometry of a spec for an original of this size (upright). Always computed from the original's own size, so that no
 * rounding of an intermediate one shows in a result; the numbers are those of sharp.
 *
 * Without `enlarge` no pixel is ever made larger. For an original smaller than the box this means:
 * - inside, outside: the original's size;
 * - cover: the largest crop that has the box's proportions (sharp would cut only what sticks out of the box, so that a
 *   400x300 original would give 400x300 for a square);
 * - contain: the box, with the original unscaled on it;
 * - fill: each side on its own, as in sharp.
 *
 * With one side null, every fit keeps the proportions, and nothing is cut or framed.
 */
export function geometry(original: Size, spec: Spec): Geometry {
  const { width, height } = spec;
  if (width === null || height === null) return whole(oneSide(original, width, height, spec.enlarge));
  const box = { width, height };
  switch (spec.fit) {
    case 'inside':
      return whole(within(original, box, spec.enlarge));
    case 'outside':
      return whole(around(original, box, spec.enlarge));
    case 'fill':
      return whole({ ...(spec.enlarge ? box : smaller(box, original)), exact: 'both' });
    case 'contain':
      return then('frame', within(original, box, spec.enlarge), box);
    case 'cover': {
      const crop = spec.enlarge ? box : fitted(box, original);
      return then('cut', around(original, crop, true), crop);
    }
  }
}

/** As large as the box lets it be. */
function within(original: Size, box: Size, enlarge: boolean): Scaled {
  const across = original.width / box.width;
  const down = original.height / box.height;
  return across > down ? shrink(original, across, 'width', enlarge) : shrink(original, down, 'height', enlarge);
}

/** As small as covers the box. */
function around(original: Size, box: Size, enlarge: boolean): Scaled {
  const across = original.width / box.width;
  const down = original.height / box.height;
  return across < down ? shrink(original, across, 'width', enlarge) : shrink(original, down, 'height', enlarge);
}

function oneSide(original: Size, width: number | null, height: number | null, enlarge: boolean): Scaled {
  if (width !== null) return shrink(original, original.width / width, 'width', enlarge);
  if (height !== null) return shrink(original, original.height / height, 'height', enlarge);
  return { ...original, exact: 'both' };
}

/** How many times smaller (below 1: larger), on both axes, as sharp rounds it. */
function shrink(original: Size, factor: number, exact: Scaled['exact'], enlarge: boolean): Scaled {
  if (factor <= 1 && !enlarge) return { ...original, exact: 'both' };
  return { width: shrunk(original.width, factor), height: shrunk(original.height, factor), exact };
}

/** The length of a side after a resize by this factor; it never shrinks to nothing. */
export function shrunk(side: number, factor: number): number {
  // sharp hands the reciprocal to libvips, which makes images larger by it, and smaller by the reciprocal of that: it decides ties.
  const scale = 1 / Math.min(factor, side);
  return Math.round(scale < 1 ? side / (1 / scale) : side * scale);
}

/** The box, made smaller in its proportions until the original covers it. */
function fitted(box: Size, original: Size): Size {
  const factor = Math.min(1, original.width / box.width, original.height / box.height);
  return { width: Math.max(1, Math.round(box.width * factor)), height: Math.max(1, Math.round(box.height * factor)) };
}

/** The smaller one on each axis. */
export function smaller(a: Size, b: Size): Size {
  return { width: Math.min(a.width, b.width), height: Math.min(a.height, b.height) };
}

/** The larger one on each axis. */
export function larger(a: Size, b: Size): Size {
  return { width: Math.max(a.width, b.width), height: Math.max(a.height, b.height) };
}

export function sameSize(a: Size, b: Size): boolean {
  return a.width === b.width && a.height === b.height;
}

function whole(scaled: Scaled): Geometry {
  return { scaled, then: 'none', result: { width: scaled.width, height: scaled.height } };
}

function then(action: 'cut' | 'frame', scaled: Scaled, result: Size): Geometry {
  return sameSize(scaled, result) ? whole(scaled) : { scaled, then: action, result };
}
