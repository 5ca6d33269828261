import type { Sharp } from 'sharp';
import { bomb } from '../corpus/broken.js';
import { CORPUS, FRAMES } from '../corpus/corpus.js';
import { exifBlock, ORIENTATION, withExif } from '../corpus/jpeg.js';
import { corners, frames, photo } from '../corpus/pictures.js';
import { chunk } from '../corpus/png.js';
import { piecesOf } from './pieces.js';

/** A file to be mutated. */
export interface Seed {
  readonly name: string;
  readonly bytes: Buffer;
}

/** What takes long and shows nothing that a smaller one does not. */
const LARGE: readonly string[] = ['panorama.jpg', 'truncated.png'];

const made = (name: string, image: Sharp): [string, () => Promise<Buffer>] => [name, () => image.toBuffer()];

/** Kinds that the corpus has none of. */
const MORE: readonly (readonly [string, () => Promise<Buffer>])[] = [
  made('interlaced.png', corners(60, 40).png({ progressive: true })),
  made('gray.png', corners(60, 40).toColourspace('b-w').png()),
  made('lossless.webp', corners(60, 40).webp({ lossless: true })),
  made('alpha.webp', corners(60, 40).ensureAlpha(0.5).webp()),
  made('lossless.avif', corners(60, 40).avif({ lossless: true })),
  made('alpha.avif', corners(60, 40).ensureAlpha(0.5).avif()),
  made('lzw.tiff', corners(60, 40).tiff({ compression: 'lzw', predictor: 'horizontal' })),
  made('deflate.tiff', corners(60, 40).tiff({ compression: 'deflate' })),
  made('jpeg.tiff', corners(60, 40).tiff({ compression: 'jpeg' })),
  made('fax.tiff', corners(60, 40).toColourspace('b-w').tiff({ compression: 'ccittfax4', bitdepth: 1 })),
  made('tiled.tiff', corners(60, 40).tiff({ compression: 'none', tile: true, tileWidth: 16, tileHeight: 16 })),
  made('pyramid.tiff', corners(60, 40).tiff({ compression: 'packbits', tile: true, tileWidth: 16, tileHeight: 16, pyramid: true })),
  made('big.tiff', corners(60, 40).tiff({ compression: 'none', bigtiff: true })),
  made('cmyk.tiff', corners(60, 40).toColourspace('cmyk').tiff({ compression: 'none' })),
  made('profile-and-exif.jpg', corners(60, 40).jpeg({ progressive: true }).withIccProfile('p3').withExif({ IFD0: { Artist: 'A', Copyright: 'C' } })),
  ['moving.png', apng],
  ['turned.jpg', async () => withExif(await corners(60, 40).jpeg({ chromaSubsampling: '4:4:4' }).toBuffer(), exifBlock({ [ORIENTATION]: 6 }))],
  ['bomb.gif', () => wide(frames(60, 40, FRAMES).gif(), 6)],
  ['bomb.png', bomb],
  ['rocket.jpg', () => photo('rocket.jpg')],
];

/** A PNG that moves, which readers that do not know of that take for a still one. */
async function apng(): Promise<Buffer> {
  const [signature, header, ...rest] = piecesOf(await corners(60, 40).png().toBuffer());
  const control = Buffer.alloc(8);
  control.writeUInt32BE(2);
  const frame = Buffer.alloc(26);
  frame.writeUInt32BE(60, 4);
  frame.writeUInt32BE(40, 8);
  const data = rest.find((piece) => piece.toString('latin1', 4, 8) === 'IDAT')?.subarray(8, -4) ?? Buffer.alloc(0);
  const second = Buffer.concat([Buffer.from([0, 0, 0, 2]), data]);
  const numbered = Buffer.from(frame);
  numbered.writeUInt32BE(1);
  const parts = [signature, header, chunk('acTL', control), chunk('fcTL', frame), ...rest.slice(0, -1), chunk('fcTL', numbered), chunk('fdAT', second), rest.at(-1)];
  return Buffer.concat(parts.filter((part) => part !== undefined));
}

/** With the largest size that two numbers of 16 bits hold. */
async function wide(image: Sharp, at: number): Promise<Buffer> {
  const bytes = await image.toBuffer();
  return bytes.fill(0xff, at, at + 4);
}

/** Every format, and every kind of it that a decoder has code for. */
export async function seeds(): Promise<readonly Seed[]> {
  const corpus = CORPUS.filter(({ name }) => !LARGE.includes(name)).map(({ name, make }) => [name, make] as const);
  return Promise.all([...corpus, ...MORE].map(async ([name, make]) => ({ name, bytes: await make() })));
}
