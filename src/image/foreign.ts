import { heifBrands } from './brands.js';
import { isCameraRaw } from './camera-raw.js';

/** First bytes (latin1) of what people upload beside images that the web shows, and what to call it. */
const MAGIC: readonly (readonly [string, string])[] = [
  ['%PDF-', 'PDF'],
  ['%!PS', 'PostScript'],
  ['8BPS', 'Photoshop (PSD)'],
  ['\0\0\0\x0cJXL \r\n\x87\n', 'JPEG XL'],
  ['\xff\x0a', 'JPEG XL'],
  ['\0\0\0\x0cjP  \r\n\x87\n', 'JPEG 2000'],
  ['\xff\x4f\xff\x51', 'JPEG 2000'],
  ['II\xbc\x01', 'JPEG XR'],
  ['BM', 'BMP'],
  ['\0\0\x01\0', 'ICO'],
  ['\0\0\x02\0', 'CUR'],
  ['\x76\x2f\x31\x01', 'OpenEXR'],
  ['#?RADIANCE', 'Radiance HDR'],
  ['SIMPLE  =', 'FITS'],
  ['IIU\0', 'camera raw'],
  ['FUJIFILMCCD-RAW', 'camera raw'],
  ['\x1a\x45\xdf\xa3', 'Matroska or WebM video'],
  ['RIFF', 'RIFF (not WebP)'],
  ['PK\x03\x04', 'ZIP archive'],
  ['\x1f\x8b', 'gzip'],
  ['7z\xbc\xaf', '7-Zip archive'],
  ['{\\rtf', 'RTF'],
];

const HEVC_BRANDS = ['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'hevm', 'hevs'];

/** What content that is not accepted seems to be, in a few words. */
export function foreignName(bytes: Buffer): string {
  const head = bytes.toString('latin1', 0, 512);
  const named = MAGIC.find(([magic]) => head.startsWith(magic));
  if (named !== undefined) return named[1];
  if (isCameraRaw(bytes)) return 'camera raw';
  return isoMediaName(bytes) ?? textName(head) ?? 'unknown content';
}

function isoMediaName(bytes: Buffer): string | undefined {
  const brands = heifBrands(bytes);
  const [major] = brands;
  if (major === undefined) return undefined;
  if (brands.some((brand) => HEVC_BRANDS.includes(brand))) return 'HEIC (HEVC)';
  if (major === 'crx ') return 'camera raw';
  if (brands.includes('mif1') || brands.includes('msf1')) return 'HEIF';
  return major === 'qt  ' ? 'QuickTime video' : 'MP4 video';
}

function textName(head: string): string | undefined {
  const text = head.replace(/^\xef\xbb\xbf/, '').trimStart();
  if (/^(<!doctype html|<html|<head|<body|<!--[^]*<html)/i.test(text)) return 'HTML';
  if (/^<(\?xml|[a-z!])/i.test(text)) return 'XML';
  if (/^[[{]/.test(text) && /"/.test(text)) return 'JSON';
  return /^[\t\n\r\x20-\x7e\x80-\xff]+$/.test(head) ? 'text' : undefined;
}
