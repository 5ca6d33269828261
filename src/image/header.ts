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
  readonly xmp: string | undefined;
}

/**
 * The longest side of an original in pixels, which is also JPEG's. Others may be longer, and the library holds many whole
 * rows at a time: 4,000,000 x 50 pixels, in a file of 0.6 MB, took 4.7 GB; 65,535 x 300 take 0.25 GB.
 */
export const LONGEST_SIDE = 65_535;

/**
 * As how many a pixel of these formats counts for the limit, as their decoders hold more of it: AVIF's 18 bytes, WebP's 8, all
 * others at most 6 (a progressive JPEG's). Measured by `npm run fuzz:largest`.
 */
const COUNTS_AS: Readonly<Partial<Record<InputFormat, number>>> = { avif: 3, webp: 1.5 };

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
 * @param weights as how many a pixel of a format counts, where that is not one. Default: what decoders hold
 * @throws Failure `too-many-pixels`, `corrupt-image`, `timeout`
 */
export async function readHeader(
  bytes: Buffer,
  format: InputFormat,
  limits: Limits,
  deadline: Deadline,
  weights = COUNTS_AS,
): Promise<Header> {
  const metadata = await deadline
    .hold(() => sharp(bytes, inputOptions(limits)).metadata())
    .catch((error: unknown) => {
      throw failureOf(error);
    });
  const { width, height } = metadata.autoOrient;
  const frames = framesOf(format, metadata);
  const weight = weights[format] ?? 1;
  if (width * height * frames * weight > limits.pixels || Math.max(width, height) > LONGEST_SIDE) throw tooManyPixels(width, height, frames, weight);
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
  return new Failure('too-many-pixels', `${width} x ${height}${frames > 1 ? ` x ${frames} frames` : ''}${weight === 1 ? '' : `, each counts ${weight} times`}`);
}

/** The most milliseconds for a frame, and the most turns, that sharp takes; a GIF frame may last ten minutes, a WebP one four hours. */
const LONGEST_DELAY = 65_535;
const MOST_TURNS = 65_535;

/** Of more frames than this sharp takes no times. */
const MOST_DELAYS = 1_000_000;

function timingOf({ delay = [], loop }: Metadata): Header['timing'] {
  return {
    ...(delay.length > 0 && delay.length <= MOST_DELAYS && { delay: delay.map((ms) => Math.min(ms, LONGEST_DELAY)) }),
    ...(loop !== undefined && { loop: Math.min(loop, MOST_TURNS) }),
  };
}

/** Bytes 16 to 20 of an ICC profile name the colour space of its pixels. */
function profileOf({ icc }: Metadata): Header['profile'] {
  if (icc === undefined) return 'none';
  return icc.toString('latin1', 16, 20) === 'RGB ' ? 'rgb' : 'other';
}
