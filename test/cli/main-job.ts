import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { photos, summaryOf } from './imgvar.js';
import { refusedKeys, uglyKeys, type Gaps } from './keys.js';
import { LEVELS, photo } from './pictures.js';
import type { Side } from './sides.js';
import { beingStopped } from './stopped.js';
import { worldsOf, type Buckets, type Kind } from './world.js';

/** The main job, whatever the two locations are. */
export function mainJob(from: Kind, to: Kind, buckets: () => Buckets, gaps: Gaps = {}): void {
  describe(`imgvar reprocess, from a ${from} to a ${to}`, () => {
    const open = worldsOf(from, to, buckets);
    const billed = from === 'bucket' || to === 'bucket';

    test('makes the six variants of every photograph, in their sizes; a second run makes nothing', async () => {
      const names = (await readdir(photos)).sort();
      const { v, run } = await open(Object.fromEntries(await Promise.all(names.map(async (name) => [name, await readFile(path.join(photos, name))]))));
      const first = await run('reprocess', '--json');
      expect(first.stderr).toBe('');
      expect(first.code).toBe(0);
      expect(first.json()[0]).toMatchObject({ type: 'run', command: 'reprocess', engine: 'local', mode: 'due', specs: LEVELS, resumed: false });
      expect(summaryOf(first)).toMatchObject({ originals: 5, due: 30, made: 30, upToDate: 0, failed: 0, usd: billed ? expect.any(Number) : 0, complete: true });
      expect(await v.keys()).toEqual(LEVELS.flatMap((spec) => names.map((name) => `${spec}/${name}`)).sort());

      const size = async (key: string) => {
        const { width, height, format } = await sharp(await v.read(key)).metadata();
        return { width, height, format };
      };
      expect(await size('square-small/rocket.jpg')).toEqual({ width: 150, height: 150, format: 'jpeg' });
      expect(await size('square-medium/hubble_deep_field.jpg')).toEqual({ width: 500, height: 500, format: 'jpeg' });
      expect(await size('small/hubble_deep_field.jpg')).toEqual({ width: 400, height: 349, format: 'jpeg' });
      expect(await size('medium/hubble_deep_field.jpg')).toEqual({ width: 800, height: 698, format: 'jpeg' });
      expect(await size('xlarge/coffee.png')).toEqual({ width: 600, height: 400, format: 'png' });

      const outcomes = first.json().filter(({ type }) => type === 'outcome');
      expect(outcomes).toHaveLength(30);
      expect(outcomes).toContainEqual(
        expect.objectContaining({ original: 'rocket.jpg', variant: 'small', result: 'made', key: 'small/rocket.jpg', width: 400, height: 267, reason: 'missing' }),
      );
      for (const { key, bytes } of outcomes) expect(await v.read(String(key))).toHaveLength(Number(bytes));

      const second = await run('reprocess', '--json');
      expect(second.code).toBe(0);
      expect(second.json().map(({ type }) => type)).toEqual(['run', 'summary']);
      expect(summaryOf(second)).toMatchObject({ originals: 5, due: 0, made: 0, upToDate: 5, bytesRead: 0, complete: true });
      expect((await run('reprocess')).stdout).toMatch(/^Nothing to do/);
    });

    if (gaps.brief === true) return;

    test('after one variant is deleted, makes exactly that one', async () => {
      const { v, run } = await open({ 'a.jpg': await photo(1), 'b/c.jpg': await photo(2) });
      await run('reprocess');
      await v.remove('medium/b/c.jpg');
      const made = (await run('reprocess', '--json')).json().filter(({ type }) => type === 'outcome');
      expect(made).toMatchObject([{ original: 'b/c.jpg', variant: 'medium', reason: 'missing' }]);
    });

    test('after an original is replaced, makes its variants and no others', async () => {
      const { o, v, run } = await open({ 'a.jpg': await photo(1), 'b.jpg': await photo(2) });
      await o.age();
      await run('reprocess');
      await v.age();
      await o.age();
      await o.put('a.jpg', await photo(3));
      const made = (await run('reprocess', '--json')).json().filter(({ type }) => type === 'outcome');
      expect(made.map(({ original, reason }) => [original, reason])).toEqual(LEVELS.map(() => ['a.jpg', 'original-newer']));
      expect(summaryOf(await run('reprocess', '--json'))).toMatchObject({ due: 0, upToDate: 2 });
    });

    test('--mode missing leaves old variants alone, --mode all makes every one', async () => {
      const { v, run } = await open({ 'a.jpg': await photo(1) });
      await run('reprocess');
      await v.age();
      expect(summaryOf(await run('reprocess', '--mode', 'missing', '--json'))).toMatchObject({ due: 0 });
      const all = await run('reprocess', '--mode', 'all', '--json');
      expect(summaryOf(all)).toMatchObject({ due: 6, made: 6 });
      expect(all.json()).toContainEqual(expect.objectContaining({ reason: 'forced' }));
    });

    test('--dry-run tells what is due and writes nothing at all', async () => {
      const { v, run } = await open({ 'a.jpg': await photo(1) });
      const dry = await run('reprocess', '--dry-run', '--json');
      expect(dry.code).toBe(0);
      expect(dry.json().filter(({ type }) => type === 'due')).toEqual(
        LEVELS.map((variant) => ({ type: 'due', original: 'a.jpg', variant, key: `${variant}/a.jpg`, reason: 'missing' })),
      );
      expect(summaryOf(dry)).toMatchObject({ originals: 1, due: 6, made: 0 });
      expect(await v.keys()).toEqual([]);
      expect(await v.own()).toEqual([]);
    });

    test('--only, --prefix, --include, --exclude and --limit choose what is done', async () => {
      const { v, run } = await open({
        '2024/a.jpg': await photo(1),
        '2024/b.jpg': await photo(2),
        '2024/b.txt': 'notes',
        '2025/c.jpg': await photo(3),
      });
      await run('reprocess', '--only', 'small,square-small', '--exclude', '*.txt');
      expect(await v.keys()).toEqual(['small', 'square-small'].flatMap((spec) => ['2024/a.jpg', '2024/b.jpg', '2025/c.jpg'].map((key) => `${spec}/${key}`)));
      await run('reprocess', '--only', 'medium', '--prefix', '2024/b', '--include', '*.jpg');
      expect(await made(v, 'medium')).toEqual(['medium/2024/b.jpg']);
      await run('reprocess', '--only', 'large', '--limit', '1');
      expect(await made(v, 'large')).toEqual(['large/2024/a.jpg']);
      await run('reprocess', '--only', 'large', '--limit', '1');
      expect(await made(v, 'large')).toEqual(['large/2024/a.jpg', 'large/2024/b.jpg']);
    });

    test('one bad original never stops the rest; each has its code; exit 3', async () => {
      const { run } = await open({
        'empty.jpg': '',
        'good.jpg': await photo(1),
        'page.jpg': '<!doctype html><html></html>',
        'torn.jpg': (await readFile(path.join(photos, 'rocket.jpg'))).subarray(0, 40_000),
        'z.jpg': await photo(2),
      });
      const first = await run('reprocess', '--json');
      expect(first.code).toBe(3);
      const failed = first.json().filter(({ result }) => result === 'failed');
      expect(failed.map(({ original, code, variant, retryable }) => [original, code, variant, retryable]).sort()).toEqual([
        ['empty.jpg', 'empty-original', null, false],
        ['page.jpg', 'unsupported-format', null, false],
        ['torn.jpg', 'corrupt-image', null, false],
      ]);
      for (const { message } of failed) expect(String(message).length).toBeGreaterThan(5);
      expect(summaryOf(first)).toMatchObject({ originals: 5, due: 30, made: 12, failed: 18, complete: true });

      const text = await run('reprocess');
      expect(text.code).toBe(3);
      for (const code of ['empty-original', 'unsupported-format', 'corrupt-image']) expect(text.stdout).toContain(code);
      expect(text.stdout).not.toContain('\u001b');
      expect(text.stderr).toBe('');
    });

    test('a failure leaves the variants that were there', async () => {
      const { o, v, run } = await open({ 'a.jpg': await photo(1) });
      await o.age();
      await run('reprocess');
      const before = await v.read('small/a.jpg');
      await v.age();
      await o.put('a.jpg', 'no longer an image');
      expect((await run('reprocess')).code).toBe(3);
      expect(await v.read('small/a.jpg')).toEqual(before);
    });

    test('keys, however ugly, are listed, made and found again', async () => {
      const content = await photo(7);
      const held = uglyKeys(from, to, gaps);
      const { v, run } = await open(Object.fromEntries(held.map((key) => [key, content])));
      const first = await run('reprocess', '--only', 'small', '--json');
      expect(first.json().filter(({ result }) => result === 'failed')).toEqual([]);
      expect(first.code).toBe(0);
      expect(summaryOf(first)).toMatchObject({ originals: held.length, made: held.length, failed: 0 });
      expect(await v.keys()).toEqual(held.map((key) => `small/${key}`).sort());
      const second = await run('reprocess', '--only', 'small', '--json');
      expect(summaryOf(second)).toMatchObject({ upToDate: held.length, due: 0 });
    });

    test.runIf(from === 'bucket')('keys that the other side cannot hold, or nobody safely, are refused by name', async () => {
      const refused = refusedKeys(to);
      const { v, run } = await open(Object.fromEntries(await Promise.all(['good.jpg', ...refused].map(async (key) => [key, await photo(1)] as const))));
      const ended = await run('reprocess', '--only', 'small', '--json');
      expect(ended.code).toBe(3);
      const failed = ended.json().filter(({ code }) => code === 'invalid-key').map(({ original }) => String(original));
      expect(failed.sort()).toEqual([...refused].sort());
      expect(await v.keys()).toEqual(['small/good.jpg']);
    });

    test('imgvar regenerate KEY makes all variants of it and of nothing else, whatever exists', async () => {
      const { o, v, run } = await open({ 'a/b.jpg': await photo(1), 'c.jpg': await photo(2) });
      for (const key of ['a/b.jpg', `${o.location}/a/b.jpg`]) {
        const ended = await run(['regenerate', key], '--json');
        expect(ended.code).toBe(0);
        expect(summaryOf(ended)).toMatchObject({ originals: 1, due: 6, made: 6 });
      }
      expect(await v.keys()).toEqual(LEVELS.map((spec) => `${spec}/a/b.jpg`).sort());
    });

    test('imgvar regenerate of a key that does not exist fails under its name, and the others are made', async () => {
      const { v, run } = await open({ 'a.jpg': await photo(1) });
      const ended = await run(['regenerate', 'none.jpg', '../o/a.jpg', 'a.jpg'], '--only', 'small', '--json');
      expect(ended.code).toBe(3);
      expect(ended.json().filter(({ result }) => result === 'failed').map(({ original, code }) => [original, code])).toEqual([
        ['none.jpg', 'original-missing'],
        ['../o/a.jpg', 'invalid-key'],
      ]);
      expect(await v.keys()).toEqual(['small/a.jpg']);
    });

    describe('being stopped', () => beingStopped(open, gaps.many ?? (billed ? 150 : 300)));
  });
}

async function made(side: Side, spec: string): Promise<string[]> {
  return (await side.keys()).filter((key) => key.startsWith(`${spec}/`));
}
