import { setTimeout as sleep } from 'node:timers/promises';
import path from 'node:path';
import { expect, test, vi } from 'vitest';
import { workspace } from '../cli/imgvar.js';
import { workersOf } from '../cli/stopped.js';
import { folderSide } from '../cli/sides.js';
import { expectComplete } from './endure.js';
import { smallStore } from './store.js';
import { expectWhole, someMade, worldOf, type World } from './world.js';

vi.setConfig({ testTimeout: 300_000 });

const COUNT = 120;

async function worldIn(kind: 'folder' | 'bucket'): Promise<World> {
  if (kind === 'bucket') {
    const store = await smallStore();
    return worldOf(store.side('originals', 'o/'), store.side('variants', 'v/'), { count: COUNT, env: { AWS_ENDPOINT_URL: store.url } });
  }
  const cwd = await workspace();
  return worldOf(folderSide(path.join(cwd, 'originals')), folderSide(path.join(cwd, 'variants')), { count: COUNT });
}

test.each(['folder', 'bucket'] as const)('in a %s, the system kills one worker after the other: the run comes to its end', async (kind) => {
  const world = await worldIn(kind);
  const running = world.start();
  for (let kill = 0; kill < 3; kill++) {
    await someMade(running, 30);
    for (const pid of workersOf(running.child.pid).slice(0, 1)) process.kill(pid, 'SIGKILL');
  }
  expectComplete(await running.ended, COUNT);
  await expectWhole(world);
});

// Killed a hundred times and more by `npm run test:kills`; here once, amid trouble with the store.
test('imgvar is killed while the server is gone, and the same command goes on once it is back', async () => {
  const store = await smallStore();
  const world = await worldOf(store.side('originals', 'o/'), store.side('variants', 'v/'), { count: COUNT, env: { AWS_ENDPOINT_URL: store.url } });
  const running = world.start();
  await someMade(running, 60);
  await store.kill();
  await sleep(500);
  running.child.kill('SIGKILL');
  await running.ended;
  await store.restart();
  expect((await world.variants.keys()).length).toBeLessThan(COUNT * 2);
  expectComplete(await world.run(), COUNT);
  await expectWhole(world);
});
