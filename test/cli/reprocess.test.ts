import { execFileSync } from 'node:child_process';
import { cp, mkdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { filesIn, imgvar, photos, root, start, workspace } from './imgvar.js';

const LEVELS = ['xlarge', 'large', 'medium', 'small', 'square-medium', 'square-small'];
const PHOTOS = ['astronaut.png', 'chelsea.png', 'coffee.png', 'hubble_deep_field.jpg', 'rocket.jpg'];

/** A small photograph, different for each seed. */
function photo(seed: number): Promise<Buffer> {
  return sharp({ create: { width: 64, height: 48, channels: 3, background: { r: seed % 256, g: 90, b: 160 } } }).jpeg().toBuffer();
}

async function photosIn(count: number): Promise<Record<string, Buffer>> {
  const files: Record<string, Buffer> = {};
  for (let i = 0; i < count; i++) files[`o/${String(i).padStart(4, '0')}.jpg`] = await photo(i);
  return files;
}

function summaryOf(ended: { json: () => Record<string, unknown>[] }) {
  const summary = ended.json().at(-1);
  expect(summary?.['type']).toBe('summary');
  return summary;
}

describe('imgvar reprocess photos variants', () => {
  test('makes the six variants of every photograph, in their sizes; a second run makes nothing', async () => {
    const cwd = await workspace();
    const first = await imgvar(['reprocess', photos, 'variants', '--json'], cwd);
    expect(first.code).toBe(0);
    const [run] = first.json();
    expect(run).toMatchObject({ type: 'run', command: 'reprocess', engine: 'local', mode: 'due', specs: LEVELS, resumed: false });
    expect(summaryOf(first)).toMatchObject({ originals: 5, due: 30, made: 30, upToDate: 0, failed: 0, usd: 0, complete: true });
    expect(await filesIn(path.join(cwd, 'variants'))).toEqual(LEVELS.flatMap((spec) => PHOTOS.map((photo) => `${spec}/${photo}`)).sort());

    const size = async (key: string) => {
      const { width, height, format } = await sharp(path.join(cwd, 'variants', key)).metadata();
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
    for (const { key, bytes } of outcomes) expect((await stat(path.join(cwd, 'variants', String(key)))).size).toBe(bytes);

    const second = await imgvar(['reprocess', photos, 'variants', '--json'], cwd);
    expect(second.code).toBe(0);
    expect(second.json().map(({ type }) => type)).toEqual(['run', 'summary']);
    expect(summaryOf(second)).toMatchObject({ originals: 5, due: 0, made: 0, upToDate: 5, bytesRead: 0, complete: true });
    expect((await imgvar(['reprocess', photos, 'variants'], cwd)).stdout).toMatch(/^Nothing to do/);
  });

  test('after one variant is deleted, makes exactly that one', async () => {
    const cwd = await workspace();
    await imgvar(['reprocess', photos, 'variants'], cwd);
    await rm(path.join(cwd, 'variants/medium/coffee.png'));
    const again = await imgvar(['reprocess', photos, 'variants', '--json'], cwd);
    const made = again.json().filter(({ type }) => type === 'outcome');
    expect(made).toHaveLength(1);
    expect(made[0]).toMatchObject({ original: 'coffee.png', variant: 'medium', reason: 'missing' });
  });

  test('after an original is replaced, makes its variants and no others', async () => {
    const cwd = await workspace({ 'o/a.jpg': await photo(1), 'o/b.jpg': await photo(2) });
    await imgvar(['reprocess', 'o', 'v'], cwd);
    await writeFile(path.join(cwd, 'o/a.jpg'), await photo(3));
    const later = new Date(Date.now() + 5_000);
    await utimes(path.join(cwd, 'o/a.jpg'), later, later);
    const again = await imgvar(['reprocess', 'o', 'v', '--json'], cwd);
    const made = again.json().filter(({ type }) => type === 'outcome');
    expect(made.map(({ original, reason }) => [original, reason])).toEqual(LEVELS.map(() => ['a.jpg', 'original-newer']));
    expect(summaryOf(await imgvar(['reprocess', 'o', 'v', '--json'], cwd))).toMatchObject({ due: 0, upToDate: 2 });
  });

  test('--mode missing leaves old variants alone, --mode all makes every one', async () => {
    const cwd = await workspace({ 'o/a.jpg': await photo(1) });
    await imgvar(['reprocess', 'o', 'v'], cwd);
    const later = new Date(Date.now() + 5_000);
    await utimes(path.join(cwd, 'o/a.jpg'), later, later);
    expect(summaryOf(await imgvar(['reprocess', 'o', 'v', '--mode', 'missing', '--json'], cwd))).toMatchObject({ due: 0 });
    const all = await imgvar(['reprocess', 'o', 'v', '--mode', 'all', '--json'], cwd);
    expect(summaryOf(all)).toMatchObject({ due: 6, made: 6 });
    expect(all.json()).toContainEqual(expect.objectContaining({ reason: 'forced' }));
  });

  test('--dry-run tells what is due and writes nothing at all', async () => {
    const cwd = await workspace({ 'o/a.jpg': await photo(1) });
    const dry = await imgvar(['reprocess', 'o', 'v', '--dry-run', '--json'], cwd);
    expect(dry.code).toBe(0);
    expect(dry.json().filter(({ type }) => type === 'due')).toEqual(
      LEVELS.map((variant) => ({ type: 'due', original: 'a.jpg', variant, key: `${variant}/a.jpg`, reason: 'missing' })),
    );
    expect(summaryOf(dry)).toMatchObject({ originals: 1, due: 6, made: 0 });
    expect(await filesIn(cwd)).toEqual(['o/a.jpg']);
    await expect(stat(path.join(cwd, 'v'))).rejects.toThrow();
  });

  test('--only, --prefix, --include, --exclude and --limit choose what is done', async () => {
    const cwd = await workspace({
      'o/2024/a.jpg': await photo(1),
      'o/2024/b.jpg': await photo(2),
      'o/2024/b.txt': 'notes',
      'o/2025/c.jpg': await photo(3),
    });
    await imgvar(['reprocess', 'o', 'v1', '--only', 'small,square-small', '--exclude', '*.txt'], cwd);
    expect(await filesIn(path.join(cwd, 'v1'))).toEqual(
      ['small', 'square-small'].flatMap((spec) => ['2024/a.jpg', '2024/b.jpg', '2025/c.jpg'].map((key) => `${spec}/${key}`)),
    );
    await imgvar(['reprocess', 'o', 'v2', '--only', 'small', '--prefix', '2024/b', '--include', '*.jpg'], cwd);
    expect(await filesIn(path.join(cwd, 'v2'))).toEqual(['small/2024/b.jpg']);
    await imgvar(['reprocess', 'o', 'v3', '--only', 'small', '--limit', '1'], cwd);
    expect(await filesIn(path.join(cwd, 'v3'))).toEqual(['small/2024/a.jpg']);
    await imgvar(['reprocess', 'o', 'v3', '--only', 'small', '--limit', '1'], cwd);
    expect(await filesIn(path.join(cwd, 'v3'))).toEqual(['small/2024/a.jpg', 'small/2024/b.jpg']);
  });

  test('a.jpg and a.png with a webp spec are two variants; a and a.webp cannot be, and the owner is made', async () => {
    const cwd = await workspace({
      'o/a.jpg': await photo(1),
      'o/a.png': await sharp(await photo(2)).png().toBuffer(),
      'o/b': await photo(3),
      'o/b.webp': await sharp(await photo(4)).webp().toBuffer(),
      'imgvar.config.json': JSON.stringify({ originals: 'o', variants: 'v', specs: { web: { width: 20, height: 20, format: 'webp' } } }),
    });
    const run = await imgvar(['reprocess', '--json'], cwd);
    expect(run.code).toBe(3);
    expect(await filesIn(path.join(cwd, 'v'))).toEqual(['web/a.jpg.webp', 'web/a.png.webp', 'web/b.webp']);
    expect(run.json()).toContainEqual(expect.objectContaining({ original: 'b', variant: 'web', result: 'failed', code: 'key-collision' }));
    expect(summaryOf(run)).toMatchObject({ originals: 4, due: 4, made: 3, failed: 1, upToDate: 0 });
  });

  test('the config of a folder above is found, and its locations are relative to it', async () => {
    const cwd = await workspace({
      'o/a.jpg': await photo(1),
      'imgvar.config.json': JSON.stringify({ originals: './o', variants: './v', layout: '{dir}/{name}-{variant}.{ext}', specs: { s: { width: 10 } } }),
      'deep/down/.keep': '',
    });
    expect((await imgvar(['reprocess'], path.join(cwd, 'deep/down'))).code).toBe(0);
    expect(await filesIn(path.join(cwd, 'v'))).toEqual(['a-s.jpg']);
  });
});

describe('what can be wrong', () => {
  test('one bad original never stops the rest; each has its code; exit 3', async () => {
    const cwd = await workspace({
      'o/empty.jpg': '',
      'o/good.jpg': await photo(1),
      'o/page.jpg': '<!doctype html><html></html>',
      'o/torn.jpg': (await readFile(path.join(photos, 'rocket.jpg'))).subarray(0, 40_000),
      'o/z.jpg': await photo(2),
    });
    const run = await imgvar(['reprocess', 'o', 'v', '--json'], cwd);
    expect(run.code).toBe(3);
    const failed = run.json().filter(({ result }) => result === 'failed');
    expect(failed.map(({ original, code, variant, retryable }) => [original, code, variant, retryable]).sort()).toEqual([
      ['empty.jpg', 'empty-original', null, false],
      ['page.jpg', 'unsupported-format', null, false],
      ['torn.jpg', 'corrupt-image', null, false],
    ]);
    for (const { message } of failed) expect(String(message).length).toBeGreaterThan(5);
    expect(summaryOf(run)).toMatchObject({ originals: 5, due: 30, made: 12, failed: 18, complete: true });

    const text = await imgvar(['reprocess', 'o', 'v'], cwd);
    expect(text.code).toBe(3);
    for (const code of ['empty-original', 'unsupported-format', 'corrupt-image']) expect(text.stdout).toContain(code);
    expect(text.stdout).not.toContain('\u001b');
    expect(text.stderr).toBe('');
  });

  test('a failure leaves the variants that were there', async () => {
    const cwd = await workspace({ 'o/a.jpg': await photo(1) });
    await imgvar(['reprocess', 'o', 'v'], cwd);
    const before = await readFile(path.join(cwd, 'v/small/a.jpg'));
    await writeFile(path.join(cwd, 'o/a.jpg'), 'no longer an image');
    const later = new Date(Date.now() + 5_000);
    await utimes(path.join(cwd, 'o/a.jpg'), later, later);
    expect((await imgvar(['reprocess', 'o', 'v'], cwd)).code).toBe(3);
    expect(await readFile(path.join(cwd, 'v/small/a.jpg'))).toEqual(before);
  });

  test.each<[string, string[], string]>([
    ['an unknown option', ['reprocess', '--nonsense'], 'usage'],
    ['an unknown command', ['nonsense'], 'usage'],
    ['a mode that does not exist', ['reprocess', 'o', 'v', '--mode', 'some'], 'usage'],
    ['a preset that does not exist', ['reprocess', 'o', 'v', '--preset', 'nope'], 'usage'],
    ['a limit of none', ['reprocess', 'o', 'v', '--limit', '0'], 'usage'],
    ['a concurrency that is no number', ['reprocess', 'o', 'v', '--concurrency', 'many'], 'usage'],
    ['one location of two', ['reprocess', 'o'], 'usage'],
    ['no location at all', ['reprocess'], 'usage'],
    ['a spec that does not exist', ['reprocess', 'o', 'v', '--only', 'huge'], 'usage'],
    ['originals that do not exist', ['reprocess', 'nowhere', 'v'], 'location-missing'],
    ['originals that are a file', ['reprocess', 'o/a.jpg', 'v'], 'location-not-a-folder'],
    ['variants that are a file', ['reprocess', 'o', 'file'], 'location-not-a-folder'],
    ['a bucket', ['reprocess', 's3://bucket/o', 's3://bucket/v'], 'location-unsupported'],
    ['variants among the originals', ['reprocess', 'o', 'o/variants'], 'locations-overlap'],
    ['originals among the variants', ['reprocess', 'o', '.'], 'locations-overlap'],
    ['one folder for both', ['reprocess', 'o', './o/'], 'locations-overlap'],
    ['one folder for both, by a link', ['reprocess', 'o', 'link/v'], 'locations-overlap'],
    ['a config that does not exist', ['reprocess', 'o', 'v', '-c', 'none.json'], 'config-not-found'],
    ['a config that is broken', ['reprocess', 'o', 'v', '-c', 'broken.json'], 'config-invalid'],
    ['a config with a wrong field', ['reprocess', 'o', 'v', '-c', 'wrong.json'], 'config-invalid'],
    ['regenerate without a key', ['regenerate'], 'usage'],
  ])('%s: one sentence, exit 2, nothing written', async (_, args, code) => {
    const cwd = await workspace({
      'o/a.jpg': await photo(1),
      file: 'a file',
      'broken.json': '{ "specs": ',
      'wrong.json': '{ "specs": { "a": { "widht": 1 } } }',
    });
    await symlink('o', path.join(cwd, 'link'));
    const before = await filesIn(cwd);
    const text = await imgvar(args, cwd);
    expect(text.code).toBe(2);
    expect(text.stdout).toBe('');
    expect(text.stderr).not.toMatch(/\n\s+at /);
    expect(text.stderr.trim().split('\n').length).toBeLessThanOrEqual(3);
    const json = await imgvar([...args, '--json'], cwd);
    expect(json.code).toBe(2);
    expect(json.json().at(-1)).toMatchObject({ type: 'error', code });
    expect(await filesIn(cwd)).toEqual(before);
  });

  test('no originals is no error', async () => {
    const cwd = await workspace();
    await mkdir(path.join(cwd, 'o'));
    const run = await imgvar(['reprocess', 'o', 'v', '--json'], cwd);
    expect(run.code).toBe(0);
    expect(summaryOf(run)).toMatchObject({ originals: 0, due: 0, complete: true });
  });
});

describe('keys', () => {
  const UGLY = [
    'with space.jpg', 'a+b.jpg', 'a%2Fb.jpg', 'a#b.jpg', 'a?b=c&d.jpg', '😀.jpg', 'e\u0301.jpg', '\u00e9.jpg', '.hidden.jpg', '..jpg', '...',
    'new\nline.jpg', '\u001b[31mred.jpg', 'back\\slash.jpg', "quote'\".jpg", '-rf.jpg', '--json', 'no-extension', 'UPPER.JPG', '__proto__', '*?[x].jpg',
    `${'n'.repeat(251)}.jpg`, 'sub/😀/x.jpg', 'a', 'a.d/b.jpg', 'a!/b.jpg', 'a-/b.jpg',
  ].filter((key) => key !== 'a');

  test('however ugly, they are listed, made and found again', async () => {
    const content = await photo(7);
    const cwd = await workspace(Object.fromEntries(UGLY.map((key) => [`o/${key}`, content])));
    const first = await imgvar(['reprocess', 'o', 'v', '--only', 'small', '--json'], cwd);
    expect(first.code).toBe(0);
    expect(summaryOf(first)).toMatchObject({ originals: UGLY.length, made: UGLY.length, failed: 0 });
    expect(await filesIn(path.join(cwd, 'v'))).toEqual(UGLY.map((key) => `small/${key}`).sort());
    const second = await imgvar(['reprocess', 'o', 'v', '--only', 'small', '--json'], cwd);
    expect(summaryOf(second)).toMatchObject({ upToDate: UGLY.length, due: 0 });
  });

  test('a name that becomes too long, links that lead out and names that are no text are refused by name', async () => {
    const cwd = await workspace({ 'o/a.jpg': await photo(1), 'secret/s.jpg': await photo(2), [`o/${'n'.repeat(252)}.tif`.slice(0, 257)]: await photo(3) });
    await symlink('../secret', path.join(cwd, 'o/out'));
    await symlink('../secret/s.jpg', path.join(cwd, 'o/out.jpg'));
    await symlink('a.jpg', path.join(cwd, 'o/same.jpg'));
    await writeFile(Buffer.concat([Buffer.from(path.join(cwd, 'o/')), Buffer.from([0xff, 0xfe]), Buffer.from('.jpg')]), await photo(4));
    const run = await imgvar(['reprocess', 'o', 'v', '--only', 'small', '--json'], cwd);
    expect(run.code).toBe(3);
    expect(run.json().filter(({ result }) => result === 'failed').map(({ code }) => code)).toEqual(Array(4).fill('invalid-key'));
    expect(await filesIn(path.join(cwd, 'v'))).toEqual(['small/a.jpg', 'small/same.jpg']);
  });

  test('variants are never written through a link that leads out', async () => {
    const cwd = await workspace({ 'o/d/a.jpg': await photo(1), 'v/small/.keep': '', 'outside/.keep': '' });
    await symlink('../../outside', path.join(cwd, 'v/small/d'));
    const run = await imgvar(['reprocess', 'o', 'v', '--only', 'small', '--json'], cwd);
    expect(run.code).toBe(3);
    expect(run.json()).toContainEqual(expect.objectContaining({ result: 'failed', code: 'invalid-key' }));
    expect(await filesIn(path.join(cwd, 'outside'))).toEqual(['.keep']);
  });
});

describe('imgvar regenerate', () => {
  test('KEY makes all variants of it and of nothing else, whatever exists', async () => {
    const cwd = await workspace({ 'o/a/b.jpg': await photo(1), 'o/c.jpg': await photo(2) });
    for (const key of ['a/b.jpg', 'o/a/b.jpg', path.join(cwd, 'o/a/b.jpg')]) {
      const run = await imgvar(['regenerate', key, '--from', 'o', '--to', 'v', '--json'], cwd);
      expect(run.code).toBe(0);
      expect(summaryOf(run)).toMatchObject({ originals: 1, due: 6, made: 6 });
    }
    expect(await filesIn(path.join(cwd, 'v'))).toEqual(LEVELS.map((spec) => `${spec}/a/b.jpg`).sort());
  });

  test('a key that does not exist fails under its name, and the others are made', async () => {
    const cwd = await workspace({ 'o/a.jpg': await photo(1) });
    const run = await imgvar(['regenerate', 'none.jpg', '../o/a.jpg', 'a.jpg', '--from', 'o', '--to', 'v', '--only', 'small', '--json'], cwd);
    expect(run.code).toBe(3);
    expect(run.json().filter(({ result }) => result === 'failed').map(({ original, code }) => [original, code])).toEqual([
      ['none.jpg', 'original-missing'],
      ['../o/a.jpg', 'invalid-key'],
    ]);
    expect(await filesIn(path.join(cwd, 'v'))).toEqual(['small/a.jpg']);
  });
});

describe('imgvar init', () => {
  test('writes a config that works, and never overwrites one', async () => {
    const cwd = await workspace({ 'originals/a.jpg': await photo(1) });
    expect((await imgvar(['init'], cwd)).code).toBe(0);
    const written = await readFile(path.join(cwd, 'imgvar.config.json'), 'utf8');
    expect((await imgvar(['reprocess'], cwd)).code).toBe(0);
    expect(await filesIn(path.join(cwd, 'variants'))).toEqual(LEVELS.map((spec) => `${spec}/a.jpg`).sort());
    expect((await imgvar(['init'], cwd)).code).toBe(2);
    expect(await readFile(path.join(cwd, 'imgvar.config.json'), 'utf8')).toBe(written);
  });
});

describe('being stopped', () => {
  const COUNT = 300;

  /** Resolves when so many variants have been made. */
  function someMade({ child }: ReturnType<typeof start>, count: number): Promise<void> {
    let made = 0;
    return new Promise((resolve) => {
      const look = (text: string): void => {
        made += text.split('"result":"made"').length - 1;
        if (made < count) return;
        child.stdout?.off('data', look);
        resolve();
      };
      child.stdout?.on('data', look);
    });
  }

  function workersOf(pid: number | undefined): number[] {
    const list = execFileSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' });
    return list.trim().split(/\s+/).map(Number);
  }

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s finishes what is in flight, exits with %i, and the same command goes on', async (signal, code) => {
    const cwd = await workspace(await photosIn(COUNT));
    const running = start(['reprocess', 'o', 'v', '--only', 'small', '-v'], cwd);
    await new Promise((resolve) => running.child.stderr?.once('data', resolve));
    running.child.kill(signal);
    const ended = await running.ended;
    expect(ended.code).toBe(code);
    expect(ended.stdout).toContain('Run the same command again');
    const done = await filesIn(path.join(cwd, 'v'));
    expect(done.length).toBeGreaterThan(0);
    expect(done.length).toBeLessThan(COUNT);
    expect(done.filter((key) => !/^small\/\d{4}\.jpg$/.test(key))).toEqual([]);
    const rest = await imgvar(['reprocess', 'o', 'v', '--only', 'small', '--json'], cwd);
    expect(summaryOf(rest)).toMatchObject({ made: COUNT - done.length, upToDate: done.length, complete: true });
  });

  test('a second Ctrl-C stops at once; nothing is torn, nothing lives on, and the next run clears up', async () => {
    const cwd = await workspace(await photosIn(COUNT));
    const running = start(['reprocess', 'o', 'v', '--only', 'small', '-v'], cwd);
    await new Promise((resolve) => running.child.stderr?.once('data', resolve));
    running.child.kill('SIGINT');
    running.child.kill('SIGINT');
    expect((await running.ended).code).toBe(130);
    const rest = await imgvar(['reprocess', 'o', 'v', '--only', 'small', '--json'], cwd);
    expect(rest.code).toBe(0);
    const keys = await filesIn(path.join(cwd, 'v'));
    expect(keys).toHaveLength(COUNT);
    for (const key of keys) expect((await sharp(path.join(cwd, 'v', key)).raw().toBuffer()).length).toBeGreaterThan(0);
  });

  test('kill -9 of the program: its workers end, nothing is torn, and the next run finishes', async () => {
    const cwd = await workspace(await photosIn(COUNT));
    const running = start(['reprocess', 'o', 'v', '--only', 'small', '--json'], cwd);
    await someMade(running, 20);
    const workers = workersOf(running.child.pid);
    expect(workers.length).toBeGreaterThan(0);
    running.child.kill('SIGKILL');
    await running.ended;
    await expect.poll(() => workers.filter(isAlive), { timeout: 20_000 }).toEqual([]);
    const rest = await imgvar(['reprocess', 'o', 'v', '--only', 'small', '--json'], cwd);
    expect(rest.code).toBe(0);
    const keys = await filesIn(path.join(cwd, 'v'));
    expect(keys).toHaveLength(COUNT);
    for (const key of keys) await sharp(path.join(cwd, 'v', key)).raw().toBuffer();
  });

  test('kill -9 of one worker process after the other: the run completes with nothing missing', async () => {
    const cwd = await workspace(await photosIn(COUNT));
    const running = start(['reprocess', 'o', 'v', '--json'], cwd);
    await someMade(running, 100);
    for (const pid of workersOf(running.child.pid)) {
      process.kill(pid, 'SIGKILL');
      await someMade(running, 100);
    }
    const ended = await running.ended;
    expect(ended.code).toBe(0);
    expect(summaryOf(ended)).toMatchObject({ originals: COUNT, due: COUNT * 6, made: COUNT * 6, failed: 0, complete: true });
    const written = await filesIn(path.join(cwd, 'v'));
    expect(written.filter((key) => !path.basename(key).startsWith('.imgvar-tmp-'))).toHaveLength(COUNT * 6);

    // What the killed ones were writing is cleared up by the next run, which finds nothing else to do.
    expect(summaryOf(await imgvar(['reprocess', 'o', 'v', '--json'], cwd))).toMatchObject({ due: 0, upToDate: COUNT });
    expect(await filesIn(path.join(cwd, 'v'))).toHaveLength(COUNT * 6);
  });

  function isAlive(pid: number): boolean {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  }
});

describe('what is shown', () => {
  test.each([[], ['reprocess'], ['regenerate'], ['init']])('imgvar %s --help has an example', async (...command) => {
    const { code, stdout } = await imgvar([...command.flat(), '--help']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/Examples?:\n/);
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
  });

  test('imgvar --version is that of the package', async () => {
    const { version } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as { version: string };
    expect((await imgvar(['--version'])).stdout.trim()).toBe(version);
    expect((await imgvar(['-V'])).stdout.trim()).toBe(version);
  });

  test('a key that would rewrite the screen is shown with escapes', async () => {
    const cwd = await workspace({ 'o/\u001b[2J.jpg': 'not an image' });
    const { stdout, stderr } = await imgvar(['reprocess', 'o', 'v', '-v'], cwd);
    expect(stdout + stderr).toContain('\\u001b[2J.jpg');
    expect(stdout + stderr).not.toContain('\u001b');
  });

  test('-q says nothing on the way; -v has a line for every variant', async () => {
    const cwd = await workspace({ 'o/a.jpg': await photo(1) });
    const verbose = await imgvar(['reprocess', 'o', 'v', '-v'], cwd);
    expect(verbose.stderr.trim().split('\n')).toHaveLength(6);
    await cp(path.join(cwd, 'o/a.jpg'), path.join(cwd, 'o/b.jpg'));
    expect((await imgvar(['reprocess', 'o', 'v', '-q'], cwd)).stderr).toBe('');
  });
});
