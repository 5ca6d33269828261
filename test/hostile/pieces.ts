import { crc32 } from '../corpus/crc32.js';

/**
 * A file in the pieces that its format is made of: segments, chunks, blocks, boxes. Put together they are the file again,
 * whatever it holds; where its structure ends, so do the pieces, and the last one is the rest.
 */
export function piecesOf(file: Buffer): Buffer[] {
  const next = stepsOf(file);
  const pieces: Buffer[] = [];
  let at = 0;
  while (at < file.length) {
    const end = next(at);
    if (end === undefined || end <= at || end > file.length) break;
    pieces.push(file.subarray(at, end));
    at = end;
  }
  if (at < file.length) pieces.push(file.subarray(at));
  return pieces;
}

/** Where the piece that begins somewhere ends; undefined where that cannot be told. */
type Step = (at: number) => number | undefined;

function stepsOf(file: Buffer): Step {
  const head = file.toString('latin1', 0, 12);
  if (head.startsWith('\xff\xd8')) return (at) => segmentEnd(file, at);
  if (head.startsWith('\x89PNG')) return (at) => (at === 0 ? 8 : sized(file, at, (start) => file.readUInt32BE(start) + 12));
  if (head.startsWith('RIFF')) return (at) => (at === 0 ? 12 : sized(file, at, (start) => 8 + even(file.readUInt32LE(start + 4))));
  if (head.startsWith('GIF8')) return (at) => blockEnd(file, at);
  if (head.slice(4, 8) === 'ftyp') return (at) => sized(file, at, (start) => file.readUInt32BE(start));
  // TIFF's directory may be anywhere: header, then twelve bytes an entry where small files have it.
  return (at) => at + (at === 0 ? 8 : 12);
}

function sized(file: Buffer, at: number, length: (start: number) => number): number | undefined {
  return at + 8 > file.length ? undefined : at + length(at);
}

function even(length: number): number {
  return length + (length % 2);
}

/** A marker, its content, and behind the start of a scan all of its coded data. */
function segmentEnd(file: Buffer, at: number): number | undefined {
  const marker = file[at + 1] ?? 0;
  if (file[at] !== 0xff) return undefined;
  if (marker === 0xd8 || marker === 0xd9) return at + 2;
  if (at + 4 > file.length) return undefined;
  let end = at + 2 + file.readUInt16BE(at + 2);
  if (marker !== 0xda) return end;
  while (end + 1 < file.length && !(file[end] === 0xff && isMarker(file[end + 1] ?? 0))) end += 1;
  return end + 1 < file.length ? end : file.length;
}

/** Within coded data, 0 stands for the byte FF itself, and D0 to D7 restart the decoder. */
function isMarker(byte: number): boolean {
  return byte !== 0 && !(byte >= 0xd0 && byte <= 0xd7);
}

/** The screen with its colours, an extension, a frame, or the end. */
function blockEnd(file: Buffer, at: number): number | undefined {
  if (at === 0) return 13 + colours(file[10] ?? 0);
  const kind = file[at];
  if (kind === 0x3b) return at + 1;
  if (kind === 0x21) return subBlocksEnd(file, at + 2);
  return kind === 0x2c ? subBlocksEnd(file, at + 11 + colours(file[at + 9] ?? 0)) : undefined;
}

/** Bytes of a colour table, which the flags tell. */
function colours(flags: number): number {
  return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0;
}

function subBlocksEnd(file: Buffer, from: number): number {
  let at = from;
  while (at < file.length && file[at] !== 0) at += (file[at] ?? 0) + 1;
  return at + 1;
}

/** The same file with right checksums, so that a reader goes on to what else is wrong. Only PNG has any. */
export function withChecksums(file: Buffer): Buffer {
  if (file.toString('latin1', 1, 4) !== 'PNG') return file;
  const mended = Buffer.from(file);
  let at = 8;
  for (const piece of piecesOf(mended).slice(1)) {
    const body = piece.length - 4;
    if (piece.length >= 12) mended.writeUInt32BE(crc32(piece.subarray(4, body)), at + body);
    at += piece.length;
  }
  return mended;
}
