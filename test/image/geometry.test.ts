import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { geometry } from '../../src/image/geometry.js';
import type { Rendered } from '../../src/image/render.js';
import { FITS, POSITIONS, type Fit, type Spec } from '../../src/model/spec.js';
import { FRAMES } from '../corpus/corpus.js';
import { exifBlock, ORIENTATION, withExif } from '../corpus/jpeg.js';
import { CORNERS, corners, frames, photo } from '../corpus/pictures.js';
import { spec } from '../support.js';
import { distance, named, pixelsOf, render, renderAll, renderOne, renderShared } from './making.js';

function sizeOf(width: number, height: number, fields: Partial<Spec>): readonly [number, number] {
  const { result } = geometry({ width, height }, spec('one', fields));
  return [result.width, result.height];
}

describe('sizes', () => {
  test.each<[Fit, number, number]>([
    ['inside', 100, 67],
    ['outside', 150, 100],
    ['cover', 100, 100],
    ['contain', 100, 100],
    ['fill', 100, 100],
  ])('%s of 1500x1000 in a box of 100x100 is %ix%i', (fit, width, height) => {
    expect(sizeOf(1500, 1000, { fit })).toEqual([width, height]);
  });

  test.each<[Fit, [number, number], [number, number]]>([
    ['inside', [40, 30], [100, 75]],
    ['outside', [40, 30], [133, 100]],
    // A crop of the box's proportions, as far as the pixels go.
    ['cover', [30, 30], [100, 100]],
    ['contain', [100, 100], [100, 100]],
    ['fill', [40, 30], [100, 100]],
  ])('%s of 40x30 in a box of 100x100 is %j, enlarged %j', (fit, plain, enlarged) => {
    expect(sizeOf(40, 30, { fit })).toEqual(plain);
    expect(sizeOf(40, 30, { fit, enlarge: true })).toEqual(enlarged);
  });

  test('cover of an original that is smaller on one side only keeps the proportions of the box', () => {
    expect(sizeOf(600, 300, { width: 500, height: 500, fit: 'cover' })).toEqual([300, 300]);
    expect(sizeOf(600, 300, { width: 800, height: 200, fit: 'cover' })).toEqual([600, 150]);
  });

  test.each(FITS)('%s with one side keeps the proportions', (fit) => {
    expect(sizeOf(1500, 1000, { width: 300, height: null, fit })).toEqual([300, 200]);
    expect(sizeOf(1500, 1000, { width: null, height: 300, fit })).toEqual([450, 300]);
    expect(sizeOf(1500, 1000, { width: null, height: null, fit })).toEqual([1500, 1000]);
    expect(sizeOf(150, 100, { width: 300, height: null, fit })).toEqual([150, 100]);
  });

  test('a thin original never shrinks to nothing', () => {
    expect(sizeOf(10_000, 3, { width: 100, height: 100 })).toEqual([100, 1]);
    expect(sizeOf(10_000, 3, { width: 100, height: 100, fit: 'cover' })).toEqual([3, 3]);
  });

  test('are those of sharp, for any original and box', async () => {
    const side = fc.integer({ min: 1, max: 300 });
    const fits = fc.constantFrom('inside', 'outside', 'fill');
    await fc.assert(
      fc.asyncProperty(side, side, side, side, fits, fc.boolean(), async (width, height, boxWidth, boxHeight, fit, enlarge) => {
        const image = sharp({ create: { width, height, channels: 3, background: '#123456' } });
        const { info } = await image
          .resize(boxWidth, boxHeight, { fit, withoutEnlargement: !enlarge })
          .raw()
          .toBuffer({ resolveWithObject: true });
        const expected = [info.width, info.height];
        expect(sizeOf(width, height, { width: boxWidth, height: boxHeight, fit, enlarge })).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  test('what is made has the size that was computed, for any original and spec, alone or not', async () => {
    const side = fc.integer({ min: 1, max: 90 });
    await fc.assert(
      fc.asyncProperty(side, side, side, side, fc.constantFrom(...FITS), fc.boolean(), async (width, height, boxWidth, boxHeight, fit, enlarge) => {
        const original = await corners(width, height).png().toBuffer();
        const fields = { width: boxWidth, height: boxHeight, fit, enlarge };
        const made = await render(original, [spec('a', fields), spec('b', { ...fields, format: 'webp' }), spec('c', { width: 5 })]);
        const [w, h] = sizeOf(width, height, fields);
        for (const name of ['a', 'b']) expect(made[name]).toMatchObject({ width: w, height: h });
      }),
      { numRuns: 100 },
    );
  });

  test.each<[string, number, number, Partial<Spec>, number, number]>([
    // Shrunk while they are decoded, to whole pixels, they have other proportions: of 685 x 438 pixels 247.4 rows would be due, of 171 x 109 34.4.
    ['jpeg', 1371, 877, { width: 387, height: null }, 387, 248],
    ['jpeg', 1371, 877, { width: 54, height: null }, 54, 35],
    ['jpeg', 1001, 901, { width: null, height: 22 }, 24, 22],
    ['jpeg', 1371, 877, { width: 387, height: 200, fit: 'cover', position: 'south' }, 387, 200],
    ['jpeg', 1371, 877, { width: 387, height: 300, fit: 'contain', position: 'south' }, 387, 300],
    // 22.5 rows, and 4.5 columns: the library rounds one up, and one down.
    ['png', 10, 25, { width: 9, height: null }, 9, 23],
    ['png', 7, 14, { width: null, height: 9 }, 4, 9],
  ])('so has a %s of %i x %i for %j: %i x %i', async (format, width, height, fields, w, h) => {
    const original = await corners(width, height).toFormat(format as 'jpeg').toBuffer();
    expect(sizeOf(width, height, fields)).toEqual([w, h]);
    for (const make of [renderOne, renderShared]) expect(await make(original, fields)).toMatchObject({ width: w, height: h });
    const pair = await renderAll(original, [named('a', fields), named('b', { ...fields, format: 'webp' }), named('c', { width: 5 })]);
    for (const variant of [pair.a, pair.b]) expect(variant).toMatchObject({ width: w, height: h });
  });

  test.each([1, 6])('so has any JPEG of orientation %i that is shrunk while it is decoded', async (orientation) => {
    const side = fc.integer({ min: 200, max: 1200 });
    const box = fc.integer({ min: 10, max: 300 });
    await fc.assert(
      fc.asyncProperty(side, side, box, box, fc.constantFrom(...FITS), async (width, height, boxWidth, boxHeight, fit) => {
        const stored = orientation === 1 ? { width, height } : { width: height, height: width };
        const original = withExif(await sharp({ create: { ...stored, channels: 3, background: '#345678' } }).jpeg().toBuffer(), exifBlock({ [ORIENTATION]: orientation }));
        const fields = { width: boxWidth, height: boxHeight, fit };
        const made = await render(original, [spec('a', fields), spec('b', { ...fields, format: 'webp', effort: 0 }), spec('c', { width: 5 })]);
        const [w, h] = sizeOf(width, height, fields);
        for (const name of ['a', 'b']) expect(made[name]).toMatchObject({ width: w, height: h });
        expect(await renderOne(original, fields)).toMatchObject({ width: w, height: h });
      }),
      { numRuns: 150 },
    );
  });

  test.each(['gif', 'webp'] as const)('so has every frame of a moving %s', async (format) => {
    const side = fc.integer({ min: 1, max: 90 });
    // Often half of the original's width: half an odd height is a tie.
    const boxes = fc.tuple(side, side, side).chain(([width, height, boxHeight]) => fc.oneof(side, fc.constant(Math.ceil(width / 2))).map((boxWidth) => [width, height, boxWidth, boxHeight] as const));
    await fc.assert(
      fc.asyncProperty(boxes, fc.constantFrom(...FITS), fc.boolean(), async ([width, height, boxWidth, boxHeight], fit, enlarge) => {
        const original = await frames(width, height, FRAMES).toFormat(format).toBuffer();
        const fields = { width: boxWidth, height: boxHeight, fit, enlarge };
        const [w, h] = sizeOf(width, height, fields);
        for (const make of [renderOne, renderShared]) await expectFrames(await make(original, fields), w, h);
      }),
      { numRuns: 100 },
    );
  });

  test.each(['gif', 'webp'] as const)('a moving %s whose height is rounded at a tie keeps to it in every frame', async (format) => {
    const original = await frames(800, 449, FRAMES).toFormat(format).toBuffer();
    const made = await renderAll(original, [named('large', { width: 400, height: 400 }), named('small', { width: 200, height: 200 })]);
    await expectFrames(made.large, 400, 225);
    await expectFrames(made.small, 200, 112);
    for (const make of [renderOne, renderShared]) {
      await expectFrames(await make(original, { width: 400, height: 400 }), 400, 225);
      await expectFrames(await make(original, { width: 400, height: 400, fit: 'contain' }), 400, 400);
      await expectFrames(await make(original, { width: 300, height: 225, fit: 'cover', position: 'south' }), 300, 225);
    }
  });

  async function expectFrames(variant: Rendered, width: number, height: number): Promise<void> {
    expect(variant).toMatchObject({ width, height });
    expect(await sharp(variant.bytes, { pages: -1 }).metadata()).toMatchObject({ pages: FRAMES.length, width, pageHeight: height });
  }
});

describe('positions', () => {
  const GRAVITIES = POSITIONS.filter((position) => position !== 'attention' && position !== 'entropy');

  test.each(GRAVITIES)('cover at %s cuts where sharp does', async (position) => {
    const original = await photo('chelsea.png');
    const fields = { width: 61, height: 90, fit: 'cover', position, format: 'png' } as const;
    const reference = await sharp(original).resize(61, 90, { fit: 'cover', position }).raw().toBuffer();
    expect((await pixelsOf((await renderOne(original, fields)).bytes)).data.equals(reference)).toBe(true);
    const shared = (await pixelsOf((await renderShared(original, fields)).bytes)).data;
    expect(distance(shared, reference)).toBeLessThan(40);
  });

  test.each(GRAVITIES)('contain at %s frames where sharp does', async (position) => {
    const original = await photo('chelsea.png');
    const fields = { width: 120, height: 161, fit: 'contain', position, format: 'png', background: '#204060' } as const;
    const reference = await sharp(original).resize(120, 161, { fit: 'contain', position, background: '#204060' }).raw().toBuffer();
    expect((await pixelsOf((await renderOne(original, fields)).bytes)).data.equals(reference)).toBe(true);
  });

  test.each(['attention', 'entropy'] as const)('%s finds what sharp finds', async (position) => {
    // Noise on an empty ground: whatever is interesting is to the right.
    const spot = sharp({ create: { width: 100, height: 200, channels: 3, noise: { type: 'gaussian', mean: 128, sigma: 60 }, background: '#000' } });
    const original = await sharp({ create: { width: 600, height: 200, channels: 3, background: '#f4f4f4' } })
      .composite([{ input: await spot.png().toBuffer(), left: 480, top: 0 }])
      .png()
      .toBuffer();
    for (const make of [renderOne, renderShared]) {
      const { at, width, height } = await pixelsOf((await make(original, { width: 100, height: 100, fit: 'cover', position, format: 'png' })).bytes);
      expect([width, height]).toEqual([100, 100]);
      const dark = [0.3, 0.4, 0.5, 0.6, 0.7].filter((x) => (at(x, 0.5)[0] ?? 255) < 235);
      expect(dark.length).toBeGreaterThan(1);
    }
  });

  describe.each(['attention', 'entropy'] as const)('%s beside a spec that stretches', (position) => {
    // Soft, as each resize moves an edge a little.
    const spot = async () => {
      const sharpEdged = sharp({ create: { width: 900, height: 300, channels: 3, background: '#8090a0' } })
        .composite([{ input: { create: { width: 120, height: 120, channels: 3, background: '#f02010' } }, left: 630, top: 90 }]);
      return sharp(await sharpEdged.png().toBuffer()).blur(12).png().toBuffer();
    };
    const moving = async () => sharp([await spot(), await spot()], { join: { animated: true } }).webp({ lossless: true }).toBuffer();

    test.each([
      ['a still is made taller', spot, 'png', [100, 150], [0]],
      ['a still is made flatter', spot, 'png', [600, 40], [0]],
      ['an animation is made taller', moving, 'webp', [100, 150], [0, 1]],
      ['an animation is made flatter', moving, 'webp', [600, 40], [0, 1]],
    ] as const)('is what it is alone, where %s', async (_, make, format, [width, height], pages) => {
      const original = await make();
      const cut = named('cut', { width: 100, height: 100, fit: 'cover', position, format, lossless: format === 'webp' });
      const alone = await renderAll(original, [cut]);
      const beside = await renderAll(original, [cut, named('fill', { width, height, fit: 'fill', format })]);
      for (const page of pages) {
        const [a, b] = [await pixelsOf(alone.cut.bytes, page), await pixelsOf(beside.cut.bytes, page)];
        // Stretched, they are 130 and more away.
        expect(distance(a.data, b.data)).toBeLessThan(10);
      }
    });
  });

  test('all frames of an animation are cut at the same place', async () => {
    const first = await corners(120, 60).png().toBuffer();
    const second = await sharp(first).composite([{ input: { create: { width: 10, height: 60, channels: 3, background: '#000' } }, left: 0, top: 0 }]).png().toBuffer();
    const wide = await sharp([first, second], { join: { animated: true } }).webp({ lossless: true }).toBuffer();
    for (const make of [renderOne, renderShared]) {
      const variant = await make(wide, { width: 20, height: 20, fit: 'cover', position: 'east' });
      for (const page of [0, 1]) expect(distance((await pixelsOf(variant.bytes, page)).at(0.5, 0.2), CORNERS.topRight)).toBeLessThan(12);
      const smart = await make(wide, { width: 20, height: 20, fit: 'cover', position: 'entropy' });
      expect(await sharp(smart.bytes, { pages: -1 }).metadata()).toMatchObject({ pages: 2, width: 20, pageHeight: 20 });
    }
  });
});
