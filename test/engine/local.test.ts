import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { localEngine } from '../../src/engine/local.js';
import { DEFAULT_LIMITS } from '../../src/model/limits.js';
import type { Job } from '../../src/model/job.js';
import { DEFAULT_S3 } from '../../src/store/s3-settings.js';
import { collect, stored } from '../support.js';

const program = fileURLToPath(new URL('troubled-worker.js', import.meta.url));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'imgvar-engine-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** @param graceSeconds how long a worker may be silent beyond its work: enough for a busy machine to start one */
function engine(variants = '', graceSeconds = 60) {
  return localEngine({
    setup: { originals: path.join(folder, 'log'), variants, s3: DEFAULT_S3, limits: { ...DEFAULT_LIMITS, seconds: 0.3 } },
    concurrency: 4,
    memory: 1e6,
    processes: 2,
    env: process.env,
    program,
    graceSeconds,
  });
}

async function* jobs(keys: Iterable<string>): AsyncGenerator<Job> {
  for (const key of keys) yield { original: stored(key), due: [] };
}

function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `k${String(i).padStart(4, '0')}`);
}

async function asked(): Promise<{ pid: string; key: string }[]> {
  const lines = (await readFile(path.join(folder, 'log'), 'utf8')).trim().split('\n');
  return lines.map((line) => ({ pid: line.split(' ')[0] ?? '', key: line.split(' ')[1] ?? '' }));
}

test('every job has one result, and no more processes are started than allowed', async () => {
  const keys = numbered(200);
  const results = await collect(engine().run(jobs(keys)));
  expect(results.map(({ original }) => original).sort()).toEqual(keys);
  const log = await asked();
  expect(log).toHaveLength(200);
  expect(new Set(log.map(({ pid }) => pid)).size).toBe(2);
});

test('jobs are not taken before they can be done', async () => {
  let taken = 0;
  let done = 0;
  async function* counted() {
    for await (const job of jobs(numbered(100))) {
      taken += 1;
      yield job;
    }
  }
  for await (const result of engine().run(counted())) {
    expect(result.bytesRead).toBe(1);
    done += 1;
    expect(taken - done).toBeLessThanOrEqual(4 + 2 + 4);
  }
  expect(done).toBe(100);
});

describe('an original that kills its worker', () => {
  test('fails alone after its second, solitary try; what was in flight beside it is done', async () => {
    const keys = [...numbered(20), 'poison', ...numbered(40).slice(20)];
    const results = await collect(engine().run(jobs(keys)));
    expect(results.map(({ original }) => original).sort()).toEqual([...keys].sort());
    const failed = results.flatMap(({ outcomes }) => outcomes);
    expect(failed).toMatchObject([{ original: 'poison', variant: null, code: 'worker-crashed', retryable: true, detail: 'SIGABRT' }]);

    const tries = (await asked()).filter(({ key }) => key === 'poison');
    expect(tries).toHaveLength(2);
    const alone = (await asked()).filter(({ pid }) => pid === tries[1]?.pid);
    expect(alone.map(({ key }) => key)).toEqual(['poison']);
  });

  test('does not stop the run even if half of them do', async () => {
    const keys = numbered(20).flatMap((key) => [key, `poison-${key}`]);
    const results = await collect(engine().run(jobs(keys)));
    expect(results).toHaveLength(40);
    expect(results.filter(({ outcomes }) => outcomes.length === 1)).toHaveLength(20);
  });
});

test('one that hangs is ended, tried once more, and then fails with a timeout', async () => {
  const results = await collect(engine('', 5).run(jobs(['hang', ...numbered(10)])));
  expect(results).toHaveLength(11);
  expect(results.flatMap(({ outcomes }) => outcomes)).toMatchObject([{ original: 'hang', code: 'timeout' }]);
});

test('after one that was not done in time a process gets no more jobs, finishes those that it has, and ends', async () => {
  const keys = numbered(40).flatMap((key) => [key, ...(key.endsWith('9') ? [`slow-${key}`] : [])]);
  const told: string[] = [];
  for await (const { original } of engine().run(jobs(keys))) {
    told.push(original);
    // While there is more to do.
    if (original !== 'slow-k0009') continue;
    const slow = (await asked()).find(({ key }) => key === original);
    await expect.poll(() => isAlive(Number(slow?.pid))).toBe(false);
  }
  expect(told.sort()).toEqual([...keys].sort());
  const log = await asked();
  expect(log).toHaveLength(44);
  // Two at the most have several at hand when the first of them is told.
  for (const { pid } of log.filter(({ key }) => key.startsWith('slow'))) {
    const own = log.filter((one) => one.pid === pid).map(({ key }) => key);
    expect(own.length - own.findIndex((key) => key.startsWith('slow'))).toBeLessThanOrEqual(4);
  }
});

test('a bug in a worker ends the run, with its stack', async () => {
  await expect(collect(engine().run(jobs(['bug'])))).rejects.toThrow('a bug\n    at somewhere');
});

test('a worker that cannot even start is no failure of an original', async () => {
  await expect(collect(engine('no-start').run(jobs(['k'])))).rejects.toThrow('could not start');
});

test('an error in the stream of jobs ends the run, once what is in flight is finished and told of', async () => {
  async function* broken(): AsyncGenerator<Job> {
    yield* jobs(['k1', 'k2', 'k3']);
    throw new Error('the listing broke');
  }
  const told: string[] = [];
  const run = async (): Promise<void> => {
    for await (const { original } of engine().run(broken())) told.push(original);
  };
  await expect(run()).rejects.toThrow('the listing broke');
  expect(told.sort()).toEqual(['k1', 'k2', 'k3']);
});

test('leaving early ends the processes', async () => {
  for await (const result of engine().run(jobs(numbered(1_000)))) {
    expect(result.due).toBe(1);
    break;
  }
  const pids = new Set((await asked()).map(({ pid }) => Number(pid)));
  expect(pids.size).toBeGreaterThan(0);
  await expect.poll(() => [...pids].filter(isAlive)).toEqual([]);
  // What they were doing is not tried again by others.
  const told = (await asked()).length;
  await sleep(500);
  expect(await asked()).toHaveLength(told);
});

test('no job is begun, nor tried once more, unless work may be begun; then all of it ends', async () => {
  let allowed = 20;
  const beforeWork = async (): Promise<void> => {
    if (allowed-- <= 0) throw new Error('taken over');
  };
  await expect(collect(engine().run(jobs(numbered(100)), { beforeWork }))).rejects.toThrow('taken over');
  // Those in flight then may not even have been heard of.
  expect((await asked()).length).toBeLessThanOrEqual(20);
  expect((await asked()).length).toBeGreaterThan(20 - 4 - 1);
  allowed = 1;
  await expect(collect(engine().run(jobs(['poison']), { beforeWork }))).rejects.toThrow('taken over');
  expect((await asked()).filter(({ key }) => key === 'poison')).toHaveLength(1);
});

test('once the signal is given, processes are ended rather than waited for', async () => {
  const stop = new AbortController();
  const run = collect(engine().run(jobs(['hang']), { signal: stop.signal }));
  await expect.poll(() => asked().catch(() => [])).toHaveLength(1);
  stop.abort();
  await expect(run).rejects.toMatchObject({ name: 'AbortError' });
  const [{ pid } = { pid: '' }] = await asked();
  await expect.poll(() => isAlive(Number(pid))).toBe(false);
});

test('what may be begun only after all is over is not begun: no process is left behind', async () => {
  let allow = (): void => undefined;
  const allowed = new Promise<void>((go) => (allow = go));
  const stop = new AbortController();
  const run = collect(engine().run(jobs(['k1']), { beforeWork: () => allowed, signal: stop.signal }));
  await sleep(50);
  stop.abort();
  await expect(run).rejects.toMatchObject({ name: 'AbortError' });
  allow();
  await sleep(500);
  await expect(asked()).rejects.toMatchObject({ code: 'ENOENT' });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
