import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { someMade } from '../cli/imgvar.js';
import { expectComplete } from './endure.js';
import { smallStore } from './store.js';
import { expectWhole, worldOf } from './world.js';

vi.setConfig({ testTimeout: 300_000 });

const COUNT = 100;

// Workers are killed in test/cli/stopped.ts, and imgvar many times in test/cli/kills.test.ts; here amid trouble with the store.
test('imgvar is killed while the server is gone, and the same command goes on once it is back', async () => {
  const store = await smallStore();
  const world = await worldOf(store.side('originals', 'o/'), store.side('variants', 'v/'), { count: COUNT, env: { AWS_ENDPOINT_URL: store.url } });
  const running = world.start();
  await someMade(running, 40);
  await store.kill();
  await sleep(500);
  running.child.kill('SIGKILL');
  await running.ended;
  await store.restart();
  expect((await world.variants.keys()).length).toBeLessThan(COUNT * 2);
  expectComplete(await world.run(), COUNT);
  await expectWhole(world);
});
