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
 * What pixels cost, measured by `npm run bench:work` on 2026-11-25 (one core of a shared 2-core x86_64 machine, sharp
 * 0.35.5, the photographs that imgvar ships and enlarged ones). An original's size in pixels is not listed: it is taken
 * from its bytes. --sample puts measured figures in place of all of these.
 */
export const DEFAULTS = {
  /** Bytes of an original for each of its pixels, by what its extension says; any other: as jpeg. */
  bytesPerPixel: { jpeg: 0.25, webp: 0.2, avif: 0.1, png: 2, tiff: 3 } as Readonly<Record<string, number>>,
  /** Seconds for each original: to open it, and all that does not grow with it. */
  secondsPerOriginal: 0.008,
  /** Nanoseconds for each pixel of the original: jpeg is decoded at an eighth to a whole of its scale, others whole. */
  readNanoseconds: { jpeg: 2 } as Readonly<Record<string, number>>,
  readNanosecondsElse: 15,
  /** Nanoseconds for each pixel of a variant: resizing and encoding. */
  writeNanoseconds: { jpeg: 15, webp: 110, avif: 700, png: 60 } as Readonly<Record<Encoded, number>>,
  /** Bytes of a variant for each of its pixels, at the default qualities. */
  writtenBytesPerPixel: { jpeg: 0.2, webp: 0.15, avif: 0.1, png: 1.6 } as Readonly<Record<Encoded, number>>,
  /** Width to height. */
  aspect: 4 / 3,
} as const;

/** What making `due` of an original with so many listed bytes is expected to take. */
export function expectedOf({ original, due }: Pick<Job, 'due'> & { readonly original: Pick<Job['original'], 'key' | 'size'> }): Expected {
  const content = contentOf(original.key);
  const pixels = original.size / (DEFAULTS.bytesPerPixel[content] ?? 0.25);
  const reading = pixels * (DEFAULTS.readNanoseconds[content] ?? DEFAULTS.readNanosecondsElse);
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
export function expectedBytes({ key, size }: Pick<Job['original'], 'key' | 'size'>, due: DueVariant): number {
  const content = contentOf(key);
  return expectedVariant(due, content, size / (DEFAULTS.bytesPerPixel[content] ?? 0.25)).bytes;
}

function expectedVariant({ spec }: DueVariant, content: string, pixels: number): { bytes: number; nanoseconds: number } {
  const format = spec.format === 'original' ? encodedAs(content) : spec.format;
  const written = pixelsOf(spec, pixels);
  return { bytes: written * DEFAULTS.writtenBytesPerPixel[format], nanoseconds: written * DEFAULTS.writeNanoseconds[format] };
}

/** Pixels of a variant: what the box lets through, and never more than the original has unless it is to be enlarged. */
function pixelsOf({ width, height, fit, enlarge }: Spec, pixels: number): number {
  if ((width === null && height === null) || pixels === 0) return pixels;
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

/** The format that a key's extension speaks of. */
function contentOf(key: string): string {
  const extension = extensionOf(key);
  return { jpg: 'jpeg', jfif: 'jpeg', tif: 'tiff', gif: 'png' }[extension] ?? extension;
}

/** What format `original` gives: the content's own where the web can show it, else jpeg. */
function encodedAs(content: string): Encoded {
  return content === 'webp' || content === 'avif' || content === 'png' ? content : 'jpeg';
}
