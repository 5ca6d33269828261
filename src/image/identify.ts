import { Failure } from '../model/failure.js';
import type { ActiveFormat } from '../model/limits.js';
import { heifBrands } from './brands.js';
import { isCameraRaw } from './camera-raw.js';
import { foreignName } from './foreign.js';
import { isSvg } from './svg.js';

/** What an original may be. The content decides; a key's extension is never looked at. */
export type InputFormat = 'jpeg' | 'png' | 'webp' | 'gif' | 'avif' | 'tiff' | ActiveFormat;

/**
 * The format of an original, by its first bytes.
 *
 * @param allow active formats that are read as well
 * @throws Failure `empty-original` for no bytes, `unsupported-format` for whatever is not on the list; its detail names
 *   what was found
 */
export function identify(bytes: Buffer, allow: readonly ActiveFormat[]): InputFormat {
  if (bytes.length === 0) throw new Failure('empty-original', '');
  const format = pixelFormat(bytes);
  if (format !== undefined) return format;
  if (isSvg(bytes)) {
    if (allow.includes('svg')) return 'svg';
    throw new Failure('unsupported-format', 'SVG');
  }
  throw new Failure('unsupported-format', foreignName(bytes));
}

function pixelFormat(bytes: Buffer): InputFormat | undefined {
  const starts = (text: string, at = 0) => bytes.subarray(at, at + text.length).equals(Buffer.from(text, 'latin1'));
  if (starts('\xff\xd8\xff')) return 'jpeg';
  if (starts('\x89PNG\r\n\x1a\n')) return 'png';
  if (starts('RIFF') && starts('WEBP', 8)) return 'webp';
  if (starts('GIF87a') || starts('GIF89a')) return 'gif';
  if (isAvif(bytes)) return 'avif';
  const tiff = ['II*\0', 'MM\0*', 'II+\0', 'MM\0+'].some((magic) => starts(magic));
  return tiff && !isCameraRaw(bytes) ? 'tiff' : undefined;
}

/** Both AVIF and HEIC are HEIF files and may share general brands such as `mif1`; only the specific ones tell. */
function isAvif(bytes: Buffer): boolean {
  const brands = heifBrands(bytes);
  return brands.includes('avif') || brands.includes('avis');
}
