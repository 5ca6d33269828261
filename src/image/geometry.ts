import type { Spec } from '../model/spec.js';

/** Pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Where everything of one variant goes: the whole image is scaled, then cut or framed. */
export interface Geometry {
  /** The whole image at this variant's scale. */
  readonly scaled: Size;
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
  const across = original.width / width;
  const down = original.height / height;
  switch (spec.fit) {
    case 'inside':
      return whole(shrink(original, Math.max(across, down), spec.enlarge));
    case 'outside':
      return whole(shrink(original, Math.min(across, down), spec.enlarge));
    case 'fill':
      return whole(spec.enlarge ? box : smaller(box, original));
    case 'contain':
      return then('frame', shrink(original, Math.max(across, down), spec.enlarge), box);
    case 'cover':
      return cover(original, spec.enlarge ? box : fitted(box, original));
  }
}

/** How many times larger or smaller, on both axes, as sharp rounds it. */
function shrink(original: Size, factor: number, enlarge: boolean): Size {
  const by = enlarge ? factor : Math.max(1, factor);
  // No axis shrinks to nothing. The reciprocal first: it is what sharp hands to libvips, and decides ties.
  const across = 1 / Math.min(by, original.width);
  const down = 1 / Math.min(by, original.height);
  return { width: Math.round(original.width * across), height: Math.round(original.height * down) };
}

function oneSide(original: Size, width: number | null, height: number | null, enlarge: boolean): Size {
  if (width !== null) return shrink(original, original.width / width, enlarge);
  if (height !== null) return shrink(original, original.height / height, enlarge);
  return original;
}

function cover(original: Size, box: Size): Geometry {
  const factor = Math.min(original.width / box.width, original.height / box.height);
  return then('cut', shrink(original, factor, true), box);
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

function whole(scaled: Size): Geometry {
  return { scaled, then: 'none', result: scaled };
}

function then(action: 'cut' | 'frame', scaled: Size, result: Size): Geometry {
  return sameSize(scaled, result) ? whole(scaled) : { scaled, then: action, result };
}

/** Where the smaller rectangle stands in the larger one; the spare pixel of odd room is where sharp puts it. */
export function placed(room: Size, position: string, spareFirst: boolean): { left: number; top: number } {
  const half = (spare: number) => Math.floor((spare + (spareFirst ? 1 : 0)) / 2);
  const left = position.endsWith('west') ? 0 : position.endsWith('east') ? room.width : half(room.width);
  const top = position.startsWith('north') ? 0 : position.startsWith('south') ? room.height : half(room.height);
  return { left, top };
}
