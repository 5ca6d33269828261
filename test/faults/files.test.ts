import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { test, vi } from 'vitest';
import { workspace } from '../cli/imgvar.js';
import { folderSide } from '../cli/sides.js';
import { endures, expectComplete } from './endure.js';
import { smallStore } from './store.js';
import { expectWhole, worldOf } from './world.js';

vi.setConfig({ testTimeout: 300_000 });

/** Fewer open files than originals in flight, as some systems allow a process 256; of both more in `npm run test:faults`. */
const FEW_FILES = ['bash', '-c', 'ulimit -n 160; exec "$0" "$@"'];
const MANY = ['--concurrency', '330'];
const COUNT = 330;

test('from folder to folder with 160 open files and 330 originals in flight', async () => {
  const cwd = await workspace();
  const world = await worldOf(folderSide(path.join(cwd, 'originals')), folderSide(path.join(cwd, 'variants')), { count: COUNT, within: FEW_FILES });
  expectComplete(await world.run(...MANY), COUNT);
  await expectWhole(world);
});

test('from bucket to bucket with 160 open files and 330 originals in flight: no request is counted that was never sent', async () => {
  const store = await smallStore();
  const world = await worldOf(store.side('originals', 'o/'), store.side('variants', 'v/'), { count: COUNT, env: { AWS_ENDPOINT_URL: store.url }, within: FEW_FILES });
  // Slow enough for all of them to be in flight.
  await endures(world, store, 'few files', () => sleep(200, undefined), ...MANY);
});
