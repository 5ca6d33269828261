import sharp from 'sharp';
import { ssim } from 'ssim.js';
import { describe, expect, test } from 'vitest';
import { geometry } from '../../src/image/geometry.js';
import { ladder, topSize } from '../../src/image/ladder.js';
import type { Rendered } from '../../src/image/render.js';
import { mayShrinkFully } from '../../src/image/shrink-on-load.js';
import type { Spec } from '../../src/model/spec.js';
import { photo } from '../corpus/pictures.js';
import { named, renderAll } from './making.js';

const PNG = { format: 'png', effort: 1 } as const;
const inside = (side: number) => named(`inside-${side}`, { width: side, height: side, ...PNG });
const square = (side: number) => named(`square-${side}`, { width: side, height: side, fit: 'cover', ...PNG });

/** How alike the variant's pixels are to those of sharp's resize from the full decode; 1 is equal. */
async function likeness(full: Full, variant: Rendered | undefined, { width, height, fit }: Spec): Promise<number> {
  const { data, info } = await sharp(full.data, { raw: full.info })
    .resize({ width: width ?? undefined, height: height ?? undefined, fit, withoutEnlargement: true })
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  if (variant === undefined) throw new Error('not made');
  const made = await sharp(variant.bytes).ensureAlpha().raw().toBuffer();
  const image = (pixels: Buffer) => ({ data: new Uint8ClampedArray(pixels), width: info.width, height: info.height });
  return ssim(image(data), image(made), { downsample: false }).mssim;
}

interface Full {
  readonly data: Buffer;
  readonly info: { width: number; height: number; channels: 1 | 2 | 3 | 4 };
}

function decoded(original: Buffer): Promise<Full> {
  return sharp(original).raw().toBuffer({ resolveWithObject: true });
}

/** A large original from a small photograph: grain stands for the detail that it lacks. */
async function large(name: 'coffee.png' | 'chelsea.png', width: number, height: number): Promise<Buffer> {
  const grain = await sharp({ create: { width, height, channels: 3, background: '#000', noise: { type: 'gaussian', mean: 128, sigma: 6 } } }).png({ compressionLevel: 0 }).toBuffer();
  return sharp(await photo(name)).resize(width, height).composite([{ input: grain, blend: 'soft-light' }]).jpeg({ quality: 85 }).toBuffer();
}

describe('structural similarity to a resize from the full decode', () => {
  test.each([
    ['4000x3000', () => large('coffee.png', 4000, 3000)],
    ['a photograph of the fixtures', () => photo('hubble_deep_field.jpg')],
    ['panorama 8000x1000', () => large('chelsea.png', 8000, 1000)],
  ])('%s', async (_, make) => {
    const original = await make();
    const full = await decoded(original);
    const sets = [
      [inside(2048), inside(1600), inside(1280), inside(800), inside(400), square(500), square(150)],
      [inside(720), inside(150)],
      // Alone: straight from the original.
      ...[600, 450, 330, 150].map((side) => [inside(side)]),
    ];
    for (const specs of sets) {
      const made = await renderAll(original, specs);
      for (const spec of specs) {
        const variant = made[spec.name];
        expect(await likeness(full, variant, spec), `${spec.name} of ${specs.length}`).toBeGreaterThanOrEqual(0.99);
      }
    }
  });

  test('a WebP original', async () => {
    const original = await sharp(await photo('hubble_deep_field.jpg')).webp({ quality: 95 }).toBuffer();
    const full = await decoded(original);
    const specs = [inside(400), square(150)];
    const made = await renderAll(original, specs);
    for (const spec of specs) expect(await likeness(full, made[spec.name], spec)).toBeGreaterThanOrEqual(0.99);
  });
});

describe('the pixels that all are made from', () => {
  const scales = (original: { width: number; height: number }, specs: readonly Spec[]) =>
    specs.map((spec) => geometry(original, spec).scaled);

  test('are as small as serves every spec', () => {
    const original = { width: 8000, height: 5000 };
    expect(topSize(original, scales(original, [inside(2048), inside(400), square(500)]))).toMatchObject({ width: 2048, height: 1280 });
  });

  test('have the height that a square from a panorama needs', () => {
    const original = { width: 8000, height: 1000 };
    expect(topSize(original, scales(original, [inside(2048), square(500)]))).toMatchObject({ width: 4000, height: 500 });
  });

  test('serve each axis by itself', () => {
    const original = { width: 4000, height: 4000 };
    const stretched = (width: number, height: number) => named('fill', { width, height, fit: 'fill' });
    expect(topSize(original, scales(original, [stretched(1000, 50), stretched(50, 800)]))).toEqual({ width: 1000, height: 800, exact: 'both' });
  });

  test('are the original itself where it is hardly larger, or has to be enlarged', () => {
    const original = { width: 1000, height: 800 };
    expect(topSize(original, scales(original, [inside(900)]))).toMatchObject(original);
    expect(topSize(original, scales(original, [named('large', { width: 3000, height: null, enlarge: true })]))).toMatchObject(original);
  });

  test('lead down a ladder on which nothing is ever enlarged', () => {
    const original = { width: 4000, height: 3000 };
    const specs = [...[2048, 1600, 1280, 1000, 800, 640, 400, 333, 150, 20].map(inside), ...[500, 150, 75].map(square)];
    const sizes = scales(original, specs);
    const top = topSize(original, sizes);
    const rungs = ladder(top, sizes, (size) => size, () => true);
    expect(rungs.flatMap(({ variants }) => variants)).toHaveLength(sizes.length);
    for (const [i, rung] of rungs.entries()) {
      const from = rung.from?.size ?? top;
      expect(from.width).toBeGreaterThanOrEqual(rung.size.width);
      expect(from.height).toBeGreaterThanOrEqual(rung.size.height);
      if (rung.from !== null) {
        expect(rungs.indexOf(rung.from)).toBeLessThan(i);
        expect(rung.from.held).toBe(true);
      }
    }
    // The small ones do not go all the way back to the top.
    expect(rungs.at(-1)?.from?.size.width).toBeLessThan(800);
  });

  test('what is enlarged comes from the top, and nothing comes from it', () => {
    const original = { width: 800, height: 600 };
    const big = named('big', { width: 3000, height: null, enlarge: true });
    const sizes = scales(original, [big, inside(700), inside(100)]);
    const rungs = ladder(topSize(original, sizes), sizes, (size) => size, () => true);
    expect(rungs.map(({ from }) => from)).toEqual([null, null, rungs[1]]);
    expect(rungs.map(({ held }) => held)).toEqual([false, true, false]);
  });
});

test('the decoder shrinks all that it can only where the resize that follows has enough to do', () => {
  const from = { width: 8000, height: 6000 };
  const shrunkBy = (factor: number) => mayShrinkFully('jpeg', from, { width: 8000 / factor, height: 6000 / factor });
  expect([2, 3, 3.9, 4.9, 8, 8.9, 16, 40].map(shrunkBy)).toEqual([true, true, true, true, true, true, true, true]);
  expect([5, 5.5, 6.5, 9, 10, 13].map(shrunkBy)).toEqual([false, false, false, false, false, false]);
  expect(mayShrinkFully('webp', from, { width: 400, height: 300 })).toBe(false);
});
