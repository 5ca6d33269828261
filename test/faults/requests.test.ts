import { expect, test, vi } from 'vitest';
import { endures } from './endure.js';
import { EVERYTHING, PACE } from './requests.js';
import { smallStore } from './store.js';
import { worldOf } from './world.js';

vi.setConfig({ testTimeout: 300_000 });

async function bucketWorld(count: number) {
  const store = await smallStore();
  return { store, world: await worldOf(store.side('originals', 'o/'), store.side('variants', 'v/'), { count, env: { AWS_ENDPOINT_URL: store.url } }) };
}

// Each by itself, in front of a real store: npm run test:faults.
test.each([
  ['everything at once', EVERYTHING],
  ['no more requests than it likes', PACE],
] as const)('%s: all is made, every request is counted', async (fault, before) => {
  const { store, world } = await bucketWorld(150);
  expect((await endures(world, store, fault, before())).injected).toBeGreaterThan(40);
});
