/**
 * The faults of the short tests, and some more, in front of a real store: a proxy does to requests what was ordered, and Ceph
 * itself is killed and stopped. IMGVAR_FAULTS_ORIGINALS says how many originals each run has.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { photo } from '../cli/pictures.js';
import { someMade } from '../cli/imgvar.js';
import { workersOf } from '../cli/stopped.js';
import { DEFAULT_S3 } from '../../src/store/s3-settings.js';
import { freshPrefix } from '../s3/suite.js';
import { startCeph, type RunningCeph } from '../servers/ceph.js';
import { hasCeph } from '../servers/running.js';
import { serverSide } from '../servers/side.js';
import { endures, expectComplete, stopsAndResumes, type Row } from './endure.js';
import { startProxy, type Proxy } from './proxy.js';
import { EVERYTHING, PASSING } from './requests.js';
import { afterWrites, STOPS } from './stops.js';
import { Faults, type FaultyStore } from './store.js';
import { tableOf } from './table.js';
import { existingWorld, expectWhole, keyOf, type World } from './world.js';

const COUNT = Number(process.env['IMGVAR_FAULTS_ORIGINALS'] ?? 300);
const FEW_FILES = ['bash', '-c', 'ulimit -n 256; exec "$0" "$@"'];
/** A module that sets a process's clock an hour ahead before anything else is loaded. */
const AN_HOUR_AHEAD = `--import=data:text/javascript,${encodeURIComponent('const now = Date.now; Date.now = () => now() + 3600000; const Real = Date; globalThis.Date = class extends Real { constructor(...given) { given.length === 0 ? super(Real.now()) : super(...given); } };')}`;

describe.skipIf(!hasCeph())('Ceph RGW behind a proxy', () => {
  const faults = new Faults();
  const rows: Row[] = [];
  let ceph: RunningCeph;
  let proxy: Proxy;
  let worlds = 0;

  beforeAll(async () => {
    ceph = await startCeph();
    proxy = await startProxy(ceph.url, faults.before);
    for (const bucket of ['originals', 'variants']) await freshPrefix({ ...DEFAULT_S3, endpoint: ceph.url }, bucket);
    const originals = serverSide(ceph.url, 'originals', 'o/');
    for (let at = 0; at < COUNT; at += 16) {
      await Promise.all(Array.from({ length: Math.min(16, COUNT - at) }, async (_, i) => originals.put(keyOf(at + i), await photo(at + i))));
    }
  });
  afterAll(() => {
    process.stdout.write(`\n${COUNT} originals, ${COUNT * 2} variants each\n${tableOf(rows)}`);
    proxy.close();
    ceph.stop();
  });

  const store: FaultyStore = {
    get url() {
      return proxy.url;
    },
    get counts() {
      return proxy.counts;
    },
    get faults() {
      return faults.count;
    },
    get givenUp() {
      return faults.givenUp;
    },
    side: (bucket, prefix) => serverSide(ceph.url, bucket, prefix),
    during: (before) => void (faults.during = before),
    kill: async () => ceph.killGateway(),
    restart: async () => ceph.restartGateway(),
  };
  const freshWorld = (env: NodeJS.ProcessEnv = {}, within: readonly string[] = []): Promise<World> => {
    const variants = store.side('variants', `v${worlds++}/`);
    return existingWorld(store.side('originals', 'o/'), variants, { count: COUNT, env: { AWS_ENDPOINT_URL: proxy.url, ...env }, within });
  };
  /** A run that something happens to from outside, and that comes to its end by itself. */
  const survives = async (fault: string, world: World, meanwhile: (running: ReturnType<World['start']>) => Promise<void>, ...args: string[]): Promise<void> => {
    const began = performance.now();
    const running = world.start(...args);
    await meanwhile(running);
    const ended = await running.ended;
    const { retries = 0 } = expectComplete(ended, COUNT)['requests'] as Record<string, number>;
    const seconds = (performance.now() - began) / 1000;
    await expectWhole(world);
    rows.push({ fault, injected: 0, retries, code: ended.code, sentence: '', seconds });
  };

  test.each([...Object.entries(PASSING), ['everything at once, but for the pace', EVERYTHING] as const])('%s', async (fault, before) => {
    rows.push(await endures(await freshWorld(), store, fault, before()));
  });

  test.each(Object.entries(STOPS))('%s in the middle', async (fault, { code, before }) => {
    const world = await freshWorld();
    store.during(afterWrites(COUNT, before));
    rows.push(await stopsAndResumes(world, fault, code, await world.run(), () => store.during(() => undefined)));
  });

  test('the clock of this machine is an hour ahead', async () => {
    const ended = await (await freshWorld({ NODE_OPTIONS: AN_HOUR_AHEAD })).run();
    rows.push(await stopsAndResumes(await freshWorld(), 'a clock an hour ahead', 'clock-wrong', ended, () => undefined));
  });

  test('the gateway is killed with -9 and started again, three times', async () => {
    await survives('gateway killed three times', await freshWorld(), async (running) => {
      for (let kill = 0; kill < 3; kill++) {
        await someMade(running, Math.floor(COUNT / 3));
        await store.kill();
        await sleep(4_000);
        await store.restart();
      }
    });
  });

  test('what stores stands still for 20 s', async () => {
    await survives('storage stopped for 20 s', await freshWorld(), async (running) => {
      await someMade(running, COUNT);
      ceph.signalStorage('SIGSTOP');
      await sleep(20_000);
      ceph.signalStorage('SIGCONT');
    });
  });

  test('the gateway stays away', async () => {
    const world = await freshWorld();
    const running = world.start();
    await someMade(running, COUNT);
    await store.kill();
    rows.push(await stopsAndResumes(world, 'gateway away for good', 'endpoint-unreachable', await running.ended, () => store.restart()));
  });

  test('the system kills ten workers', async () => {
    await survives('ten workers killed', await freshWorld(), async (running) => {
      for (let kill = 0; kill < 10; kill++) {
        await someMade(running, Math.floor(COUNT / 10));
        for (const pid of workersOf(running.child.pid).slice(0, 1)) process.kill(pid, 'SIGKILL');
      }
    });
  });

  test('imgvar is killed five times', async () => {
    const world = await freshWorld();
    const began = performance.now();
    for (let kill = 0; kill < 5; kill++) {
      const running = world.start();
      await someMade(running, Math.floor(COUNT / 5));
      running.child.kill('SIGKILL');
      await running.ended;
    }
    const ended = await world.run();
    const { retries = 0 } = expectComplete(ended, COUNT)['requests'] as Record<string, number>;
    await expectWhole(world);
    rows.push({ fault: 'imgvar killed five times', injected: 0, retries, code: ended.code, sentence: '', seconds: (performance.now() - began) / 1000 });
  });

  test('256 open files, 600 originals in flight', async () => {
    const world = await freshWorld({}, FEW_FILES);
    await survives('256 open files', world, async () => undefined, '--concurrency', '600');
    expect(rows.at(-1)?.code).toBe(0);
  });
});
