import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { expect, test, vi } from 'vitest';
import { someMade, summaryOf, workspace } from '../cli/imgvar.js';
import { photo } from '../cli/pictures.js';
import { folderSide, type Side } from '../cli/sides.js';
import type { Fault, S3Request } from '../s3/request.js';
import { expectComplete } from './endure.js';
import { smallStore } from './store.js';
import { expectWhole, keyOf, variantsOf, worldOf } from './world.js';

vi.setConfig({ testTimeout: 300_000 });

async function bucketWorld(count: number) {
  const store = await smallStore();
  return { store, world: await worldOf(store.side('originals', ''), store.side('variants', ''), { count, env: { AWS_ENDPOINT_URL: store.url } }) };
}

async function expectRed(variants: Side, original: string): Promise<void> {
  for (const key of variantsOf(original)) {
    const [r = 0, g = 0, b = 0] = await sharp(await variants.read(key)).removeAlpha().raw().toBuffer();
    expect([key, r > 230, g < 30, b < 30]).toEqual([key, true, true, true]);
  }
}

function redPhoto(): Promise<Buffer> {
  return sharp({ create: { width: 64, height: 48, channels: 3, background: '#ff0000' } }).jpeg().toBuffer();
}

test('an original that is archived, may not be read or is gone is a failure of that one', async () => {
  const { store, world } = await bucketWorld(5);
  const refused: Record<string, Fault> = {
    [keyOf(1)]: { kind: 'error', status: 403, code: 'InvalidObjectState' },
    [keyOf(2)]: { kind: 'error', status: 403, code: 'AccessDenied' },
    [keyOf(3)]: { kind: 'error', status: 404, code: 'NoSuchKey' },
  };
  store.during(({ method, key }) => (method === 'GET' ? refused[key] : undefined));
  const ended = await world.run();
  expect(ended.code).toBe(3);
  const failed = ended.json().filter(({ result }) => result === 'failed').map(({ original, variant, code, retryable }) => [original, variant, code, retryable]);
  expect(failed.sort()).toEqual([
    [keyOf(1), null, 'original-archived', false],
    [keyOf(2), null, 'access-denied', false],
    [keyOf(3), null, 'original-missing', false],
  ]);
  store.during(() => undefined);
  expectComplete(await world.run(), 5);
  await expectWhole(world);
});

/** Each original is replaced at another moment of its work. */
const MOMENTS: readonly ((request: S3Request, original: string) => boolean)[] = [
  // After it was listed.
  ({ method, key }, original) => method === 'GET' && key === original,
  // Before the first variant is written.
  ({ method, bucket, key }, original) => method === 'PUT' && bucket === 'variants' && key.includes(original),
  // Before the last variant is written.
  ({ method, key }, original) => method === 'PUT' && key.startsWith(`web/${original}`),
  // Just before it is looked at once more.
  ({ method, key }, original) => method === 'HEAD' && key === original,
];

test('originals that are replaced while they are worked on, at any moment, end with variants of the new ones', async () => {
  const { store, world } = await bucketWorld(MOMENTS.length);
  const red = await redPhoto();
  const replaced = new Set<string>();
  store.during(async (request) => {
    for (const [i, isMoment] of MOMENTS.entries()) {
      const original = keyOf(i);
      if (replaced.has(original) || !isMoment(request, original)) continue;
      replaced.add(original);
      await world.originals.put(original, red);
    }
    return undefined;
  });
  expectComplete(await world.run(), MOMENTS.length);
  expect(replaced.size).toBe(MOMENTS.length);
  for (const original of replaced) await expectRed(world.variants, original);
});

test('an original that is replaced while it is worked on, by a run that is killed right then, ends with variants of the new one', async () => {
  const { store, world } = await bucketWorld(1);
  const red = await redPhoto();
  const running = world.start();
  let isKilled = false;
  // Its variants are written, and it is about to be looked at once more.
  store.during(async ({ method, key }) => {
    if (isKilled || method !== 'HEAD' || key !== keyOf(0)) return undefined;
    isKilled = true;
    await world.originals.put(keyOf(0), red);
    running.child.kill('SIGKILL');
    return undefined;
  });
  await running.ended;
  expect(isKilled).toBe(true);
  for (const key of variantsOf(keyOf(0))) expect(await world.variants.keys()).toContain(key);
  expectComplete(await world.run(), 1);
  await expectRed(world.variants, keyOf(0));
});

test('in a folder, originals that vanish or are replaced meanwhile: the others are made, the new ones too, and no variant is of what was', async () => {
  const cwd = await workspace();
  const [count, vanish, replace] = [60, 8, 8];
  const world = await worldOf(folderSide(path.join(cwd, 'originals')), folderSide(path.join(cwd, 'variants')), { count });
  await world.originals.age();
  const red = await redPhoto();
  const file = (i: number): string => path.join(cwd, 'originals', keyOf(i));
  const running = world.start();
  await someMade(running, 20);
  for (let i = count - vanish; i < count; i++) await rm(file(i));
  // Some are done by now, some are being worked on.
  for (let i = 0; i < replace; i++) await writeFile(file(i), red);
  const ended = await running.ended;
  const failed = ended.json().filter(({ result }) => result === 'failed');
  expect(failed.every(({ code, original }) => code === 'original-missing' && String(original) >= keyOf(count - vanish))).toBe(true);
  expect(ended.code).toBe(failed.length > 0 ? 3 : 0);
  expect(summaryOf(ended)).toMatchObject({ complete: true });

  expectComplete(await world.run(), count - vanish);
  for (let i = 0; i < replace; i++) await expectRed(world.variants, keyOf(i));
  for (let i = 0; i < replace; i++) await writeFile(file(i), await photo(i));
  expectComplete(await world.run(), count - vanish);
  for (let i = count - vanish; i < count; i++) for (const key of variantsOf(keyOf(i))) await world.variants.remove(key).catch(() => undefined);
  await expectWhole(world, count - vanish);
});
