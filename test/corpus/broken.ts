import type { Original } from './corpus.js';
import { corners, photo } from './pictures.js';
import { png } from './png.js';

const text = (content: string) => async () => Buffer.from(content);
const unsupported = { failed: 'unsupported-format' } as const;
const corrupt = { failed: 'corrupt-image' } as const;

/** The first boxes of what a phone writes: HEIF with one picture in HEVC. */
export async function heic(): Promise<Buffer> {
  return Buffer.concat([box('ftyp', 'heic\0\0\0\0mif1heic'), box('meta', '\0\0\0\0'), box('mdat', '\0'.repeat(64))]);
}

function box(name: string, content: string): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(8 + content.length);
  return Buffer.concat([head, Buffer.from(name + content, 'latin1')]);
}

/** 3.6 gigapixels by its header, a few hundred bytes by its size. */
export async function bomb(): Promise<Buffer> {
  const rows = Array.from({ length: 4 }, () => Buffer.alloc(7500));
  return png({ width: 60_000, height: 60_000, depth: 1, colour: 'gray', rows });
}

const SVG = '<?xml version="1.0"?>\n<!-- drawn -->\n<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"><rect width="40" height="30" fill="#c80"/></svg>';

/** Content of other kinds than pictures, whatever it is named. */
export const FOREIGN: readonly Original[] = [
  { name: 'page.jpg', make: text('<!DOCTYPE html>\n<html><body>404</body></html>'), expected: unsupported },
  { name: 'drawing.svg', make: text(SVG), expected: unsupported },
  { name: 'drawing.png', make: text(SVG), expected: unsupported },
  { name: 'paper.pdf', make: text('%PDF-1.7\n%âãÏÓ\n1 0 obj<<>>endobj'), expected: unsupported },
  { name: 'phone.heic', make: heic, expected: unsupported },
  { name: 'notes.jpg', make: text('not a picture\n'), expected: unsupported },
  { name: 'zeros.jpg', make: async () => Buffer.alloc(1000), expected: unsupported },
];

async function truncated(file: Promise<Buffer>): Promise<Buffer> {
  const bytes = await file;
  return bytes.subarray(0, Math.floor(bytes.length * 0.6));
}

/** The format's first bytes, and then nothing that belongs there. */
async function garbage(file: Promise<Buffer>, head: number): Promise<Buffer> {
  const bytes = await file;
  // A fixed series that looks like noise.
  const noise = Buffer.from(Array.from({ length: 2000 }, (_, i) => (i * 2_654_435_761) >>> 13));
  return Buffer.concat([bytes.subarray(0, head), noise]);
}

const picture = () => corners(120, 80);
const photograph = () => photo('astronaut.png');

/** What began as a picture. */
export const BROKEN: readonly Original[] = [
  { name: 'empty.jpg', make: async () => Buffer.alloc(0), expected: { failed: 'empty-original' } },
  { name: 'bomb.png', make: bomb, expected: { failed: 'too-many-pixels' } },
  { name: 'truncated.jpg', make: () => truncated(photo('rocket.jpg')), expected: corrupt },
  { name: 'truncated-progressive.jpg', make: () => truncated(picture().jpeg({ progressive: true }).toBuffer()), expected: corrupt },
  { name: 'truncated.png', make: () => truncated(photograph()), expected: corrupt },
  { name: 'truncated.webp', make: () => truncated(picture().webp().toBuffer()), expected: corrupt },
  { name: 'truncated.gif', make: () => truncated(picture().gif().toBuffer()), expected: corrupt },
  { name: 'truncated.avif', make: () => truncated(picture().avif().toBuffer()), expected: corrupt },
  { name: 'truncated.tiff', make: () => truncated(picture().tiff({ compression: 'none' }).toBuffer()), expected: corrupt },
  { name: 'garbage.jpg', make: () => garbage(picture().jpeg().toBuffer(), 3), expected: corrupt },
  { name: 'garbage.png', make: () => garbage(picture().png().toBuffer(), 8), expected: corrupt },
  { name: 'garbage.webp', make: () => garbage(picture().webp().toBuffer(), 12), expected: corrupt },
  { name: 'garbage.gif', make: () => garbage(picture().gif().toBuffer(), 6), expected: corrupt },
  { name: 'garbage.avif', make: () => garbage(picture().avif().toBuffer(), 32), expected: corrupt },
  { name: 'garbage.tiff', make: () => garbage(picture().tiff().toBuffer(), 4), expected: corrupt },
];
