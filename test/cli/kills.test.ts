import { setTimeout as sleep } from 'node:timers/promises';
import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { startS3, type S3Server } from '../s3/server.js';
import { imgvar, someMade, start, summaryOf, workspace, type Ended } from './imgvar.js';
import { photo } from './pictures.js';
import { bucketSide, folderSide, type Side } from './sides.js';

/** Three for each of four worlds; `npm run test:kills` does a hundred in all. */
const KILLS = Number(process.env['IMGVAR_KILLS'] ?? 12) / 4;
const COUNT = 250;
const SPECS = ['small', 'web'];
const CONFIG = { specs: { small: { width: 40 }, web: { width: 30, format: 'webp' } }, leaseSeconds: 5 };
/** Originals in flight: what they were to become may be made twice. */
const IN_FLIGHT = 4;

let server: S3Server;
beforeAll(async () => {
  server = await startS3({ buckets: ['originals', 'variants'] });
});
afterAll(() => server.close());

let worlds = 0;
async function world(kind: 'folder' | 'bucket', originals: number) {
  const prefix = `kills ${worlds++}/`;
  const cwd = await workspace({ 'c.json': JSON.stringify(CONFIG) });
  const side = (name: string): Side => (kind === 'folder' ? folderSide(path.join(cwd, name)) : bucketSide(server, name, prefix));
  const o = side('originals');
  const v = side('variants');
  for (let i = 0; i < originals; i++) await o.put(`${String(i).padStart(4, '0')}.jpg`, await photo(i));
  const args = ['reprocess', o.location, v.location, '-c', path.join(cwd, 'c.json'), '--json', '--concurrency', String(IN_FLIGHT)];
  const env = { AWS_ENDPOINT_URL: server.url };
  return { cwd, o, v, args, env, run: (...more: string[]) => imgvar([...args, ...more], cwd, env) };
}

function madeIn({ stdout }: Pick<Ended, 'stdout'>): string[] {
  // A killed program's last line may be torn.
  return [...stdout.matchAll(/"result":"made","key":"([^"]+)"/g)].map(([, key]) => String(key));
}

function runIn({ stdout }: Pick<Ended, 'stdout'>): string {
  return /^\{"type":"run","id":"([^"]+)"/.exec(stdout)?.[1] ?? '';
}

/** Starts it, and kills it at some moment, another one each time. */
async function killed(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv, seed: number): Promise<Ended> {
  const running = start(args, cwd, env);
  await sleep(350 + (seed * 7919) % 900);
  running.child.kill('SIGKILL');
  return running.ended;
}

describe.each(['folder', 'bucket'] as const)('in a %s', (kind) => {
  test.each(['due', 'all'] as const)('killed again and again in the mode %s, a run comes to its end: all is there, whole, and little was made twice', async (mode) => {
    const { cwd, v, args, env, run } = await world(kind, COUNT);
    const before = Date.now();
    if (mode === 'all') {
      await run();
      await v.age();
    }
    const made: string[] = [];
    // One that was faster than its kill is at its end; the next begins anew, and in the mode all makes everything again.
    const runs = new Set<string>();
    for (let kill = 0; kill < KILLS; kill++) {
      const ended = await killed([...args, '--mode', mode], cwd, env, kill + (mode === 'all' ? 50 : 0));
      made.push(...madeIn(ended));
      runs.add(runIn(ended));
    }
    const last = await run('--mode', mode);
    made.push(...madeIn(last));
    runs.add(runIn(last));
    expect(last.code).toBe(0);
    const summary = summaryOf(last);
    expect(summary).toMatchObject({ originals: COUNT, failed: 0, complete: true });
    expect(summary?.['due']).toBe(summary?.['made']);

    const expected = SPECS.flatMap((spec) => Array.from({ length: COUNT }, (_, i) => `${spec}/${String(i).padStart(4, '0')}.jpg${spec === 'web' ? '.webp' : ''}`)).sort();
    expect(await v.keys()).toEqual(expected);
    for (const key of expected) await sharp(await v.read(key)).raw().toBuffer();
    expect(made.length).toBeLessThanOrEqual(expected.length * (mode === 'all' ? runs.size : 1) + KILLS * IN_FLIGHT * SPECS.length);
    if (mode === 'all') for (const [key, at] of await v.times()) expect(at, key).toBeGreaterThanOrEqual(Math.floor(before / 1000) * 1000);
    if (kind === 'folder') expect((await readdir(v.location, { recursive: true })).filter((name) => name.includes('.imgvar-tmp-'))).toEqual([]);
    expect(summaryOf(await run())).toMatchObject({ due: 0, upToDate: COUNT });
  }, 600_000);

  test('a run that was killed goes on from another working folder, and by another process', async () => {
    const { cwd, args, env } = await world(kind, COUNT);
    const first = start(args, cwd, env);
    await someMade(first, 20);
    first.child.kill('SIGINT');
    const [begun] = (await first.ended).json();
    const elsewhere = await workspace();
    const second = await imgvar(args, elsewhere, env);
    expect(second.code).toBe(0);
    expect(second.json()[0]).toMatchObject({ type: 'run', id: begun?.['id'], resumed: true });
    const summary = summaryOf(second);
    expect(summary).toMatchObject({ originals: COUNT, failed: 0, resumed: true, complete: true });
    // What was made and not yet settled when it was stopped is found up to date.
    expect(Number(summary?.['made']) + 2 * Number(summary?.['upToDate'])).toBe(COUNT * 2);
  });

  test('two that start together: one works, the other says who does, exit 5, and nothing is made twice', async () => {
    const { cwd, args, env } = await world(kind, COUNT);
    const both = await Promise.all([start(args, cwd, env).ended, start(args, cwd, env).ended]);
    expect(both.map(({ code }) => code).sort()).toEqual([0, 5]);
    const refused = both.find(({ code }) => code === 5);
    expect(refused?.json()).toMatchObject([{ type: 'error', code: 'locked', message: expect.stringMatching(/process \d+/) }]);
    expect(both.flatMap(madeIn)).toHaveLength(COUNT * 2);
  });

  const OTHER = { small: { width: 44 }, web: { width: 34, format: 'webp' } };
  test.each([['the same command', CONFIG.specs], ['one of other specs', OTHER]])('one that stands still is taken over when its lease has lapsed, by %s, and stops itself when it goes on, before it writes anything', async (_, specs) => {
    const { cwd, v, args, env } = await world(kind, COUNT);
    // Its record is kept, so that whoever takes over can go on with it.
    const first = start(args, cwd, env);
    await someMade(first, 20);
    first.child.kill('SIGINT');
    const id = runIn(await first.ended);
    const frozen = start(args, cwd, env);
    onTestFinished(() => void frozen.child.kill('SIGKILL'));
    await someMade(frozen, 20);
    frozen.child.kill('SIGSTOP');
    const takenBy = async (name: string, leaseSeconds: number): Promise<Ended> => {
      await writeFile(path.join(cwd, name), JSON.stringify({ specs, leaseSeconds }));
      return imgvar(args.with(args.indexOf('-c') + 1, name), cwd, env);
    };
    // By whoever gives it more time than any machine takes to start a program.
    expect((await takenBy('patient.json', 600)).code).toBe(5);
    await sleep(7_000);
    const next = await takenBy('next.json', CONFIG.leaseSeconds);
    expect(next.code).toBe(0);
    expect(summaryOf(next)).toMatchObject({ originals: COUNT, complete: true });
    const kept = async (): Promise<string> => String(await v.read(`.imgvar/runs/${id}.json`));
    const before = await kept();
    if (specs === CONFIG.specs) expect(JSON.parse(before)).toMatchObject({ state: 'complete', sums: { originals: COUNT } });
    frozen.child.kill('SIGCONT');
    const ended = await frozen.ended;
    expect(ended.code).toBe(5);
    expect(ended.json().at(-1)).toMatchObject({ type: 'error', code: 'locked' });
    expect(await kept()).toBe(before);
    // What its workers were writing when they were ended is under no name; the next run clears it away.
    const keys = (await v.keys()).filter((key) => !key.includes('.imgvar-tmp-'));
    expect(keys).toHaveLength(COUNT * 2);
    const others = new Set<string>();
    for (const key of keys) {
      const { width } = await sharp(await v.read(key)).metadata();
      if (width !== (key.startsWith('web') ? specs.web.width : specs.small.width)) others.add(path.basename(key, '.webp'));
    }
    // But for what it had just been about to hand to a worker, having asked: nobody can ask and hand over at once.
    expect(others.size, [...others].join()).toBeLessThanOrEqual(2);
  });
});
