import sharp from 'sharp';
import type { ContentFormat } from '../../src/image/render.js';
import type { FailureCode } from '../../src/model/failure.js';
import { BROKEN, FOREIGN } from './broken.js';
import { ADOBE_RGB, profile } from './icc.js';
import { exifBlock, ORIENTATION, oriented, withExif, withProfile } from './jpeg.js';
import { corners, frames, painted, photo } from './pictures.js';
import { deepRow, png } from './png.js';

/** An original, and what is to be expected of it with `format: original` and no size. */
export interface Original {
  /** A file name; it may lie about the content. */
  readonly name: string;
  make(): Promise<Buffer>;
  readonly expected: { readonly made: Expected } | { readonly failed: FailureCode };
}

export interface Expected {
  readonly format: ContentFormat;
  /** Upright. */
  readonly width: number;
  readonly height: number;
}

const jpeg = (width: number, height: number): Original['expected'] => ({ made: { format: 'jpeg', width, height } });
const as = (format: ContentFormat, width: number, height: number): Original['expected'] => ({
  made: { format, width, height },
});

export const FRAMES = [
  [220, 30, 30],
  [30, 200, 30],
  [30, 30, 220],
] as const;

const ORIENTED: readonly Original[] = [1, 2, 3, 4, 5, 6, 7, 8].map((orientation) => ({
  name: `orientation-${orientation}.jpg`,
  make: () => oriented(orientation),
  expected: jpeg(120, 80),
}));

const KINDS: readonly Original[] = [
  { name: 'gray.jpg', make: () => corners(120, 80).toColourspace('b-w').jpeg().toBuffer(), expected: jpeg(120, 80) },
  { name: 'cmyk.jpg', make: () => corners(120, 80).toColourspace('cmyk').jpeg({ quality: 95 }).toBuffer(), expected: jpeg(120, 80) },
  { name: 'progressive.jpg', make: () => corners(120, 80).jpeg({ progressive: true }).toBuffer(), expected: jpeg(120, 80) },
  { name: 'display-p3.jpg', make: () => corners(120, 80).withIccProfile('p3').jpeg({ quality: 95 }).toBuffer(), expected: jpeg(120, 80) },
  {
    name: 'adobe-rgb.jpg',
    make: async () => withProfile(await corners(120, 80).jpeg({ quality: 95 }).toBuffer(), profile(ADOBE_RGB)),
    expected: jpeg(120, 80),
  },
  {
    name: 'deep.png',
    make: async () => png({ width: 60, height: 40, depth: 16, colour: 'rgb', rows: Array.from({ length: 40 }, () => deepRow(60, [51400, 20560, 10280])) }),
    expected: as('png', 60, 40),
  },
  { name: 'palette.png', make: () => corners(120, 80).png({ palette: true }).toBuffer(), expected: as('png', 120, 80) },
  { name: 'alpha.png', make: () => corners(120, 80).ensureAlpha(0.5).png().toBuffer(), expected: as('png', 120, 80) },
  { name: 'still.gif', make: () => corners(120, 80).gif().toBuffer(), expected: as('gif', 120, 80) },
  { name: 'moving.gif', make: () => frames(60, 40, FRAMES).gif({ delay: [100, 200, 300], loop: 2 }).toBuffer(), expected: as('gif', 60, 40) },
  { name: 'still.webp', make: () => corners(120, 80).webp().toBuffer(), expected: as('webp', 120, 80) },
  { name: 'moving.webp', make: () => frames(60, 40, FRAMES).webp({ delay: [100, 200, 300], loop: 2 }).toBuffer(), expected: as('webp', 60, 40) },
  { name: 'still.avif', make: () => corners(120, 80).avif().toBuffer(), expected: as('avif', 120, 80) },
  { name: 'scan.tiff', make: () => corners(120, 80).tiff().toBuffer(), expected: jpeg(120, 80) },
  { name: 'one-pixel.png', make: () => painted(1, 1, () => [200, 80, 40]).png().toBuffer(), expected: as('png', 1, 1) },
  { name: 'panorama.jpg', make: async () => sharp(await photo('coffee.png')).resize(8000, 1000, { fit: 'fill' }).jpeg().toBuffer(), expected: jpeg(8000, 1000) },
  { name: 'png-named.jpg', make: () => corners(120, 80).png().toBuffer(), expected: as('png', 120, 80) },
  { name: 'no-extension', make: () => corners(120, 80).jpeg().toBuffer(), expected: jpeg(120, 80) },
  { name: 'UPPER-CASE.JPG', make: () => corners(120, 80).jpeg().toBuffer(), expected: jpeg(120, 80) },
  {
    name: 'broken-exif.jpg',
    make: async () => withExif(await corners(120, 80).jpeg().toBuffer(), Buffer.from('MM\0*\xff\xff\xff\xff\0\x63rubbish', 'latin1')),
    expected: jpeg(120, 80),
  },
  {
    name: 'odd-orientation.jpg',
    make: async () => withExif(await corners(120, 80).jpeg().toBuffer(), exifBlock({ [ORIENTATION]: 99 })),
    expected: jpeg(120, 80),
  },
  {
    name: 'trailing-bytes.jpg',
    make: async () => Buffer.concat([await corners(120, 80).jpeg().toBuffer(), Buffer.from('appended by an app\0'.repeat(50))]),
    expected: jpeg(120, 80),
  },
];

/** Every kind of original that the wild sends. */
export const CORPUS: readonly Original[] = [...ORIENTED, ...KINDS, ...FOREIGN, ...BROKEN];
