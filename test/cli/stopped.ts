import { execFileSync } from 'node:child_process';
import path from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { someMade, summaryOf } from './imgvar.js';
import { photo } from './pictures.js';
import type { OpenWorld, World } from './world.js';

/** Being stopped in the middle of so many originals, by whatever means. */
export function beingStopped(open: OpenWorld, count: number): void {
  async function many(): Promise<World> {
    const originals: Record<string, Buffer> = {};
    for (let i = 0; i < count; i++) originals[`${String(i).padStart(4, '0')}.jpg`] = await photo(i);
    return open(originals);
  }

  async function allWhole({ v }: World, variants: number): Promise<void> {
    const keys = await v.keys();
    expect(keys).toHaveLength(variants);
    for (const key of keys) expect((await sharp(await v.read(key)).raw().toBuffer()).length).toBeGreaterThan(0);
  }

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s finishes what is in flight, exits with %i, and the same command goes on', async (signal, code) => {
    const { v, run, start } = await many();
    const running = start('--only', 'small', '-v');
    await new Promise((resolve) => running.child.stderr?.once('data', resolve));
    running.child.kill(signal);
    const ended = await running.ended;
    expect(ended.code).toBe(code);
    expect(ended.stdout).toContain('Run the same command again');
    const done = await v.keys();
    expect(done.length).toBeGreaterThan(0);
    expect(done.length).toBeLessThan(count);
    expect(done.filter((key) => !/^small\/\d{4}\.jpg$/.test(key))).toEqual([]);
    const rest = await run('reprocess', '--only', 'small', '--json');
    const summary = summaryOf(rest);
    expect(summary).toMatchObject({ originals: count, failed: 0, complete: true });
    // Of what was made before the signal, the part that was settled by then counts as made, the rest is found up to date.
    expect(Number(summary?.['made']) + Number(summary?.['upToDate'])).toBe(count);
    expect(Number(summary?.['upToDate'])).toBeLessThanOrEqual(done.length);
  });

  test('a second Ctrl-C stops at once; nothing is torn, nothing lives on, and the next run clears up', async () => {
    const at = await many();
    const running = at.start('--only', 'small', '-v');
    await new Promise((resolve) => running.child.stderr?.once('data', resolve));
    running.child.kill('SIGINT');
    running.child.kill('SIGINT');
    expect((await running.ended).code).toBe(130);
    expect((await at.run('reprocess', '--only', 'small', '--json')).code).toBe(0);
    await allWhole(at, count);
  });

  test('kill -9 of the program: its workers end, nothing is torn, and the next run finishes', async () => {
    const at = await many();
    const running = at.start('--only', 'small', '--json');
    await someMade(running, 20);
    const workers = workersOf(running.child.pid);
    expect(workers.length).toBeGreaterThan(0);
    running.child.kill('SIGKILL');
    await running.ended;
    await expect.poll(() => workers.filter(isAlive)).toEqual([]);
    expect((await at.run('reprocess', '--only', 'small', '--json')).code).toBe(0);
    await allWhole(at, count);
  });

  test('kill -9 of one worker process after the other: the run completes with nothing missing', async () => {
    const at = await many();
    const running = at.start('--json');
    await someMade(running, 100);
    for (const pid of workersOf(running.child.pid)) {
      process.kill(pid, 'SIGKILL');
      await someMade(running, 100);
    }
    const ended = await running.ended;
    expect(ended.code).toBe(0);
    expect(summaryOf(ended)).toMatchObject({ originals: count, due: count * 6, made: count * 6, failed: 0, complete: true });
    const written = await at.v.keys();
    expect(written.filter((key) => !path.basename(key).startsWith('.imgvar-tmp-'))).toHaveLength(count * 6);
    // What the killed ones were writing is cleared up by the next run, which finds nothing else to do.
    expect(summaryOf(await at.run('reprocess', '--json'))).toMatchObject({ due: 0, upToDate: count });
    await allWhole(at, count * 6);
  });
}

export function workersOf(pid: number | undefined): number[] {
  const list = execFileSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' });
  return list.trim().split(/\s+/).map(Number);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
