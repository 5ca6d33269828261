import { readFile } from 'node:fs/promises';
import sharp, { type Sharp } from 'sharp';

export type Rgb = readonly [number, number, number];

/** The corners of `corners()`, upright: each its own colour, so that any turn or mirroring shows. */
export const CORNERS = {
  topLeft: [220, 30, 30],
  topRight: [30, 200, 30],
  bottomLeft: [30, 30, 220],
  bottomRight: [240, 240, 240],
} as const satisfies Record<string, Rgb>;

/** A picture whose four quarters have the colours of CORNERS, as raw pixels that sharp reads. */
export function corners(width: number, height: number): Sharp {
  return painted(width, height, (x, y) => quarter(x / width, y / height));
}

/** Any picture, painted by a function of the pixel. */
export function painted(width: number, height: number, colour: (x: number, y: number) => Rgb): Sharp {
  const pixels = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) pixels.set(colour(x, y), (y * width + x) * 3);
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}

export function quarter(x: number, y: number): Rgb {
  if (y < 0.5) return x < 0.5 ? CORNERS.topLeft : CORNERS.topRight;
  return x < 0.5 ? CORNERS.bottomLeft : CORNERS.bottomRight;
}

/** One of the photographs in test/fixtures/photos. */
export function photo(name: 'hubble_deep_field.jpg' | 'rocket.jpg' | 'chelsea.png' | 'coffee.png' | 'astronaut.png'): Promise<Buffer> {
  return readFile(new URL(`../fixtures/photos/${name}`, import.meta.url));
}

/** Frames of one colour each, as one tall raw picture that sharp reads as an animation. */
export function frames(width: number, height: number, colours: readonly Rgb[]): Sharp {
  const pixels = Buffer.concat(
    colours.map((colour) => Buffer.from(Array.from({ length: width * height }, () => colour).flat())),
  );
  return sharp(pixels, { raw: { width, height: height * colours.length, channels: 3, pageHeight: height } });
}
