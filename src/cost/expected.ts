import { extensionOf } from '../model/extension.js';
import type { DueVariant, Job } from '../model/job.js';
import type { Format, Spec } from '../model/spec.js';

/** What one variant, or one original with all of its, is expected to take. */
export interface Expected {
  /** Seconds of one core. */
  readonly cpuSeconds: number;
  readonly bytes: number;
}

type Encoded = Exclude<Format, 'original'>;

/**
 * What pixels cost, fitted to the 600 recorded originals of test/cost/known-corpus.json on 2026-11-25 (one core, sharp
 * 0.35.5), and checked by `npm run bench:work`. An original's size in pixels is not listed: it is taken
 * from its bytes. --sample puts measured figures in place of all of these.
 */
export const DEFAULTS = {
  /** Bytes of an original for each of its pixels, by what its extension says; any other: as jpeg. */
  bytesPerPixel: { jpeg: 0.25, webp: 0.2, avif: 0.1, png: 2, tiff: 3 } as Readonly<Record<string, number>>,
  bytesPerPixelElse: 0.25,
  /** Seconds for each original: to open it, and all that does not grow with it. */
  secondsPerOriginal: 0.005,
  /** Nanoseconds for each pixel of the original: jpeg is decoded at an eighth to a whole of its scale, others whole. */
  readNanoseconds: { jpeg: 2 } as Readonly<Record<string, number>>,
  readNanosecondsElse: 20,
  /** Nanoseconds for each pixel of a variant: resizing and encoding. */
  writeNanoseconds: { jpeg: 19, webp: 150, avif: 700, png: 100 } as Readonly<Record<Encoded, number>>,
  /** Bytes of a variant for each of its pixels, at the default qualities. */
  writtenBytesPerPixel: { jpeg: 0.2, webp: 0.15, avif: 0.1, png: 1.6 } as Readonly<Record<Encoded, number>>,
  /** Width to height. */
  aspect: 4 / 3,
} as const;

/** What making `due` of an original with so many listed bytes is expected to take. */
export function expectedOf({ original, due }: Pick<Job, 'due'> & { readonly original: Pick<Job['original'], 'key' | 'size'> }): Expected {
  const { content, pixels } = expectedContent(original);
  const reading = pixels * figureOf(DEFAULTS.readNanoseconds, content, DEFAULTS.readNanosecondsElse);
  let bytes = 0;
  let writing = 0;
  for (const variant of due) {
    const expected = expectedVariant(variant, content, pixels);
    bytes += expected.bytes;
    writing += expected.nanoseconds;
  }
  return { cpuSeconds: DEFAULTS.secondsPerOriginal + (reading + writing) / 1e9, bytes };
}

/** Bytes that one variant of an original is expected to have. */
export function expectedBytes(original: Pick<Job['original'], 'key' | 'size'>, due: DueVariant): number {
  const { content, pixels } = expectedContent(original);
  return expectedVariant(due, content, pixels).bytes;
}

/** What the key and the listed bytes say of an original. */
function expectedContent({ key, size }: Pick<Job['original'], 'key' | 'size'>) {
  const content = contentOf(key);
  return { content, pixels: size / figureOf(DEFAULTS.bytesPerPixel, content, DEFAULTS.bytesPerPixelElse) };
}

/** An extension can be anything, the name of something that every object inherits as well. */
function figureOf(figures: Readonly<Record<string, number>>, content: string, other: number): number {
  return Object.hasOwn(figures, content) ? (figures[content] ?? other) : other;
}

function expectedVariant({ spec }: DueVariant, content: string, pixels: number): { bytes: number; nanoseconds: number } {
  const format = spec.format === 'original' ? encodedAs(content) : spec.format;
  const written = pixelsOf(spec, pixels);
  return { bytes: written * DEFAULTS.writtenBytesPerPixel[format], nanoseconds: written * DEFAULTS.writeNanoseconds[format] };
}

/** Pixels of a variant: what the box lets through, and never more than the original has unless it is to be enlarged. */
function pixelsOf({ width, height, fit, enlarge }: Spec, pixels: number): number {
  if (pixels === 0 || (width === null && height === null)) return pixels;
  const originalWidth = Math.sqrt(pixels * DEFAULTS.aspect);
  const originalHeight = originalWidth / DEFAULTS.aspect;
  const scales = [width === null ? null : width / originalWidth, height === null ? null : height / originalHeight].filter((scale) => scale !== null);
  if (width !== null && height !== null && (fit === 'cover' || fit === 'contain' || fit === 'fill')) {
    const box = width * height;
    return fit === 'contain' || enlarge ? box : Math.min(box, pixels);
  }
  const scale = fit === 'outside' ? Math.max(...scales) : Math.min(...scales);
  return pixels * (enlarge ? scale : Math.min(1, scale)) ** 2;
}

/** Extensions that speak of a format by another name, or of one that takes as much as another. */
const ALIASES = new Map([['jpg', 'jpeg'], ['jfif', 'jpeg'], ['tif', 'tiff'], ['gif', 'png']]);

/** The format that a key's extension speaks of. */
function contentOf(key: string): string {
  const extension = extensionOf(key);
  return ALIASES.get(extension) ?? extension;
}

/** What format `original` gives: the content's own where the web can show it, else jpeg. */
function encodedAs(content: string): Encoded {
  return content === 'webp' || content === 'avif' || content === 'png' ? content : 'jpeg';
}
