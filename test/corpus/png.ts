import { crc32 } from './crc32.js';
import { deflateSync } from 'node:zlib';

/** PNG's colour types that are made here. */
const TYPES = { gray: 0, rgb: 2, rgba: 6 } as const;

export interface Png {
  readonly width: number;
  readonly height: number;
  readonly depth: 1 | 8 | 16;
  readonly colour: keyof typeof TYPES;
  /** The rows' bytes; fewer rows than `height` make a file that ends too early. */
  readonly rows: readonly Buffer[];
  /** An ICC profile, uncompressed. */
  readonly profile?: Buffer;
}

/** A PNG file by its bytes: for depths, profiles and lies that sharp does not write. */
export function png({ width, height, depth, colour, rows, profile }: Png): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width);
  header.writeUInt32BE(height, 4);
  header.set([depth, TYPES[colour]], 8);
  // Each row begins with its filter: none.
  const filtered = Buffer.concat(rows.flatMap((row) => [Buffer.from([0]), row]));
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    ...(profile === undefined ? [] : [chunk('iCCP', Buffer.concat([Buffer.from('test\0\0', 'latin1'), deflateSync(profile)]))]),
    chunk('IDAT', deflateSync(filtered)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** @param name of four letters */
export function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** A row of one 16-bit colour. */
export function deepRow(width: number, rgb: readonly number[]): Buffer {
  const row = Buffer.alloc(width * rgb.length * 2);
  for (let i = 0; i < width * rgb.length; i++) row.writeUInt16BE(rgb[i % rgb.length] ?? 0, i * 2);
  return row;
}
