import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { acquireLock } from '../../src/checkpoint/lock.js';
import { memoryStore } from '../../src/store/memory.js';
import type { OwnFiles } from '../../src/store/own-files.js';

/** A root whose clock stands until it is set on. */
function root(): { own: OwnFiles; pass: (seconds: number) => void } {
  let now = 1_000_000;
  const { own } = memoryStore('root', () => now);
  return { own, pass: (seconds) => (now += seconds * 1000) };
}

/** A lease of another machine, of whose processes nothing is known here. */
async function leaseElsewhere(own: OwnFiles, number = 1): Promise<void> {
  const lease = { format: 1, run: 'r1', machine: 'elsewhere', user: 'ann', host: 'ffffffff', pid: 1, released: false };
  await own.create(`lock/${String(number).padStart(12, '0')}`, Buffer.from(JSON.stringify(lease)));
}

test('a lease that is held is refused, with who holds it and since when nothing was heard', async () => {
  const { own, pass } = root();
  await leaseElsewhere(own);
  pass(59);
  await expect(acquireLock(own, 'the root', 'r2', 60)).rejects.toMatchObject({
    code: 'locked',
    message: expect.stringMatching(/the root is being written by run r1 \(ann on elsewhere, process 1\), last heard of 59 s ago/),
  });
});

test('a lease that has lapsed is taken over, and its holder finds out', async () => {
  const { own, pass } = root();
  const first = await acquireLock(own, 'the root', 'r1', 60);
  await first.check();
  pass(61);
  await leaseElsewhere(own, 2);
  await expect(first.check()).rejects.toMatchObject({ code: 'locked' });
  expect(first.lost.aborted).toBe(true);
  await first.release();
  // It does not touch what is no longer its own.
  await expect(acquireLock(own, 'the root', 'r3', 60)).rejects.toMatchObject({ code: 'locked' });
});

test('a lease of a process here that has ended is taken over at once', async () => {
  const { own } = root();
  const { spawnSync } = await import('node:child_process');
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  const first = await acquireLock(own, 'the root', 'r1', 60);
  const [name = ''] = await own.list('lock/');
  const lease = JSON.parse((await own.read(name))?.bytes.toString() ?? '') as Record<string, unknown>;
  await own.write(name, Buffer.from(JSON.stringify({ ...lease, pid, sum: undefined })));
  const second = await acquireLock(own, 'the root', 'r2', 60);
  await expect(first.check()).rejects.toMatchObject({ code: 'locked' });
  await second.check();
  await second.release();
});

test('a lease that was given back is free, and the names of leases only rise', async () => {
  const { own } = root();
  for (const run of ['r1', 'r2', 'r3']) await (await acquireLock(own, 'the root', run, 60)).release();
  expect(await own.list('lock/')).toEqual(['lock/000000000003']);
});

test('of many who try at once one has it', async () => {
  const { own } = root();
  const tries = await Promise.allSettled(Array.from({ length: 20 }, (_, i) => acquireLock(own, 'the root', `r${i}`, 60)));
  expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  for (const result of tries) if (result.status === 'fulfilled') await result.value.release();
});

test('a lease that cannot be read holds until it lapses', async () => {
  const { own, pass } = root();
  await own.create('lock/000000000007', Buffer.from('{"format":1,"ru'));
  await expect(acquireLock(own, 'the root', 'r1', 60)).rejects.toMatchObject({ code: 'locked' });
  pass(60);
  await (await acquireLock(own, 'the root', 'r1', 60)).release();
});

/** A root whose leases can be listed slowly: what is found is told only when it is answered. */
function slowRoot() {
  const { own } = root();
  let isSlow = false;
  let answer: (() => void) | undefined;
  const list: OwnFiles['list'] = async (prefix) => {
    const names = await own.list(prefix);
    if (isSlow) await new Promise<void>((go) => (answer = go));
    return names;
  };
  /** @returns when a renewal has listed them, what answers it */
  const renewal = async (): Promise<() => void> => {
    isSlow = true;
    await expect.poll(() => answer).toBeDefined();
    isSlow = false;
    return () => answer?.();
  };
  return { own, slow: { ...own, list }, renewal };
}

test('a lease that is given back while a renewal is under way is free', async () => {
  const { own, slow, renewal } = slowRoot();
  const first = await acquireLock(slow, 'the root', 'r1', 0.1);
  const answer = await renewal();
  const released = first.release();
  await turn();
  answer();
  await released;
  await turn();
  await (await acquireLock(own, 'the root', 'r2', 60)).release();
});

describe('before each write', () => {
  /** A lease, how often it was looked at, and time by one of the clocks here, while the other one stands. */
  async function held(clock: 'performance' | 'Date' = 'Date') {
    const { own } = root();
    let looked = 0;
    let later = 0;
    const clocks = { performance: vi.spyOn(performance, 'now'), Date: vi.spyOn(Date, 'now') };
    for (const mock of Object.values(clocks)) {
      mock.mockReturnValue(1_000);
      onTestFinished(() => void mock.mockRestore());
    }
    clocks[clock].mockImplementation(() => 1_000 + later * 1000);
    const list: OwnFiles['list'] = async (prefix) => {
      looked += 1;
      return own.list(prefix);
    };
    const lock = await acquireLock({ ...own, list }, 'the root', 'r1', 60);
    onTestFinished(() => lock.release());
    looked = 0;
    return { own, lock, looked: () => looked, pass: (seconds: number) => (later += seconds) };
  }

  test.each(['performance', 'Date'] as const)('a lease is looked at and renewed where it may have lapsed by the clock of %s, once for all who ask, and else not', async (clock) => {
    const { lock, looked, pass } = await held(clock);
    for (const seconds of [0, 29]) {
      pass(seconds);
      await lock.assure();
    }
    expect(looked()).toBe(0);
    for (const times of [1, 2]) {
      pass(31);
      await Promise.all(Array.from({ length: 20 }, () => lock.assure()));
      await lock.assure();
      expect(looked()).toBe(times);
    }
  });

  test('who has taken over meanwhile is told, again and again, and that without a look', async () => {
    const { own, lock, looked, pass } = await held();
    await leaseElsewhere(own, 2);
    pass(31);
    for (let i = 0; i < 3; i++) await expect(lock.assure()).rejects.toMatchObject({ code: 'locked' });
    expect(lock.lost.aborted).toBe(true);
    expect(looked()).toBe(1);
  });

  test('a lease that was given back is not taken again', async () => {
    const { own, lock, pass } = await held();
    await lock.release();
    pass(31);
    await lock.assure();
    await (await acquireLock(own, 'the root', 'r2', 60)).release();
  });
});

test('a renewal that looked before all stood still says nothing of who came then', async () => {
  const { own, slow, renewal } = slowRoot();
  const lock = await acquireLock(slow, 'the root', 'r1', 0.3);
  const answer = await renewal();
  await leaseElsewhere(own, 2);
  await sleep(300);
  const assured = lock.assure();
  answer();
  await expect(assured).rejects.toMatchObject({ code: 'locked' });
});
