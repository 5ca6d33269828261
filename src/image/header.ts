import sharp, { type Metadata, type SharpOptions } from 'sharp';
import { Failure } from '../model/failure.js';
import type { Limits } from '../model/limits.js';
import type { Deadline } from './deadline.js';
import type { Size } from './geometry.js';
import type { InputFormat } from './identify.js';
import { failureOf } from './library-error.js';

/** What an original's header tells, before a pixel is decoded. */
export interface Header {
  readonly format: InputFormat;
  /** Of one frame, upright. */
  readonly size: Size;
  /** 1 for whatever does not move, and for an animation that lies on its side or its head. */
  readonly frames: number;
  /** Milliseconds for each frame, and how often it plays (0 is for ever), as far as sharp takes them; empty where it does not move. */
  readonly timing: { readonly delay?: number[]; readonly loop?: number };
  readonly hasAlpha: boolean;
  /** One channel, or two with alpha. */
  readonly gray: boolean;
  /** More than 8 bits for each channel. */
  readonly deep: boolean;
  readonly profile: 'none' | 'rgb' | 'other';
  readonly exif: Buffer | undefined;
  /** What artist and copyright stand in: the EXIF block, or a TIFF file itself, as EXIF has its form. */
  readonly tags: Buffer | undefined;
  readonly xmp: string | undefined;
}

/**
 * The longest side of an original in pixels, which is also JPEG's. Others may be longer, and the library holds many whole
 * rows at a time: 4,000,000 x 50 pixels, in a file of 0.6 MB, took 4.7 GB; 65,535 x 300 take 0.25 GB.
 */
export const LONGEST_SIDE = 65_535;

/**
 * Frames of one original. To cut them or to frame them is an operation for each, and what they take grows faster than their
 * number: of 1 x 2 pixels, 20,000 took 0.35 GB and 16 s of a core, and 5,000 took 0.14 GB and 2 s.
 */
export const MOST_FRAMES = 20_000;

/** The bytes of a pixel that a decoder may hold before it counts for more than one: a progressive JPEG's. */
const HELD = 6;

const BYTES: Readonly<Record<Metadata['depth'], number>> = { uchar: 1, char: 1, ushort: 2, short: 2, uint: 4, int: 4, float: 4, double: 8, complex: 8, dpcomplex: 16 };

/** As how many a pixel counts for the limit, by what its decoder holds of it. */
function weightOf(format: InputFormat, metadata: Metadata): number {
  return Math.max(1, heldBytes(format, metadata) / HELD);
}

/** The most bytes of a pixel that a decoder holds, as far as the header tells. Measured by `npm run fuzz:largest`. */
function heldBytes(format: InputFormat, { channels, depth, isProgressive }: Metadata): number {
  const bytes = BYTES[depth];
  switch (format) {
    case 'avif':
      return bytes > 1 ? 24 : 18;
    case 'webp':
      return 9;
    case 'jpeg':
      // All coefficients, of two bytes, where they come in several scans.
      return isProgressive ? 2 * channels : 0;
    case 'png':
      return isProgressive ? bytes * channels : 0;
    case 'tiff':
      // All planes, and one by itself: whether the channels stand apart, in one strip or in many, is not told.
      return bytes * (channels + 1);
    case 'gif':
      return 5;
    case 'svg':
      return 0;
  }
}

/**
 * How originals are opened.
 *
 * A photograph that ends too early fails, and so do errors in the middle. Warnings do not: phones write odd metadata,
 * parameters that old decoders dislike, and bytes after the end, and the pixels are all there.
 */
export function inputOptions(limits: Limits): SharpOptions {
  return { failOn: 'error', limitInputPixels: limits.pixels, sequentialRead: true };
}

/**
 * @param weigh as how many a pixel counts. Default: by what decoders hold
 * @throws Failure `too-many-pixels`, `corrupt-image`, `timeout`
 */
export async function readHeader(
  bytes: Buffer,
  format: InputFormat,
  limits: Limits,
  deadline: Deadline,
  weigh = weightOf,
): Promise<Header> {
  const metadata = await deadline
    .hold(() => sharp(bytes, inputOptions(limits)).metadata())
    .catch((error: unknown) => {
      throw failureOf(error);
    });
  const { width, height } = metadata.autoOrient;
  const frames = framesOf(format, metadata);
  const weight = weigh(format, metadata);
  const isLarge = width * height * frames * weight > limits.pixels || Math.max(width, height) > LONGEST_SIDE || frames > MOST_FRAMES;
  if (isLarge) throw tooManyPixels(width, height, frames, weight);
  return {
    format,
    size: { width, height },
    frames,
    timing: frames > 1 ? timingOf(metadata) : {},
    hasAlpha: metadata.hasAlpha,
    gray: metadata.channels < 3,
    deep: metadata.depth !== 'uchar',
    profile: profileOf(metadata),
    exif: metadata.exif,
    tags: format === 'tiff' ? bytes : metadata.exif,
    xmp: metadata.xmpAsString,
  };
}

/** How many frames can be shown, upright: 1 is a still image. */
function framesOf(format: InputFormat, { pages = 1, orientation = 1 }: Metadata): number {
  // Only these move; the pages of a TIFF file are other images, and of AVIF the main one is taken.
  const moves = format === 'gif' || format === 'webp';
  // The library turns all frames as one strip, and refuses to turn it by a quarter. Mirrored sideways (2), each is in its place.
  const turned = orientation >= 3 && orientation <= 8;
  return moves && !turned ? pages : 1;
}

function tooManyPixels(width: number, height: number, frames: number, weight: number): Failure {
  return new Failure('too-many-pixels', `${width} x ${height}${frames > 1 ? ` x ${frames} frames` : ''}${weight === 1 ? '' : `, each counts ${Number(weight.toFixed(2))} times`}`);
}

/** The most milliseconds for a frame, and the most turns, that sharp takes; a GIF frame may last ten minutes, a WebP one four hours. */
const LONGEST_DELAY = 65_535;
const MOST_TURNS = 65_535;

function timingOf({ delay = [], loop }: Metadata): Header['timing'] {
  return {
    ...(delay.length > 0 && { delay: delay.map((ms) => Math.min(ms, LONGEST_DELAY)) }),
    ...(loop !== undefined && { loop: Math.min(loop, MOST_TURNS) }),
  };
}

/** Bytes 16 to 20 of an ICC profile name the colour space of its pixels. */
function profileOf({ icc }: Metadata): Header['profile'] {
  if (icc === undefined) return 'none';
  return icc.toString('latin1', 16, 20) === 'RGB ' ? 'rgb' : 'other';
}
