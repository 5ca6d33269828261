import type { Limits } from '../model/limits.js';
import type { Deadline } from './deadline.js';
import type { Scaled } from './geometry.js';
import type { Header } from './header.js';
import { ladder, topSize, type Rung } from './ladder.js';
import { heldPixels, originalPixels, type Pixels } from './pixels.js';
import type { Recipes } from './recipe.js';

/** The most that one decode may hold in memory, in bytes. */
const HELD = 64 * 1024 * 1024;

/** What to make, and what to make it from. */
export interface Share extends Recipes {
  readonly pixels: Pixels;
}

/**
 * Hands out pixels to recipes, so that the original is decoded once for all of them: to the smallest size that serves
 * them all, and from there down a ladder of sizes. What is larger than fits in memory, and what is alone, is made
 * straight from the original, which streams; so is what an SVG is enlarged to, which is drawn in that size. What moves and
 * what stands still are apart, as they need other frames.
 */
export async function* shares(
  bytes: Buffer,
  header: Header,
  wanted: readonly Recipes[],
  limits: Limits,
  deadline: Deadline,
): AsyncGenerator<Share> {
  for (const moves of [false, true]) {
    const group = wanted.filter(({ recipe }) => recipe.moves === moves);
    const carries = {
      profile: group.some(({ recipe }) => recipe.ownProfile),
      exif: group.some(({ recipe }) => recipe.exif),
    };
    const original = originalPixels(bytes, header, moves, carries, limits);
    const holdable = group.filter((one) => canBeHeld(original, header, [one]) && !isDrawnLarger(header, one));
    const sharing = holdable.length > 1 && canBeHeld(original, header, holdable) ? holdable : [];
    for (const one of group) if (!sharing.includes(one)) yield { ...one, pixels: original };
    if (sharing.length > 0) yield* downTheLadder(original, sharing, deadline);
  }
}

/** Whether pixels that serve all of these fit in memory. An animation's metadata has no place in what is held. */
function canBeHeld(original: Pixels, header: Header, group: readonly Recipes[]): boolean {
  if (original.frames > 1 && (original.carries.profile || original.carries.exif)) return false;
  const { width, height } = topSize(header.size, group.map(scaleOf));
  return width * height * original.frames * (header.hasAlpha ? 4 : 3) <= HELD;
}

/** Whether held pixels would be blown up, and the original itself would not. */
function isDrawnLarger({ format, size }: Header, { recipe }: Recipes): boolean {
  const { scaled } = recipe.geometry;
  return format === 'svg' && (scaled.width > size.width || scaled.height > size.height);
}

async function* downTheLadder(
  original: Pixels,
  sharing: readonly Recipes[],
  deadline: Deadline,
): AsyncGenerator<Share> {
  const top = await heldPixels(original, topSize(original.size, sharing.map(scaleOf)), deadline);
  const made = new Map<Rung<Recipes>, Pixels>();
  for (const rung of ladder(top.size, sharing, scaleOf, isWhole)) {
    const above = (rung.from === null ? undefined : made.get(rung.from)) ?? top;
    const pixels = rung.held ? await heldPixels(above, rung.size, deadline) : above;
    made.set(rung, pixels);
    for (const one of rung.variants) yield { ...one, pixels };
  }
}

function scaleOf({ recipe }: Recipes): Scaled {
  return recipe.geometry.scaled;
}

function isWhole({ recipe }: Recipes): boolean {
  return recipe.geometry.then !== 'cut';
}
