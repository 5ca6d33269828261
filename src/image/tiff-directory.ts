import { isUtf8 } from 'node:buffer';

/** One entry of a TIFF directory: EXIF has the same form. */
export interface TiffEntry {
  readonly type: number;
  readonly count: number;
  /** Where its value stands, from the start of the TIFF header. */
  readonly at: number;
}

const SIZES: Readonly<Record<number, number>> = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 9: 4, 10: 8 };

/**
 * The entries of the first directory by their tags. Whatever is broken is left out: metadata never fails an image.
 *
 * @param bytes begins with the TIFF header (`II*` or `MM*`); BigTIFF has no entries here
 */
export function firstDirectory(bytes: Buffer): ReadonlyMap<number, TiffEntry> {
  const entries = new Map<number, TiffEntry>();
  const read = integers(bytes);
  if (read === undefined) return entries;
  const start = read.u32(4);
  const count = read.u16(start);
  for (let i = 0; i < count; i++) {
    const at = start + 2 + 12 * i;
    if (at + 12 > bytes.length) break;
    const type = read.u16(at + 2);
    const values = read.u32(at + 4);
    const inline = (SIZES[type] ?? 1) * values <= 4;
    entries.set(read.u16(at), { type, count: values, at: inline ? at + 8 : read.u32(at + 8) });
  }
  return entries;
}

/** The first value of an entry of 16 or 32 bits; undefined for any other. */
export function integerOf(bytes: Buffer, entry: TiffEntry | undefined): number | undefined {
  const read = integers(bytes);
  if (entry === undefined || read === undefined) return undefined;
  if (entry.type === 3) return read.u16(entry.at);
  return entry.type === 4 ? read.u32(entry.at) : undefined;
}

/** The most bytes of a text, with its end: two of them fit into a JPEG's EXIF, and a TIFF file may name all of itself. */
const LONGEST_TEXT = 30_000;

/** The texts of an ASCII entry, which many cameras fill with UTF-8, and older programs with Latin-1; none where it is too long. */
export function textsOf(bytes: Buffer, entry: TiffEntry | undefined): readonly string[] {
  if (entry === undefined || entry.type !== 2 || entry.count > LONGEST_TEXT) return [];
  const content = bytes.subarray(entry.at, entry.at + entry.count);
  const texts = content.toString(isUtf8(content) ? 'utf8' : 'latin1').split('\0');
  return texts.map((text) => text.trim()).filter((text) => text !== '');
}

interface Integers {
  u16(at: number): number;
  u32(at: number): number;
}

/** Readers in the file's byte order that give 0 beyond its end. */
function integers(bytes: Buffer): Integers | undefined {
  const order = bytes.toString('latin1', 0, 4);
  if (order === 'II*\0') {
    return {
      u16: (at) => (at + 2 <= bytes.length ? bytes.readUInt16LE(at) : 0),
      u32: (at) => (at + 4 <= bytes.length ? bytes.readUInt32LE(at) : 0),
    };
  }
  if (order === 'MM\0*') {
    return {
      u16: (at) => (at + 2 <= bytes.length ? bytes.readUInt16BE(at) : 0),
      u32: (at) => (at + 4 <= bytes.length ? bytes.readUInt32BE(at) : 0),
    };
  }
  return undefined;
}
