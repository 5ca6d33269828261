import sharp from 'sharp';
import { expect, test } from 'vitest';
import type { Job } from '../../src/model/job.js';
import { DEFAULT_LIMITS } from '../../src/model/limits.js';
import { memoryStore } from '../../src/store/memory.js';
import { checkVariants } from '../../src/work/check-variants.js';
import { makeVariants } from '../../src/work/make-variants.js';
import { PLAIN, spec } from '../support.js';

const SPEC = spec('small', { width: 40, height: 30, format: 'avif' });
const KEY = 'small/a.jpg.avif';

const picture = (width: number, height: number) => sharp({ create: { width, height, channels: 3, background: { r: 200, g: 0, b: 0 } } });

/** An original of 40 x 30 with its variant, made as a run makes it. */
async function world(limits = DEFAULT_LIMITS) {
  const originals = memoryStore('originals');
  const variants = memoryStore('variants');
  await originals.write('a.jpg', await picture(40, 30).jpeg().toBuffer(), PLAIN);
  const original = await originals.stat('a.jpg');
  if (original === undefined) throw new Error('no original');
  const job: Job = { original, due: [{ spec: SPEC, key: KEY, reason: 'forced' }] };
  const place = { originals, variants, limits, inTurn: <T>(work: () => Promise<T>) => work(), secondsLeft: () => Infinity };
  expect((await makeVariants(job, place)).outcomes).toMatchObject([{ result: 'made' }]);
  return { variants, check: async () => (await checkVariants(job, place)).outcomes };
}

test.each([
  ['AVIF, whose pixels count three times in originals', 40 * 30],
  ['one that is far from the limit', DEFAULT_LIMITS.pixels],
])('what was made is right: %s', async (_, pixels) => {
  const { check } = await world({ ...DEFAULT_LIMITS, pixels });
  expect(await check()).toMatchObject([{ result: 'made', variant: 'small', width: 40, height: 30 }]);
});

test.each<[string, string, () => Promise<Buffer>]>([
  ['of another size', 'wrong-size', () => picture(41, 30).avif().toBuffer()],
  ['of more pixels than an original may have', 'wrong-size', () => picture(60, 60).avif().toBuffer()],
  ['of another format', 'wrong-format', () => picture(40, 30).webp().toBuffer()],
  ['that ends too early', 'variant-corrupt', async () => (await picture(40, 30).avif().toBuffer()).subarray(0, -20)],
  ['that is no picture', 'variant-corrupt', async () => Buffer.from('<html>')],
  ['of nothing', 'variant-corrupt', async () => Buffer.alloc(0)],
])('one %s is damaged, with its code', async (_, code, content) => {
  const { variants, check } = await world({ ...DEFAULT_LIMITS, pixels: 2_000 });
  // As another program would put it there.
  await variants.write(KEY, await content(), PLAIN);
  expect(await check()).toMatchObject([{ result: 'failed', variant: 'small', code }]);
});
