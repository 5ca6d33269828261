import sharp, { type Sharp } from 'sharp';
import { painted, quarter } from './pictures.js';

/** A JPEG file with one more segment (APP1 for EXIF, APP2 for ICC), right after its start. */
export function withSegment(jpeg: Buffer, marker: number, content: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(content.length + 2, 2);
  return Buffer.concat([jpeg.subarray(0, 2), head, content, jpeg.subarray(2)]);
}

export function withExif(jpeg: Buffer, block: Buffer): Buffer {
  return withSegment(jpeg, 0xe1, Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), block]));
}

export function withProfile(jpeg: Buffer, profile: Buffer): Buffer {
  // Part 1 of 1.
  return withSegment(jpeg, 0xe2, Buffer.concat([Buffer.from('ICC_PROFILE\0\x01\x01', 'latin1'), profile]));
}

/** A big-endian TIFF directory with short (number) or text entries, in the order of their tags. */
export function exifBlock(entries: Readonly<Record<number, number | string>>, encoding: 'utf8' | 'latin1' = 'utf8'): Buffer {
  const tags = Object.entries(entries);
  const directory = Buffer.alloc(8 + 2 + tags.length * 12 + 4);
  directory.write('MM\0*', 'latin1');
  directory.writeUInt32BE(8, 4);
  directory.writeUInt16BE(tags.length, 8);
  const texts: Buffer[] = [];
  let free = directory.length;
  tags.forEach(([tag, value], i) => {
    const at = 10 + i * 12;
    directory.writeUInt16BE(Number(tag), at);
    directory.writeUInt16BE(typeof value === 'number' ? 3 : 2, at + 2);
    if (typeof value === 'number') {
      directory.writeUInt32BE(1, at + 4);
      directory.writeUInt16BE(value, at + 8);
      return;
    }
    const text = Buffer.from(`${value}\0`.padEnd(5, '\0'), encoding);
    directory.writeUInt32BE(text.length, at + 4);
    directory.writeUInt32BE(free, at + 8);
    texts.push(text);
    free += text.length;
  });
  return Buffer.concat([directory, ...texts]);
}

export const ORIENTATION = 0x0112;

/** Where a pixel of the upright picture (u, v from 0 to 1) is stored, by what EXIF says of row 0 and column 0. */
const STORED: Readonly<Record<number, (u: number, v: number) => readonly [number, number]>> = {
  1: (u, v) => [u, v],
  2: (u, v) => [1 - u, v],
  3: (u, v) => [1 - u, 1 - v],
  4: (u, v) => [u, 1 - v],
  5: (u, v) => [v, u],
  6: (u, v) => [v, 1 - u],
  7: (u, v) => [1 - v, 1 - u],
  8: (u, v) => [1 - v, u],
};

/** The picture of CORNERS, 120x80 upright, stored turned and mirrored as this EXIF orientation says. */
export async function oriented(orientation: number): Promise<Buffer> {
  const jpeg = await turned(orientation).jpeg({ quality: 95, chromaSubsampling: '4:4:4' }).toBuffer();
  return withExif(jpeg, exifBlock({ [ORIENTATION]: orientation }));
}

/** The same as an animation, of which this is the first frame; the second is black. */
export async function movingOriented(orientation: number): Promise<Buffer> {
  const first = await turned(orientation).png().toBuffer();
  const second = await sharp(first).linear(0).png().toBuffer();
  return sharp([first, second], { join: { animated: true } }).webp({ lossless: true }).withMetadata({ orientation }).toBuffer();
}

/** Its pixels as they are stored. */
function turned(orientation: number): Sharp {
  const [width, height] = orientation >= 5 ? [80, 120] : [120, 80];
  const uprightOf = inverse(orientation);
  return painted(width, height, (x, y) => quarter(...uprightOf((x + 0.5) / width, (y + 0.5) / height)));
}

/** From where a pixel is stored to where it belongs: 6 and 8 undo each other, the others undo themselves. */
function inverse(orientation: number): (x: number, y: number) => readonly [number, number] {
  const undo = orientation === 6 ? 8 : orientation === 8 ? 6 : orientation;
  const map = STORED[undo];
  if (map === undefined) throw new Error(`no orientation ${orientation}`);
  return map;
}
