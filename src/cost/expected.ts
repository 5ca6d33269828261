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
export function expectedOf(job: Expectable): Expected {
  const { cpuSeconds, bytes } = expectedWith(job, 0);
  return { cpuSeconds, bytes };
}

/**
 * The same, and the bytes that are added to what is stored: those of variants that do not exist yet. It is done for every
 * original, so it keeps clear of what could be left over.
 *
 * @param minimumBytes what the variants' storage class bills an object for at the least; 0 for none
 */
export function expectedWith({ original, due }: Expectable, minimumBytes: number): Expected & { readonly addedBytes: number } {
  const { content, pixels } = expectedContent(original);
  const reading = pixels * figureOf(DEFAULTS.readNanoseconds, content, DEFAULTS.readNanosecondsElse);
  let bytes = 0;
  let writing = 0;
  let addedBytes = 0;
  for (const { spec, reason } of due) {
    const format = spec.format === 'original' ? encodedAs(content) : spec.format;
    const written = pixelsOf(spec, pixels);
    const size = written * DEFAULTS.writtenBytesPerPixel[format];
    bytes += size;
    writing += written * DEFAULTS.writeNanoseconds[format];
    // Any other reason replaces a variant that is stored and paid for already.
    if (reason === 'missing') addedBytes += Math.max(minimumBytes, size);
  }
  return { cpuSeconds: DEFAULTS.secondsPerOriginal + (reading + writing) / 1e9, bytes, addedBytes };
}

interface Expectable {
  readonly original: Pick<Job['original'], 'key' | 'size'>;
  readonly due: readonly Pick<DueVariant, 'spec' | 'reason'>[];
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

/** Pixels of a variant: what the box lets through, and never more than the original has unless it is to be enlarged. */
function pixelsOf({ width, height, fit, enlarge }: Spec, pixels: number): number {
  if (pixels === 0 || (width === null && height === null)) return pixels;
  const originalWidth = Math.sqrt(pixels * DEFAULTS.aspect);
  const originalHeight = originalWidth / DEFAULTS.aspect;
  if (width !== null && height !== null && (fit === 'cover' || fit === 'contain' || fit === 'fill')) {
    const box = width * height;
    return fit === 'contain' || enlarge ? box : Math.min(box, pixels);
  }
  // A side that is not given does not bind.
  const free = fit === 'outside' ? 0 : Infinity;
  const byWidth = width === null ? free : width / originalWidth;
  const byHeight = height === null ? free : height / originalHeight;
  const scale = fit === 'outside' ? Math.max(byWidth, byHeight) : Math.min(byWidth, byHeight);
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
