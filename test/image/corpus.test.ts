import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { FAILURE_CODES } from '../../src/model/failure.js';
import { CORPUS, FRAMES, type Original } from '../corpus/corpus.js';
import { CORNERS, corners } from '../corpus/pictures.js';
import { spec } from '../support.js';
import { distance, failureOf, pixelsOf, render, renderOne, renderShared, WHOLE } from './making.js';

function original(name: string): Promise<Buffer> {
  const found = CORPUS.find((one) => one.name === name);
  if (found === undefined) throw new Error(`${name} is not in the corpus`);
  return found.make();
}

const made = CORPUS.flatMap(({ name, make, expected }) => ('made' in expected ? [{ name, make, ...expected.made }] : []));
const failing = CORPUS.flatMap(({ name, make, expected }) => ('failed' in expected ? [{ name, make, code: expected.failed }] : []));

describe('the corpus', () => {
  test('has no two originals of one name', () => {
    expect(new Set(CORPUS.map(({ name }: Original) => name)).size).toBe(CORPUS.length);
  });

  test.each(made)('$name becomes $format of $width x $height', async ({ make, format, width, height }) => {
    const variant = await renderOne(await make(), WHOLE);
    expect(variant).toMatchObject({ format, contentType: `image/${format}`, width, height });
    const stored = await sharp(variant.bytes).metadata();
    expect(stored).toMatchObject({ width, height, format: format === 'avif' ? 'heif' : format });
    expect(stored.orientation).toBeUndefined();
    expect(stored.icc).toBeUndefined();
    expect(stored.exif).toBeUndefined();
  });

  test.each(made)('$name gives several variants from one decode', async ({ make }) => {
    const variants = await render(await make(), [spec('a', { width: 40 }), spec('b', { width: 20 }), spec('c', { width: 9, height: 9, fit: 'cover' })]);
    for (const name of ['a', 'b', 'c']) expect(variants[name]).toHaveProperty('bytes');
  });

  test.each(failing)('$name fails as $code', async ({ make, code }) => {
    const failure = await failureOf(await make());
    expect(failure.code).toBe(code);
    expect(FAILURE_CODES[failure.code]).toBe(false);
    expect(failure.detail.length).toBeLessThanOrEqual(100);
    expect(failure.detail).not.toMatch(/\n|\/|\bat /);
  });
});

test('what the library refuses before it looks at a pixel is trouble with the original, and no bug', async () => {
  // Colours, alpha and a mask: more channels than it takes as raw pixels.
  const mask = [0, 255].map((value) => Buffer.alloc(120 * 80, value));
  const original = await corners(120, 80).joinChannel(mask, { raw: { width: 120, height: 80, channels: 1 } }).tiff({ compression: 'none' }).toBuffer();
  expect((await sharp(original).metadata()).channels).toBe(5);
  expect((await failureOf(original)).code).toBe('corrupt-image');
});

describe('upright', () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])('orientation %i', async (orientation) => {
    const bytes = await original(`orientation-${orientation}.jpg`);
    for (const make of [renderOne, renderShared]) {
      for (const fields of [WHOLE, { width: 60, height: 60 }, { width: 50, height: 40, fit: 'fill' as const }]) {
        const pixels = await pixelsOf((await make(bytes, fields)).bytes);
        expect(distance(pixels.at(0.2, 0.2), CORNERS.topLeft)).toBeLessThan(12);
        expect(distance(pixels.at(0.8, 0.2), CORNERS.topRight)).toBeLessThan(12);
        expect(distance(pixels.at(0.2, 0.8), CORNERS.bottomLeft)).toBeLessThan(12);
        expect(distance(pixels.at(0.8, 0.8), CORNERS.bottomRight)).toBeLessThan(12);
      }
    }
  });

  test('crops and frames are placed in the upright picture', async () => {
    const bytes = await original('orientation-6.jpg');
    for (const make of [renderOne, renderShared]) {
      const corner = await pixelsOf((await make(bytes, { width: 60, height: 80, fit: 'cover', position: 'west', format: 'png' })).bytes);
      expect([corner.width, corner.height]).toEqual([60, 80]);
      expect(distance(corner.at(0.9, 0.1), CORNERS.topLeft)).toBeLessThan(12);
      const framed = await pixelsOf((await make(bytes, { width: 120, height: 120, fit: 'contain', position: 'south', background: '#102030', format: 'png' })).bytes);
      expect(framed.at(0.1, 0.1)).toEqual([0x10, 0x20, 0x30]);
      expect(distance(framed.at(0.1, 0.95), CORNERS.bottomLeft)).toBeLessThan(12);
    }
  });
});

describe('the kinds', () => {
  test('a grayscale original stays gray', async () => {
    const { at } = await pixelsOf((await renderOne(await original('gray.jpg'), WHOLE)).bytes);
    const [red, green, blue] = at(0.8, 0.2);
    expect(green).toBe(red);
    expect(blue).toBe(red);
  });

  test('a 16-bit original becomes one of 8 bits with the same colour', async () => {
    const { bytes } = await renderOne(await original('deep.png'), WHOLE);
    expect((await sharp(bytes).metadata()).depth).toBe('uchar');
    // 51400, 20560 and 10280 are these times 257.
    expect((await pixelsOf(bytes)).at(0.5, 0.5)).toEqual([200, 80, 40]);
  });

  test('a palette keeps its colours', async () => {
    const { at } = await pixelsOf((await renderOne(await original('palette.png'), WHOLE)).bytes);
    expect(distance(at(0.2, 0.8), CORNERS.bottomLeft)).toBeLessThan(12);
  });

  test('one pixel stays one pixel', async () => {
    const { at, width, height } = await pixelsOf((await renderOne(await original('one-pixel.png'), { width: 500, height: 500, fit: 'cover' })).bytes);
    expect([width, height, ...at(0, 0)]).toEqual([1, 1, 200, 80, 40]);
  });

  test.each(['moving.gif', 'moving.webp'])('%s keeps its frames, their time and their number of turns', async (name) => {
    const bytes = await original(name);
    for (const make of [renderOne, renderShared]) {
      const variant = await make(bytes, { width: 30, height: 30 });
      expect([variant.width, variant.height]).toEqual([30, 20]);
      expect(await sharp(variant.bytes, { pages: -1 }).metadata()).toMatchObject({ pages: 3, pageHeight: 20, delay: [100, 200, 300], loop: 2 });
      for (const [page, colour] of FRAMES.entries()) {
        expect(distance((await pixelsOf(variant.bytes, page)).at(0.5, 0.5), colour)).toBeLessThan(12);
      }
    }
  });

  test('a photograph cut short does not pass for a whole one, wherever it ends', async () => {
    const whole = await original('no-extension');
    for (const part of [0.3, 0.7, 0.95]) {
      expect((await failureOf(whole.subarray(0, Math.floor(whole.length * part)))).code).toBe('corrupt-image');
    }
  });
});

describe('what is not accepted is named', () => {
  test.each([
    ['page.jpg', 'HTML'],
    ['drawing.svg', 'SVG'],
    ['paper.pdf', 'PDF'],
    ['phone.heic', 'HEIC (HEVC)'],
    ['notes.jpg', 'text'],
    ['zeros.jpg', 'unknown content'],
  ])('%s is %s', async (name, detail) => {
    expect((await failureOf(await original(name))).detail).toBe(detail);
  });
});
