import sharp from 'sharp';
import { expect, test } from 'vitest';
import { Deadline } from '../../src/image/deadline.js';
import { MOST_FRAMES, readHeader } from '../../src/image/header.js';
import { DEFAULT_LIMITS } from '../../src/model/limits.js';
import { retimed } from '../corpus/animation.js';
import { FRAMES } from '../corpus/corpus.js';
import { movingOriented } from '../corpus/jpeg.js';
import { CORNERS, frames } from '../corpus/pictures.js';
import { distance, pixelsOf, renderOne, renderShared } from './making.js';

test.each([
  // In hundredths of a second it is rounded.
  ['gif', { delay: 0xffff, loop: 0xffff }, 65_540],
  ['webp', { delay: 0xffffff, loop: 0xffff }, 65_535],
] as const)('a %s with the longest times and the most turns is made, with the most that the library takes', async (format, timing, delay) => {
  const original = retimed(await frames(60, 40, FRAMES).toFormat(format, { loop: 2 }).toBuffer(), format, timing);
  // Not a test of nothing: the file says more.
  expect((await sharp(original).metadata()).delay?.[0]).toBeGreaterThan(delay);
  for (const make of [renderOne, renderShared]) {
    const { bytes } = await make(original, { width: 30, height: 20 });
    expect(await sharp(bytes, { pages: -1 }).metadata()).toMatchObject({ pages: 3, pageHeight: 20, delay: [delay, delay, delay], loop: 65_535 });
  }
});

test('of as many frames as are accepted all times are taken; with one more it is refused', async () => {
  const gif = await frames(1, 1, FRAMES).gif({ loop: 2 }).toBuffer();
  const frameFrom = (at: number) => gif.indexOf('\x21\xf9\x04', at, 'latin1');
  const first = frameFrom(0);
  const frame = gif.subarray(first, frameFrom(first + 1));
  const headerOf = async (count: number) => {
    const original = Buffer.concat([gif.subarray(0, first), Buffer.alloc(count * frame.length, frame), Buffer.from([0x3b])]);
    return readHeader(original, 'gif', DEFAULT_LIMITS, new Deadline(DEFAULT_LIMITS.seconds));
  };
  const { frames: count, timing } = await headerOf(MOST_FRAMES);
  expect([count, timing.loop, timing.delay?.length]).toEqual([MOST_FRAMES, 2, MOST_FRAMES]);
  await expect(headerOf(MOST_FRAMES + 1)).rejects.toMatchObject({ code: 'too-many-pixels', detail: '1 x 1 x 20001 frames' });
});

test.each([
  [1, 2],
  [2, 2],
  [3, 1],
  [4, 1],
  [5, 1],
  [6, 1],
  [7, 1],
  [8, 1],
])('a webp of orientation %i becomes upright, with %i of two frames', async (orientation, pages) => {
  const original = await movingOriented(orientation);
  expect(await sharp(original, { pages: -1 }).metadata()).toMatchObject({ pages: 2, orientation });
  for (const make of [renderOne, renderShared]) {
    const variant = await make(original, { width: 60, height: 60 });
    expect(variant).toMatchObject({ width: 60, height: 40 });
    expect((await sharp(variant.bytes).metadata()).pages ?? 1).toBe(pages);
    const first = await pixelsOf(variant.bytes);
    expect(distance(first.at(0.2, 0.2), CORNERS.topLeft)).toBeLessThan(12);
    expect(distance(first.at(0.8, 0.2), CORNERS.topRight)).toBeLessThan(12);
    expect(distance(first.at(0.2, 0.8), CORNERS.bottomLeft)).toBeLessThan(12);
    expect(distance(first.at(0.8, 0.8), CORNERS.bottomRight)).toBeLessThan(12);
  }
});
