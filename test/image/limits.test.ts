import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { configureImageLibrary } from '../../src/image/configure.js';
import { Deadline } from '../../src/image/deadline.js';
import { geometry } from '../../src/image/geometry.js';
import { readHeader } from '../../src/image/header.js';
import { renderVariants } from '../../src/image/render.js';
import { DEFAULT_LIMITS } from '../../src/model/limits.js';
import type { Spec } from '../../src/model/spec.js';
import { bomb } from '../corpus/broken.js';
import { withGainMap } from '../corpus/gain-map.js';
import { withSegment } from '../corpus/jpeg.js';
import { CORNERS, corners, frames, painted } from '../corpus/pictures.js';
import { planarTiff } from '../corpus/planar-tiff.js';
import { png } from '../corpus/png.js';
import { spec } from '../support.js';
import { distance, failureOf, named, pixelsOf, render, renderAll, renderOne, WHOLE } from './making.js';

describe('pixels', () => {
  test('as many as allowed are made, one more is too many', async () => {
    const original = await corners(40, 30).jpeg().toBuffer();
    expect(await renderOne(original, WHOLE, { ...DEFAULT_LIMITS, pixels: 1200 })).toMatchObject({ width: 40 });
    const failure = await failureOf(original, { ...DEFAULT_LIMITS, pixels: 1199 });
    expect(failure.code).toBe('too-many-pixels');
  });

  test('every frame counts', async () => {
    const original = await frames(40, 30, [[255, 0, 0], [0, 255, 0], [0, 0, 255]]).gif().toBuffer();
    expect(await renderOne(original, WHOLE, { ...DEFAULT_LIMITS, pixels: 3600 })).toMatchObject({ width: 40 });
    expect(await failureOf(original, { ...DEFAULT_LIMITS, pixels: 3599 })).toMatchObject({
      code: 'too-many-pixels',
      detail: '40 x 30 x 3 frames',
    });
  });

  const deepPng = (progressive: boolean) => corners(40, 30).ensureAlpha(0.5).toColourspace('rgb16').png({ progressive });
  const jpeg = (space: string, progressive: boolean) => corners(40, 30).toColourspace(space).jpeg({ progressive, chromaSubsampling: '4:4:4' });
  const tiff = (bits: 8 | 16 | 32, channels: 3 | 4) => ({ toBuffer: () => planarTiff({ width: 40, height: 30, bits, channels }) });

  test.each([
    ['an AVIF', '3', 3, corners(40, 30).avif()],
    ['a WebP', '1.5', 1.5, corners(40, 30).webp()],
    ['an interlaced PNG of 16 bits and four channels', '1.33', 8 / 6, deepPng(true)],
    ['a progressive JPEG of four inks', '1.33', 8 / 6, jpeg('cmyk', true)],
    ['a TIFF of 16 bits', '1.33', 8 / 6, tiff(16, 3)],
    ['a TIFF of 16 bits and four channels', '1.67', 10 / 6, tiff(16, 4)],
    ['a TIFF of floating-point numbers', '2.67', 16 / 6, tiff(32, 3)],
    ['a TIFF of floating-point numbers and four channels', '3.33', 20 / 6, tiff(32, 4)],
  ] as const)('of %s, whose decoder holds more of each, count %s times', async (_, told, times, image) => {
    const original = await image.toBuffer();
    expect(await renderOne(original, WHOLE, { ...DEFAULT_LIMITS, pixels: 1200 * times })).toMatchObject({ width: 40 });
    expect(await failureOf(original, { ...DEFAULT_LIMITS, pixels: 1200 * times - 1 })).toMatchObject({
      code: 'too-many-pixels',
      detail: `40 x 30, each counts ${told} times`,
    });
  });

  test('of an AVIF of 10 bits count four times', async () => {
    const original = await readFile(new URL('../fixtures/deep.avif', import.meta.url));
    const header = (pixels: number) => readHeader(original, 'avif', { ...DEFAULT_LIMITS, pixels }, new Deadline(60));
    expect(await header(8191 * 8191 * 4)).toMatchObject({ size: { width: 8191, height: 8191 } });
    await expect(header(8191 * 8191 * 4 - 1)).rejects.toMatchObject({ code: 'too-many-pixels', detail: '8191 x 8191, each counts 4 times' });
  });

  test.each([
    ['a JPEG', jpeg('srgb', false)],
    ['a progressive JPEG', jpeg('srgb', true)],
    ['a JPEG of four inks', jpeg('cmyk', false)],
    ['an interlaced PNG', corners(40, 30).ensureAlpha(0.5).png({ progressive: true })],
    ['a PNG of 16 bits', deepPng(false)],
    ['a TIFF', tiff(8, 3)],
    ['a TIFF of four channels', tiff(8, 4)],
    ['a GIF', corners(40, 30).gif()],
  ])('of %s count once', async (_, image) => {
    expect(await renderOne(await image.toBuffer(), WHOLE, { ...DEFAULT_LIMITS, pixels: 1200 })).toMatchObject({ width: 40 });
  });

  describe.each<[string, () => Promise<Buffer>, number, string]>([
    ['a still', () => corners(10, 100).png().toBuffer(), 16_000, ''],
    ['an animation', () => frames(10, 100, [[255, 0, 0], [0, 255, 0], [0, 0, 255]]).webp().toBuffer(), 48_000, ' x 3 frames'],
  ])('of %s that is enlarged', (_, make, pixels, times) => {
    test.each<[string, Partial<Spec>]>([
      ['as a whole', { height: null }],
      ['for a crop', { height: 20, fit: 'cover' }],
      ['for its interesting part', { height: 20, fit: 'cover', position: 'attention' }],
    ])('are as many at most, %s', async (__, fields) => {
      const [original, limits] = [await make(), { ...DEFAULT_LIMITS, pixels }];
      const most = spec('most', { ...fields, width: 40, enlarge: true });
      const more = spec('more', { ...fields, width: 41, enlarge: true });
      const expected = { most: { width: 40 }, more: { code: 'too-many-pixels', detail: `enlarged to 41 x 410${times}` } };
      expect({ ...(await render(original, [most], limits)), ...(await render(original, [more], limits)) }).toMatchObject(expected);
      expect(await render(original, [most, more, spec('small', { width: 5 })], limits)).toMatchObject({ ...expected, small: { height: 50 } });
    });
  });

  test('of a frame count as well, for each frame of an animation', async () => {
    const original = await frames(10, 10, [[255, 0, 0], [0, 255, 0], [0, 0, 255]]).webp().toBuffer();
    const framed = spec('framed', { width: 40, height: 40, fit: 'contain' });
    expect(await render(original, [framed], { ...DEFAULT_LIMITS, pixels: 4_800 })).toMatchObject({ framed: { width: 40, height: 40 } });
    expect(await render(original, [framed], { ...DEFAULT_LIMITS, pixels: 4_799 })).toMatchObject({ framed: { code: 'too-many-pixels', detail: 'enlarged to 40 x 40 x 3 frames' } });
  });

  test.each([[1639, 1], [1, 1639]])('%i x %i, enlarged 40 times to be cut, are too long for a side', async (width, height) => {
    for (const position of ['centre', 'attention'] as const) {
      const fields = spec('cut', { width: 40, height: 40, fit: 'cover', position, enlarge: true, format: 'png' });
      const cut = async (original: Sharp) => render(await original.png().toBuffer(), [fields]);
      expect(await cut(corners(width, height))).toMatchObject({ cut: { code: 'too-many-pixels', detail: `enlarged to ${40 * width} x ${40 * height}` } });
      expect(await cut(corners(Math.min(width, 1638), Math.min(height, 1638)))).toMatchObject({ cut: { width: 40, height: 40 } });
    }
  });

  test.each([[65_536, 1], [1, 65_536]])('%i x %i is too long for a side, however few they are', async (width, height) => {
    const rows = Array.from({ length: height }, () => Buffer.alloc(Math.ceil(width / 8)));
    expect(await failureOf(png({ width, height, depth: 1, colour: 'gray', rows }))).toMatchObject({ code: 'too-many-pixels', detail: `${width} x ${height}` });
  });

  test('a bomb is refused before it is decoded', async () => {
    const original = await bomb();
    // Of its pixels nothing is there: whoever asked for one would say so.
    const header = original.subarray(0, original.indexOf('IDAT') + 4);
    expect((await failureOf(header, { ...DEFAULT_LIMITS, pixels: Infinity })).code).toBe('corrupt-image');
    for (const bytes of [original, header]) expect((await failureOf(bytes)).code).toBe('too-many-pixels');
  });
});

describe('time', () => {
  const noise = () => sharp({ create: { width: 1500, height: 1500, channels: 3, background: '#000', noise: { type: 'gaussian', mean: 128, sigma: 50 } } }).png().toBuffer();

  test('work that takes longer fails, and as something to try again', async () => {
    const failure = await failureOf(await noise(), { ...DEFAULT_LIMITS, seconds: 0.02 });
    expect(failure.code).toBe('timeout');
  });

  test('the limit is for all variants together', async () => {
    const specs = [1, 2, 3].map((n) => spec(`${n}`, { width: 1000 - n, height: null, format: 'webp' }));
    const results = renderVariants(await noise(), specs, DEFAULT_LIMITS);
    expect((await results.next()).done).toBe(false);
    const later = performance.now() + DEFAULT_LIMITS.seconds * 1000;
    const clock = vi.spyOn(performance, 'now').mockReturnValue(later);
    onTestFinished(() => clock.mockRestore());
    await expect(results.next()).rejects.toMatchObject({ code: 'timeout' });
  });
});

describe('SVG where it is allowed', () => {
  const allowing = { ...DEFAULT_LIMITS, allow: ['svg'] } as const;
  const svg = (content: string, size = 'width="40" height="30"') =>
    Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ${size}>${content}</svg>`);

  test('is drawn, as a JPEG on the background', async () => {
    const variant = await renderOne(svg('<rect width="20" height="30" fill="#c00"/>'), { ...WHOLE, quality: 100, background: '#00ff00' }, allowing);
    expect(variant).toMatchObject({ format: 'jpeg', width: 40, height: 30 });
    const { at } = await pixelsOf(variant.bytes);
    expect(distance(at(0.2, 0.5), [0xcc, 0, 0])).toBeLessThan(5);
    expect(distance(at(0.8, 0.5), [0, 255, 0])).toBeLessThan(5);
  });

  test('reads no other file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'svg-'));
    try {
      const red = await painted(40, 30, () => [255, 0, 0]).png().toBuffer();
      const file = join(folder, 'red.png');
      await writeFile(file, red);
      const image = (href: string) => svg(`<image width="40" height="30" href="${href}" xlink:href="${href}"/>`);
      for (const href of [pathToFileURL(file).href, file]) {
        const { at } = await pixelsOf((await renderOne(image(href), { ...WHOLE, background: '#00ff00' }, allowing)).bytes);
        expect(distance(at(0.5, 0.5), [0, 255, 0])).toBeLessThan(5);
      }
      // What it carries itself is drawn, so the test would see a file that is read.
      const { at } = await pixelsOf((await renderOne(image(`data:image/png;base64,${red.toString('base64')}`), WHOLE, allowing)).bytes);
      expect(distance(at(0.5, 0.5), [255, 0, 0])).toBeLessThan(5);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test.each<[string, Partial<Spec>]>([
    ['as a whole', { height: null }],
    ['and cut', { height: 400, fit: 'cover' }],
    ['by one side', { height: 20, fit: 'fill' }],
  ])('is drawn in the size that it is enlarged to, %s, beside other variants as well', async (_, fields) => {
    const original = svg('<rect width="20" height="30" fill="#c00"/>');
    const large = named('large', { ...fields, width: 400, enlarge: true, format: 'png' });
    for (const others of [[], [named('small', { width: 20 }), named('same', WHOLE)]]) {
      const { bytes } = (await renderAll(original, [large, ...others], allowing)).large;
      const { at, width } = await pixelsOf(bytes);
      const opacities = Array.from({ length: width }, (__, x) => at(x / width, 0.5)[3] ?? 255);
      expect(opacities.filter((opacity) => opacity > 5 && opacity < 250).length).toBeLessThan(3);
    }
  });

  test('has the size that was computed wherever a side ends on half a pixel, alone or not', async () => {
    const original = svg('<rect width="9" height="9"/>', 'width="254" height="127"');
    for (let width = 3; width < 254; width += 10) {
      const fields = { width, height: null, format: 'png' } as const;
      const { result } = geometry({ width: 254, height: 127 }, spec('one', fields));
      expect(await renderOne(original, fields, allowing)).toMatchObject(result);
      const made = await renderAll(original, [named('one', fields), named('same', { ...fields, format: 'webp' }), named('small', { width: 2 })], allowing);
      expect(made).toMatchObject({ one: result, same: result });
    }
  });

  test('of too many pixels is refused', async () => {
    const huge = svg('<rect width="9" height="9"/>', 'width="30000" height="30000"');
    expect((await failureOf(huge, { ...allowing, pixels: 1_000_000 })).code).toBe('too-many-pixels');
  });
});

describe('the configured library', () => {
  test('works in one thread, caches nothing, and cannot read what is not accepted', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'foreign-'));
    try {
      const file = join(folder, 'picture.v');
      await corners(20, 10).toFile(file);
      expect(await sharp(file).metadata()).toMatchObject({ width: 20 });
      configureImageLibrary();
      await expect(sharp(file).metadata()).rejects.toThrow();
    } finally {
      await rm(folder, { recursive: true });
    }
    expect(sharp.concurrency()).toBe(1);
    expect(sharp.cache()).toMatchObject({ items: { max: 0 } });
    for (const format of ['jpeg', 'png', 'webp', 'gif', 'avif', 'tiff'] as const) {
      const original = await corners(20, 10).toFormat(format).toBuffer();
      expect(await renderOne(original, WHOLE)).toMatchObject({ width: 20 });
    }
    expect(await renderOne(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'), WHOLE, { ...DEFAULT_LIMITS, allow: ['svg'] })).toMatchObject({ width: 9 });
  });

  test('reads a JPEG with a gain map as any other, so that nothing of its metadata is lost', async () => {
    const xmp = '<dc:creator><rdf:Seq><rdf:li>Ada</rdf:li></rdf:Seq></dc:creator>';
    const original = await withGainMap(withSegment(await corners(60, 40).jpeg({ quality: 100 }).toBuffer(), 0xe1, Buffer.from(`http://ns.adobe.com/xap/1.0/\0${xmp}`, 'latin1')));
    // Not a test of nothing: the library has a loader of its own for it.
    sharp.unblock({ operation: ['VipsForeignLoadUhdr'] });
    expect((await sharp(original).metadata()).gainMap).toBeDefined();
    configureImageLibrary();
    expect((await sharp(original).metadata()).gainMap).toBeUndefined();
    const { bytes } = await renderOne(original, { width: 30, quality: 100, keep: ['copyright'] });
    expect((await sharp(bytes).metadata()).xmpAsString).toContain(xmp);
    expect(distance((await pixelsOf(bytes)).at(0.2, 0.2), CORNERS.topLeft)).toBeLessThan(12);
  });
});
