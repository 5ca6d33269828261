import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { renderVariants } from '../../src/image/render.js';
import { Failure } from '../../src/model/failure.js';
import { DEFAULT_LIMITS } from '../../src/model/limits.js';
import { FITS, FORMATS, POSITIONS } from '../../src/model/spec.js';
import { corners, frames, painted, photo } from '../corpus/pictures.js';
import { collect, spec } from '../support.js';
import { distance, pixelsOf, render, renderOne, WHOLE } from './making.js';

describe('formats', () => {
  test('every fit, position and format goes together', async () => {
    const original = await sharp(await photo('chelsea.png')).resize(90).ensureAlpha().png().toBuffer();
    const specs = FITS.flatMap((fit) =>
      POSITIONS.flatMap((position) =>
        FORMATS.map((format) => spec(`${fit} ${position} ${format}`, { width: 40, height: 50, fit, position, format, effort: 1 })),
      ),
    );
    const made = await render(original, specs);
    expect(Object.keys(made)).toHaveLength(specs.length);
    for (const { name, fit, format } of specs) {
      const exact = fit === 'cover' || fit === 'contain' || fit === 'fill';
      expect(made[name], name).toMatchObject({
        format: format === 'original' ? 'png' : format,
        ...(exact && { width: 40, height: 50 }),
      });
    }
  });

  test('quality counts, and is sharp\'s own if not given', async () => {
    const original = await photo('rocket.jpg');
    for (const format of ['jpeg', 'webp', 'avif'] as const) {
      const sizes = await Promise.all(
        [20, null, 95].map(async (quality) => (await renderOne(original, { width: 200, format, quality, height: null })).bytes.length),
      );
      expect(sizes).toEqual([...sizes].sort((a, b) => a - b));
      const plain = await sharp(original).resize(200).toFormat(format).toBuffer();
      expect(sizes[1]).toBe(plain.length);
    }
  });

  test.each(['webp', 'avif'] as const)('lossless %s changes no pixel', async (format) => {
    const original = await photo('coffee.png');
    const variant = await renderOne(original, { ...WHOLE, format, lossless: true, effort: 0 });
    const expected = await pixelsOf(original);
    expect(distance((await pixelsOf(variant.bytes)).data, expected.data)).toBeLessThanOrEqual(format === 'avif' ? 2 : 0);
  });

  test('png is exact whatever quality and effort say', async () => {
    const original = await photo('coffee.png');
    const quick = await renderOne(original, { ...WHOLE, quality: 10, effort: 1 });
    const thorough = await renderOne(original, { ...WHOLE, quality: 10, effort: 10 });
    const expected = await pixelsOf(original);
    for (const { bytes } of [quick, thorough]) expect((await pixelsOf(bytes)).data.equals(expected.data)).toBe(true);
    expect(thorough.bytes.length).toBeLessThan(quick.bytes.length);
  });

  test('effort out of a format\'s range is brought into it', async () => {
    const original = await corners(30, 20).png().toBuffer();
    for (const format of ['webp', 'avif', 'png'] as const) {
      for (const effort of [0, 10]) expect(await renderOne(original, { format, effort })).toMatchObject({ format });
    }
  });

  test.each(['jpeg', 'png'] as const)('progressive %s', async (format) => {
    const original = await photo('rocket.jpg');
    for (const progressive of [true, false]) {
      const { bytes } = await renderOne(original, { format, progressive });
      expect((await sharp(bytes).metadata()).isProgressive).toBe(progressive);
    }
  });

  test('what a format cannot hold fails alone', async () => {
    const wide = await sharp({ create: { width: 17_000, height: 4, channels: 3, background: '#888' } }).png().toBuffer();
    const made = await render(wide, [spec('webp', { ...WHOLE, format: 'webp' }), spec('png', { ...WHOLE, format: 'png' })]);
    expect(made['webp']).toBeInstanceOf(Failure);
    expect(made['webp']).toMatchObject({ code: 'too-many-pixels' });
    expect(made['png']).toMatchObject({ width: 17_000 });
  });
});

describe('alpha', () => {
  const halfRed = () => painted(40, 30, () => [255, 0, 0]).ensureAlpha(0.5).png().toBuffer();

  test('is filled with the background only where the format has none', async () => {
    const original = await halfRed();
    const made = await render(original, [
      spec('jpeg', { width: 20, height: 20, format: 'jpeg', quality: 100, background: '#0000ff' }),
      ...(['png', 'webp', 'avif'] as const).map((format) => spec(format, { width: 20, height: 20, format, quality: 100, background: '#0000ff' })),
    ]);
    for (const [name, variant] of Object.entries(made)) {
      if (variant instanceof Failure) throw variant;
      const pixel = (await pixelsOf(variant.bytes)).at(0.5, 0.5);
      const expected = name === 'jpeg' ? [127, 0, 128] : [255, 0, 0, 128];
      expect(pixel).toHaveLength(expected.length);
      expect(distance(pixel, expected), name).toBeLessThanOrEqual(5);
    }
  });

  test('a frame may be transparent where the format can be, and is opaque where it cannot', async () => {
    const original = await corners(40, 20).png().toBuffer();
    const framed = { width: 40, height: 40, fit: 'contain', background: '#00ff0080' } as const;
    const made = await render(original, [spec('png', { ...framed, format: 'png' }), spec('jpeg', { ...framed, format: 'jpeg', quality: 100 })]);
    const pixel = async (name: string) => {
      const variant = made[name];
      if (variant === undefined || variant instanceof Failure) throw new Error(name);
      return (await pixelsOf(variant.bytes)).at(0.5, 0.05);
    };
    expect(await pixel('png')).toEqual([0, 255, 0, 128]);
    expect(distance(await pixel('jpeg'), [0, 255, 0])).toBeLessThanOrEqual(3);
  });
});

describe('animation', () => {
  const moving = () => frames(40, 30, [[255, 0, 0], [0, 255, 0]]).gif().toBuffer();

  test.each([
    ['original', true, 2],
    ['webp', true, 2],
    ['original', false, 1],
    ['webp', false, 1],
    ['jpeg', true, 1],
    ['png', true, 1],
    ['avif', true, 1],
  ] as const)('format %s, animated %s: %s frames', async (format, animated, pages) => {
    const { bytes } = await renderOne(await moving(), { format, animated });
    expect((await sharp(bytes).metadata()).pages ?? 1).toBe(pages);
  });

  test('what moves and what does not come from one call', async () => {
    const made = await render(await moving(), [
      spec('a', { width: 20 }),
      spec('b', { width: 10, format: 'webp' }),
      spec('c', { width: 20, format: 'jpeg' }),
      spec('d', { width: 10, format: 'png' }),
    ]);
    expect(made).toMatchObject({ a: { format: 'gif', width: 20, height: 15 }, b: { format: 'webp', width: 10, height: 8 }, c: { format: 'jpeg', width: 20, height: 15 }, d: { format: 'png', width: 10 } });
  });
});

describe('equal variants', () => {
  test('are encoded once', async () => {
    const original = await photo('rocket.jpg');
    const specs = [
      spec('a', { width: 2048, height: 2048 }),
      spec('b', { width: 1280, height: 1280 }),
      // No quality, lossless or effort for a JPEG; nothing to fill or cut; nothing of the sort to keep.
      spec('c', { ...WHOLE, lossless: true, effort: 3, background: '#ff0000', position: 'north', keep: ['exif'] }),
      spec('d', { ...WHOLE, format: 'jpeg', cacheControl: 'no-store' }),
      spec('e', { ...WHOLE, quality: 60 }),
      spec('f', { width: 640, height: 100 }),
    ];
    const results = await collect(renderVariants(original, specs, DEFAULT_LIMITS));
    expect(results.map(({ specs: served }) => served.map(({ name }) => name).join('')).sort()).toEqual(['abcd', 'e', 'f']);
    expect(results.flatMap(({ specs: served }) => served).every((one) => specs.includes(one))).toBe(true);
  });
});
