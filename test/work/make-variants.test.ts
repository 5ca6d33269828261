import sharp from 'sharp';
import { expect, test } from 'vitest';
import { DEFAULT_LIMITS } from '../../src/model/limits.js';
import type { Job } from '../../src/model/job.js';
import { Failure } from '../../src/model/failure.js';
import { memoryStore, type MemoryStore } from '../../src/store/memory.js';
import type { Store } from '../../src/store/store.js';
import { makeVariants } from '../../src/work/make-variants.js';
import { PLAIN, spec } from '../support.js';

const SMALL = spec('small', { width: 20, height: 20, cacheControl: 'max-age=60' });
const WEB = spec('web', { width: 30, height: 30, format: 'webp' });

function photo(red: number): Promise<Buffer> {
  return sharp({ create: { width: 60, height: 40, channels: 3, background: { r: red, g: 0, b: 0 } } }).jpeg().toBuffer();
}

async function jobFor(originals: MemoryStore): Promise<Job> {
  const original = await originals.stat('a.jpg');
  if (original === undefined) throw new Error('no original');
  return {
    original,
    due: [
      { spec: SMALL, key: 'small/a.jpg', reason: 'missing' },
      { spec: WEB, key: 'web/a.jpg.webp', reason: 'original-newer' },
    ],
  };
}

async function world(content: Buffer) {
  let now = 1_000;
  const originals = memoryStore('originals', () => (now += 10));
  const variants = memoryStore('variants', () => (now += 10));
  await originals.write('a.jpg', content, PLAIN);
  return { originals, variants, limits: DEFAULT_LIMITS, inTurn: <T>(work: () => Promise<T>) => work(), secondsLeft: () => Infinity };
}

async function redOf(bytes: Buffer | undefined): Promise<number> {
  return (await sharp(bytes).raw().toBuffer())[0] ?? -1;
}

test('reads once, makes every due variant, and writes each with its headers', async () => {
  const place = await world(await photo(200));
  const result = await makeVariants(await jobFor(place.originals), place);
  expect(result).toMatchObject({ original: 'a.jpg', due: ['small', 'web'], bytesRead: (await photo(200)).length });
  expect([...result.outcomes].sort((a, b) => String(a.variant).localeCompare(String(b.variant)))).toMatchObject([
    { result: 'made', variant: 'small', key: 'small/a.jpg', width: 20, height: 13, reason: 'missing' },
    { result: 'made', variant: 'web', key: 'web/a.jpg.webp', width: 30, height: 20, reason: 'original-newer' },
  ]);
  expect(place.variants.objects.get('small/a.jpg')).toMatchObject({ contentType: 'image/jpeg', cacheControl: 'max-age=60' });
  expect(place.variants.objects.get('web/a.jpg.webp')).toMatchObject({ contentType: 'image/webp', cacheControl: null });
});

test.each(['read', 'write', 'stat'] as const)(
  'an original that is replaced at the %s ends with variants of the new content',
  async (moment) => {
    const place = await world(await photo(200));
    const job = await jobFor(place.originals);
    let replaced = false;
    const replace = async (): Promise<void> => {
      if (!replaced) await place.originals.write('a.jpg', await photo(20), PLAIN);
      replaced = true;
    };
    const originals: Store = {
      ...place.originals,
      read: async (key, maxBytes) => {
        const content = await place.originals.read(key, maxBytes);
        if (moment === 'read') await replace();
        return content;
      },
      stat: async (key) => {
        if (moment === 'stat') await replace();
        return place.originals.stat(key);
      },
    };
    const variants: Store = {
      ...place.variants,
      write: async (key, bytes, options) => {
        if (moment === 'write') await replace();
        await place.variants.write(key, bytes, options);
      },
    };
    const { outcomes } = await makeVariants(job, { ...place, originals, variants });
    expect(outcomes.map(({ result }) => result)).toEqual(['made', 'made']);
    for (const key of ['small/a.jpg', 'web/a.jpg.webp']) {
      expect(await redOf(place.variants.objects.get(key)?.bytes)).toBeLessThan(60);
    }
  },
);

test('an original that never holds still is a failure that may be tried again', async () => {
  const place = await world(await photo(200));
  const originals: Store = {
    ...place.originals,
    stat: async (key) => {
      await place.originals.write('a.jpg', await photo(20), PLAIN);
      return place.originals.stat(key);
    },
  };
  const { outcomes } = await makeVariants(await jobFor(place.originals), { ...place, originals });
  expect(outcomes).toMatchObject([{ result: 'failed', variant: null, code: 'original-changed', retryable: true }]);
});

test('an original that is replaced has no more time for its next attempt than is left', async () => {
  const place = await world(await photo(200));
  let left = 60;
  const originals: Store = {
    ...place.originals,
    stat: async (key) => {
      await place.originals.write('a.jpg', await photo(20), PLAIN);
      left = 0;
      return place.originals.stat(key);
    },
  };
  const { outcomes, bytesRead } = await makeVariants(await jobFor(place.originals), { ...place, originals, secondsLeft: () => left });
  expect(outcomes).toMatchObject([{ result: 'failed', variant: null, code: 'timeout', retryable: true }]);
  expect(bytesRead).toBeGreaterThan((await photo(200)).length);
});

test('an original that is gone fails as a whole', async () => {
  const place = await world(await photo(200));
  const job = await jobFor(place.originals);
  place.originals.remove('a.jpg');
  const { outcomes, bytesRead } = await makeVariants(job, place);
  expect(outcomes).toMatchObject([{ result: 'failed', variant: null, code: 'original-missing', retryable: false }]);
  expect(bytesRead).toBe(0);
});

test('a variant that cannot be written fails alone', async () => {
  const place = await world(await photo(200));
  const variants: Store = {
    ...place.variants,
    write: async (key, bytes, options) => {
      if (key.startsWith('web/')) throw new Failure('write-failed', 'ENOSPC');
      await place.variants.write(key, bytes, options);
    },
  };
  const { outcomes } = await makeVariants(await jobFor(place.originals), { ...place, variants });
  expect(outcomes).toHaveLength(2);
  expect(outcomes).toContainEqual(expect.objectContaining({ result: 'made', variant: 'small' }));
  expect(outcomes).toContainEqual(expect.objectContaining({ result: 'failed', variant: 'web', code: 'write-failed', detail: 'ENOSPC' }));
});

test('one that is too large is not even decoded', async () => {
  const place = await world(await photo(200));
  const { outcomes } = await makeVariants(await jobFor(place.originals), { ...place, limits: { ...DEFAULT_LIMITS, bytes: 10 } });
  expect(outcomes).toMatchObject([{ variant: null, code: 'too-large' }]);
});

test('a bug is not taken for a failure', async () => {
  const place = await world(await photo(200));
  const variants: Store = { ...place.variants, write: () => Promise.reject(new TypeError('a bug')) };
  await expect(makeVariants(await jobFor(place.originals), { ...place, variants })).rejects.toThrow(TypeError);
});
