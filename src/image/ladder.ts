import { larger, sameSize, smaller, type Scaled, type Size } from './geometry.js';

/** One scale of the image: the variants of this scale, and what they are resized from. */
export interface Rung<Variant> {
  readonly size: Scaled;
  readonly variants: readonly Variant[];
  /** The rung above whose pixels these are resized from; null is the top. */
  readonly from: Rung<Variant> | null;
  /** Whether its pixels are kept: several variants or a rung below are made from them. */
  held: boolean;
}

/**
 * How much larger the pixels must be, on both axes, that others are resized from. Nearer ones would cost a little less,
 * but each resize softens, and where sizes lie close together it would add up.
 */
const DISTANCE = 1.5;

/**
 * The size that serves all of these without enlarging anything: each axis as large as the largest, by itself (a square
 * from the middle of a panorama needs its height). The original's own size if that is near, and never larger.
 */
export function topSize(original: Size, sizes: readonly Scaled[]): Scaled {
  const top = sizes.map((size) => smaller(size, original)).reduce(larger);
  if (!serves(original, top)) return { ...original, exact: 'both' };
  return sizes.find((size) => sameSize(size, top)) ?? { ...top, exact: 'both' };
}

/**
 * The order in which scales are made, from the top down, each from the smallest pixels that are good enough: a size far
 * below the top costs a fraction when it is made from one in between.
 */
export function ladder<Variant>(
  top: Size,
  variants: readonly Variant[],
  scaleOf: (variant: Variant) => Scaled,
  isWhole: (variant: Variant) => boolean,
): readonly Rung<Variant>[] {
  const rungs: Rung<Variant>[] = [];
  // Where only crops are made, what lies outside of them is never computed: not worth to be held.
  const steps = (rung: Rung<Variant>) => below(rung.size, top) && rung.variants.some(isWhole);
  for (const [size, sharing] of bySize(variants, scaleOf)) {
    const from = rungs.findLast((rung) => steps(rung) && serves(rung.size, size)) ?? null;
    if (from !== null) from.held = true;
    rungs.push({ size, variants: sharing, from, held: sharing.length > 1 && below(size, top) });
  }
  return rungs;
}

/** The largest area first. */
function bySize<Variant>(
  variants: readonly Variant[],
  scaleOf: (variant: Variant) => Scaled,
): readonly (readonly [Scaled, readonly Variant[]])[] {
  const groups: (readonly [Scaled, Variant[]])[] = [];
  for (const variant of variants) {
    const size = scaleOf(variant);
    const group = groups.find(([other]) => sameSize(size, other) && size.exact === other.exact);
    if (group === undefined) groups.push([size, [variant]]);
    else group[1].push(variant);
  }
  return groups.sort(([a], [b]) => b.width * b.height - a.width * a.height);
}

/** The top itself is held already, and what is enlarged would only be blown up to be shrunk again. */
function below(size: Size, top: Size): boolean {
  return !sameSize(size, top) && sameSize(size, smaller(size, top));
}

function serves(source: Size, size: Size): boolean {
  return source.width >= size.width * DISTANCE && source.height >= size.height * DISTANCE;
}
