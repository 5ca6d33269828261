import { firstDirectory, integerOf } from './tiff-directory.js';

const NEW_SUBFILE_TYPE = 0x00fe;
const DNG_VERSION = 0xc612;

/**
 * Whether a TIFF file is a camera's raw file (DNG, NEF, ARW, CR2, ...). Their first page is a small preview, and a
 * variant of it would pass for one of the photograph.
 */
export function isCameraRaw(bytes: Buffer): boolean {
  if (bytes.toString('latin1', 8, 10) === 'CR' && bytes.toString('latin1', 0, 2) === 'II') return true;
  const directory = firstDirectory(bytes);
  const reduced = ((integerOf(bytes, directory.get(NEW_SUBFILE_TYPE)) ?? 0) & 1) === 1;
  return reduced || directory.has(DNG_VERSION);
}
