import sharp, { type Sharp, type SharpOptions } from 'sharp';
import type { Limits } from '../model/limits.js';
import type { Deadline } from './deadline.js';
import { smaller, larger, sameSize, type Size } from './geometry.js';
import { inputOptions, type Header } from './header.js';
import { failureOf } from './library-error.js';
import type { Recipe } from './recipe.js';

/** Where variants are resized from: upright frames of one size. */
export interface Pixels {
  readonly size: Size;
  readonly frames: number;
  /** 16 bits with a profile: see inSrgb(). */
  readonly deep: boolean;
  /** A pipeline that reads them. */
  open(): Sharp;
  /** A pipeline that reads the first frame only. */
  openStill(): Sharp;
}

/** The most that is held decoded, in bytes; what is larger is decoded anew for each variant, and never in memory as a whole. */
const HELD = 96 * 1024 * 1024;

/**
 * The pixels that all these recipes are made from, with one decode: as small as they may be without enlarging anything
 * that any of them needs, each axis by itself (a square from the middle of a panorama needs its height). Asking the
 * library for that size lets it shrink while it decodes.
 */
export async function sharedPixels(
  bytes: Buffer,
  header: Header,
  recipes: readonly Recipe[],
  limits: Limits,
  deadline: Deadline,
): Promise<Pixels> {
  const moves = recipes.some((recipe) => recipe.moves);
  const original = originalPixels(bytes, header, moves, limits);
  const size = recipes
    .map(({ geometry }) => smaller(geometry.scaled, header.size))
    .reduce((a, b) => larger(a, b));
  const channels = header.hasAlpha ? 4 : 3;
  if (recipes.length === 1 || size.width * size.height * original.frames * channels > HELD) return original;
  const image = scaledTo(original.open(), original, size);
  const carries = !moves && recipes.some(({ ownProfile, exif }) => ownProfile || exif);
  return carries ? carried(image, original, recipes, size, deadline) : raw(image, original, size, deadline);
}

/** Straight from the original's bytes. */
function originalPixels(bytes: Buffer, header: Header, moves: boolean, limits: Limits): Pixels {
  const still = inputOptions(limits);
  const options: SharpOptions = moves ? { ...still, pages: -1 } : still;
  return {
    size: header.size,
    frames: moves ? header.frames : 1,
    deep: header.deep && header.profile === 'rgb',
    open: () => sharp(bytes, options).autoOrient(),
    openStill: () => sharp(bytes, still).autoOrient(),
  };
}

/** For 16 bits sharp converts to Display P3, and leaves it at that unless the sRGB profile is asked for. */
export function inSrgb(image: Sharp, from: Pixels): Sharp {
  return from.deep ? image.withIccProfile('srgb', { attach: false }) : image;
}

/** Resized to exactly this size, if it has another. */
export function scaledTo(image: Sharp, from: Pixels, size: Size): Sharp {
  return sameSize(from.size, size) ? image : image.resize({ ...size, fit: 'fill' });
}

async function raw(image: Sharp, from: Pixels, size: Size, deadline: Deadline): Promise<Pixels> {
  const { data, info } = await decoded(inSrgb(image, from).raw(), deadline);
  const { width, height, channels } = info;
  const still = { raw: { ...size, channels }, limitInputPixels: false } as const;
  const all = { raw: { width, height, channels, pageHeight: size.height }, limitInputPixels: false } as const;
  return {
    size,
    frames: from.frames,
    deep: false,
    open: () => sharp(data, from.frames > 1 ? all : still),
    openStill: () => sharp(data.subarray(0, size.width * size.height * channels), still),
  };
}

/** As an uncompressed PNG image, which keeps profile and EXIF with the pixels. */
async function carried(
  image: Sharp,
  from: Pixels,
  recipes: readonly Recipe[],
  size: Size,
  deadline: Deadline,
): Promise<Pixels> {
  if (recipes.some(({ ownProfile }) => ownProfile)) image.keepIccProfile();
  else inSrgb(image, from);
  const { data } = await decoded(image.keepExif().png({ compressionLevel: 0 }), deadline);
  const open = () => sharp(data, { limitInputPixels: false });
  return { size, frames: 1, deep: false, open, openStill: open };
}

async function decoded(image: Sharp, deadline: Deadline) {
  return deadline
    .hold((seconds) => image.timeout({ seconds }).toBuffer({ resolveWithObject: true }))
    .catch((error: unknown) => {
      throw failureOf(error);
    });
}
