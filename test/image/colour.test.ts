import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { ADOBE_RGB, grayProfile, inSrgb, profile } from '../corpus/icc.js';
import { withProfile } from '../corpus/jpeg.js';
import { painted, type Rgb } from '../corpus/pictures.js';
import { deepRow, png } from '../corpus/png.js';
import { distance, named, pixelsOf, renderAll, renderOne, renderShared } from './making.js';

const COLOURS: readonly Rgb[] = [
  [200, 80, 40],
  [60, 160, 90],
  [90, 90, 200],
  [128, 128, 128],
];

const PNG = { width: null, height: null, format: 'png' } as const;

function flat(colour: Rgb) {
  return painted(32, 24, () => colour);
}

async function colourOf(bytes: Buffer): Promise<readonly number[]> {
  return (await pixelsOf(bytes)).at(0.5, 0.5);
}

describe.each([
  ['alone', renderOne],
  ['from shared pixels', renderShared],
])('colours of a variant made %s', (_, make) => {
  test.each(COLOURS)('Adobe RGB %i %i %i', async (...colour) => {
    const jpeg = await flat(colour).jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).toBuffer();
    const expected = inSrgb(ADOBE_RGB, colour);
    // Not a test of nothing: sRGB numbers are others, but for gray.
    if (colour[0] !== colour[1]) expect(distance(expected, colour)).toBeGreaterThan(5);
    const variant = await make(withProfile(jpeg, profile(ADOBE_RGB)), PNG);
    expect(distance(await colourOf(variant.bytes), expected)).toBeLessThanOrEqual(3);
  });

  test.each(COLOURS)('Display P3 of sRGB %i %i %i', async (...colour) => {
    const p3 = await flat(colour).withIccProfile('p3').png().toBuffer();
    const variant = await make(p3, PNG);
    expect(distance(await colourOf(variant.bytes), colour)).toBeLessThanOrEqual(2);
  });

  test.each(COLOURS)('Adobe RGB of 16 bits %i %i %i', async (...colour) => {
    const rows = Array.from({ length: 24 }, () => deepRow(32, colour.map((value) => value * 257)));
    const deep = png({ width: 32, height: 24, depth: 16, colour: 'rgb', rows, profile: profile(ADOBE_RGB) });
    const variant = await make(deep, { ...PNG, width: 16 });
    expect(distance(await colourOf(variant.bytes), inSrgb(ADOBE_RGB, colour))).toBeLessThanOrEqual(3);
  });

  test.each<Rgb>([
    [255, 255, 255],
    [128, 128, 128],
    [60, 160, 90],
  ])('CMYK of sRGB %i %i %i', async (...colour) => {
    const cmyk = await flat(colour).withIccProfile('cmyk').jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).toBuffer();
    expect((await sharp(cmyk).metadata()).space).toBe('cmyk');
    const variant = await make(cmyk, PNG);
    // The way to ink and back is not exact. Without the profile the gray would be 43 away.
    expect(distance(await colourOf(variant.bytes), colour)).toBeLessThanOrEqual(16);
  });

  test.each([['opaque', 'rgb'], ['transparent', 'rgba']] as const)('of 16 bits with a profile, %s, it stands on a frame of the colour that was asked for', async (_, colour) => {
    const pixel = [200, 80, 40, ...(colour === 'rgba' ? [0] : [])].map((value) => value * 257);
    const deep = png({ width: 32, height: 24, depth: 16, colour, rows: Array.from({ length: 24 }, () => deepRow(32, pixel)), profile: profile(ADOBE_RGB) });
    const framed = await pixelsOf((await make(deep, { width: 16, height: 16, fit: 'contain', background: '#ff8000', format: 'png' })).bytes);
    expect(distance(framed.at(0.5, 0), [255, 128, 0])).toBeLessThanOrEqual(1);
    const behind = await pixelsOf((await make(deep, { width: 16, height: null, background: '#ff8000', format: 'jpeg', quality: 100 })).bytes);
    if (colour === 'rgba') expect(distance(behind.at(0.5, 0.5), [255, 128, 0])).toBeLessThanOrEqual(3);
    else expect(distance(behind.at(0.5, 0.5), inSrgb(ADOBE_RGB, [200, 80, 40]))).toBeLessThanOrEqual(3);
  });

  test('gray and transparent, it stands on a frame of the gray that was asked for', async () => {
    const original = await flat([100, 100, 100]).ensureAlpha(0.5).toColourspace('b-w').png().toBuffer();
    const { at } = await pixelsOf((await make(original, { width: 16, height: 16, fit: 'contain', background: '#40404080', format: 'png' })).bytes);
    expect(distance(at(0.5, 0), [0x40, 0x40, 0x40, 0x80])).toBeLessThanOrEqual(1);
  });

  const gray = (value: number) => flat([value, value, value]).toColourspace('b-w');
  const deepGray = (value: number, icc?: Buffer) =>
    png({ width: 32, height: 24, depth: 16, colour: 'gray', rows: Array.from({ length: 24 }, () => deepRow(32, [value * 257])), profile: icc });

  test.each([
    ['a gray JPEG', () => gray(100).jpeg({ quality: 100 }).toBuffer(), 100],
    ['a gray JPEG with a profile of no grays', async () => withProfile(await gray(100).jpeg({ quality: 100 }).toBuffer(), profile(ADOBE_RGB)), 100],
    // Linear: (100 / 255) in sRGB's curve.
    ['a gray JPEG with a profile', async () => withProfile(await gray(100).jpeg({ quality: 100 }).toBuffer(), grayProfile(1)), 168],
    ['a gray PNG of 16 bits', async () => deepGray(100), 100],
    ['a gray PNG of 16 bits with a profile', async () => deepGray(100, grayProfile(2.2)), 100],
    ['a gray PNG of 16 bits with a linear profile', async () => deepGray(100, grayProfile(1)), 168],
    ['a gray PNG of 16 bits with a profile of no grays', async () => deepGray(100, profile(ADOBE_RGB)), 100],
    ['a gray PNG of 16 bits with a profile of inks', async () => deepGray(100, (await sharp(await flat([0, 0, 0]).withIccProfile('cmyk').jpeg().toBuffer()).metadata()).icc), 100],
  ])('%s stands on a frame of the colour that was asked for', async (_name, original, value) => {
    for (const background of ['#ff8000', '#ff800080', '#404040', '#40404080']) {
      for (const keep of [[], ['icc']] as const) {
        const { at } = await pixelsOf((await make(await original(), { width: 16, height: 16, fit: 'contain', background, format: 'png', keep })).bytes);
        const wanted = Buffer.from(background.slice(1), 'hex');
        expect(distance(at(0.5, 0), wanted)).toBeLessThanOrEqual(1);
        expect(distance(at(0.5, 0.5), [value, value, value])).toBeLessThanOrEqual(2);
      }
    }
  });

  test.each([8, 16] as const)('gray of %i bits is that of its profile', async (depth) => {
    const rows = Array.from({ length: 24 }, () => (depth === 8 ? Buffer.alloc(32, 100) : deepRow(32, [100 * 257])));
    for (const [gamma, value] of [[1, 168], [2.2, 100]] as const) {
      const original = png({ width: 32, height: 24, depth, colour: 'gray', rows, profile: grayProfile(gamma) });
      expect(distance(await colourOf((await make(original, { ...PNG, width: 16 })).bytes), [value])).toBeLessThanOrEqual(2);
    }
  });

  test('gray and transparent, a JPEG has the colour behind it', async () => {
    const original = await flat([100, 100, 100]).ensureAlpha(0.5).toColourspace('b-w').png().toBuffer();
    expect((await sharp(original).metadata()).channels).toBe(2);
    const variant = await make(original, { width: 16, height: null, background: '#ff8000', format: 'jpeg', quality: 100 });
    expect(distance(await colourOf(variant.bytes), [178, 114, 50])).toBeLessThanOrEqual(3);
  });
});

describe('keep: icc', () => {
  test('the variant has the original\'s profile, and its numbers stay', async () => {
    const colour: Rgb = [60, 160, 90];
    const icc = profile(ADOBE_RGB);
    const original = withProfile(await flat(colour).jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).toBuffer(), icc);
    for (const make of [renderOne, renderShared]) {
      for (const format of ['jpeg', 'png', 'webp', 'avif'] as const) {
        const variant = await make(original, { width: 16, height: null, format, quality: 100, keep: ['icc'] });
        expect((await sharp(variant.bytes).metadata()).icc).toEqual(icc);
        expect(distance(await colourOf(variant.bytes), colour)).toBeLessThanOrEqual(4);
      }
    }
  });

  test('where one spec keeps the profile and another does not, each gets its own colours', async () => {
    const colour: Rgb = [60, 160, 90];
    const original = withProfile(await flat(colour).jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).toBuffer(), profile(ADOBE_RGB));
    const { kept, plain } = await renderAll(original, [named('kept', { ...PNG, keep: ['icc'] }), named('plain', PNG)]);
    expect(distance(await colourOf(kept.bytes), colour)).toBeLessThanOrEqual(3);
    expect(distance(await colourOf(plain.bytes), inSrgb(ADOBE_RGB, colour))).toBeLessThanOrEqual(3);
    expect((await sharp(plain.bytes).metadata()).icc).toBeUndefined();
  });

  test('a CMYK profile is not kept, as no screen shows its numbers', async () => {
    const cmyk = await flat([60, 160, 90]).withIccProfile('cmyk').jpeg({ quality: 100 }).toBuffer();
    const variant = await renderOne(cmyk, { ...PNG, format: 'jpeg', quality: 100, keep: ['icc'] });
    expect(await sharp(variant.bytes).metadata()).toMatchObject({ space: 'srgb', hasProfile: false });
    expect(distance(await colourOf(variant.bytes), [60, 160, 90])).toBeLessThanOrEqual(16);
  });
});
