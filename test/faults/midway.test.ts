import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { someMade } from '../cli/imgvar.js';
import { expectComplete, stopsAndResumes } from './endure.js';
import { smallStore } from './store.js';
import { afterWrites, STOPS } from './stops.js';
import { expectWhole, worldOf } from './world.js';

vi.setConfig({ testTimeout: 300_000 });

async function bucketWorld(count: number, clock = 0) {
  const store = await smallStore(clock);
  return { store, world: await worldOf(store.side('originals', 'o/'), store.side('variants', 'v/'), { count, env: { AWS_ENDPOINT_URL: store.url } }) };
}

test.each(Object.entries(STOPS).slice(0, 2))('%s in the middle: one sentence, exit 2, and the same command goes on to the end', async (fault, { code, before }) => {
  const { store, world } = await bucketWorld(50);
  store.during(afterWrites(30, before));
  const ended = await world.run();
  const made = (await world.variants.keys()).length;
  expect(made).toBeGreaterThan(0);
  await stopsAndResumes(world, fault, code, ended, () => store.during(() => undefined));
});

test('the server is killed and comes back after 4 s: the run waits for it', async () => {
  const { store, world } = await bucketWorld(80);
  const running = world.start();
  await someMade(running, 40);
  await store.kill();
  await sleep(4_000);
  await store.restart();
  expect(expectComplete(await running.ended, 80)['requests']).toMatchObject({ retries: expect.any(Number) });
  await expectWhole(world);
});

test.each([['ahead of', 1], ['behind', -1]])("a store whose clock is five hours %s this machine's: what a run has made is made", async (_, sign) => {
  const { world } = await bucketWorld(20, sign * 5 * 3_600_000);
  const made = expectComplete(await world.run('--mode', 'all'), 20);
  expect(made).toMatchObject({ made: 40 });
  await expectWhole(world);
});
