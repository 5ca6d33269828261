import sharp, { type Sharp, type SharpOptions } from 'sharp';
import type { Limits } from '../model/limits.js';
import type { Deadline } from './deadline.js';
import { compute } from './compute.js';
import type { Scaled, Size } from './geometry.js';
import { inputOptions, type Header } from './header.js';
import { resized } from './resize.js';
import { mayShrinkFully } from './shrink-on-load.js';

/** What variants are made from: upright frames of one size. */
export interface Pixels {
  readonly size: Size;
  readonly frames: number;
  /** What goes along with the pixels: the colour profile they are in (else they are sRGB), the EXIF block. */
  readonly carries: Carried;
  /** 16 bits with a profile: see inSrgb(). */
  readonly deep: boolean;
  /** A JPEG's may be shrunk while they are decoded, to other proportions as each side is rounded; an SVG's are drawn in the size that is asked for. */
  readonly loads: 'whole' | 'shrunk' | 'drawn';
  /** See mayShrinkFully(). */
  shrinksWell(size: Size): boolean;
  /** A pipeline that reads all frames. */
  open(): Sharp;
  /** A pipeline that reads the first frame. */
  openStill(): Sharp;
}

export interface Carried {
  readonly profile: boolean;
  readonly exif: boolean;
}

/** The pixels of the original itself, decoded anew whenever they are opened. */
export function originalPixels(
  bytes: Buffer,
  header: Header,
  moves: boolean,
  carries: Carried,
  limits: Limits,
): Pixels {
  const still = inputOptions(limits);
  const all: SharpOptions = moves ? { ...still, pages: -1 } : still;
  const opened = (options: SharpOptions) => {
    const image = sharp(bytes, options).autoOrient();
    return isReduced(header) ? image.pipelineColourspace('b-w') : image;
  };
  return {
    size: header.size,
    frames: moves ? header.frames : 1,
    carries,
    deep: header.deep && header.profile === 'rgb',
    loads: header.format === 'jpeg' ? 'shrunk' : header.format === 'svg' ? 'drawn' : 'whole',
    shrinksWell: (size) => mayShrinkFully(header.format, header.size, size),
    open: () => opened(all),
    openStill: () => opened(still),
  };
}

/** Whether it is gray of 16 bits with a profile, which sharp would not apply: it is brought to 8 bits first. */
export function isReduced({ gray, deep, profile }: Header): boolean {
  return gray && deep && profile === 'other';
}

/**
 * Pixels of this size, decoded and held in memory. Asked for less than half the size of a JPEG or WebP original, the
 * library shrinks while it decodes.
 *
 * @throws Failure `corrupt-image`, `timeout`
 */
export async function heldPixels(from: Pixels, size: Scaled, deadline: Deadline): Promise<Pixels> {
  return from.carries.profile || from.carries.exif
    ? carriedPixels(from, size, deadline)
    : rawPixels(from, size, deadline);
}

/** For 16 bits sharp converts to Display P3, and leaves it at that unless the sRGB profile is asked for. */
export function inSrgb(image: Sharp, from: Pixels): Sharp {
  return from.deep ? image.withIccProfile('srgb', { attach: false }) : image;
}

async function rawPixels(from: Pixels, size: Scaled, deadline: Deadline): Promise<Pixels> {
  const { data, info } = await compute(() => inSrgb(resized(from, size), from).raw(), deadline);
  const { width, height, channels } = info;
  const still: SharpOptions = { raw: { width: size.width, height: size.height, channels }, limitInputPixels: false };
  const all: SharpOptions = {
    raw: { width, height, channels, pageHeight: size.height },
    pages: -1,
    limitInputPixels: false,
  };
  return {
    ...from,
    size,
    deep: false,
    loads: 'whole',
    open: () => sharp(data, from.frames > 1 ? all : still),
    openStill: () => sharp(data.subarray(0, size.width * size.height * channels), still),
  };
}

/** As an uncompressed PNG image, which has a place for profile and EXIF. */
async function carriedPixels(from: Pixels, size: Scaled, deadline: Deadline): Promise<Pixels> {
  const carrying = () => {
    const image = resized(from, size);
    if (from.carries.profile) image.keepIccProfile();
    else inSrgb(image, from);
    if (from.carries.exif) image.keepExif();
    return image.png({ compressionLevel: 0 });
  };
  const { data } = await compute(carrying, deadline);
  const open = () => sharp(data, { limitInputPixels: false });
  return { ...from, size, deep: false, loads: 'whole', open, openStill: open };
}
