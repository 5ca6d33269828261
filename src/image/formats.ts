import sharp from 'sharp';
import type { ContentFormat } from './rendered.js';

/** What the image library of this machine can do. */
export interface Library {
  /** "sharp 0.35.5, libvips 8.18.0". */
  readonly versions: string;
  /** Formats in which a variant cannot be written and read back here; empty where all is well. */
  readonly broken: readonly string[];
}

const WRITTEN: readonly ContentFormat[] = ['jpeg', 'png', 'webp', 'avif', 'gif'];

/** Tries every format that a variant can have, on a picture of a few pixels. */
export async function libraryFormats(): Promise<Library> {
  const broken: string[] = [];
  for (const format of WRITTEN) if (!(await survives(format))) broken.push(format);
  if (!sharp.format.tiff.input.buffer) broken.push('tiff');
  return { versions: `sharp ${sharp.versions.sharp ?? '?'}, libvips ${sharp.versions.vips}`, broken };
}

async function survives(format: ContentFormat): Promise<boolean> {
  try {
    const written = await sharp({ create: { width: 16, height: 16, channels: 3, background: '#888888' } }).toFormat(format).toBuffer();
    const { width } = await sharp(written).metadata();
    return width === 16;
  } catch {
    return false;
  }
}
