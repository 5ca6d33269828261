import { expect, test, vi } from 'vitest';
import { endures } from './endure.js';
import { EVERYTHING, PASSING } from './requests.js';
import { smallStore } from './store.js';
import { worldOf } from './world.js';

vi.setConfig({ testTimeout: 300_000 });

async function bucketWorld(count: number) {
  const store = await smallStore();
  return { store, world: await worldOf(store.side('originals', 'o/'), store.side('variants', 'v/'), { count, env: { AWS_ENDPOINT_URL: store.url } }) };
}

test.each(Object.entries(PASSING))('%s: all is made, every request is counted', async (fault, before) => {
  const { store, world } = await bucketWorld(60);
  expect((await endures(world, store, fault, before())).injected).toBeGreaterThan(0);
});

test('everything at once: all is made, every request is counted', async () => {
  const { store, world } = await bucketWorld(200);
  expect((await endures(world, store, 'everything', EVERYTHING())).injected).toBeGreaterThan(50);
});
