import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { filesIn, imgvar, root, summaryOf, workspace } from './imgvar.js';
import { LEVELS, photo } from './pictures.js';

describe('imgvar reprocess', () => {
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
  test.each<[string, string[], string]>([
    ['an unknown option', ['reprocess', '--nonsense'], 'usage'],
    ['an unknown command', ['nonsense'], 'usage'],
    ['a sample without a dry run', ['reprocess', 'o', 'v', '--sample', '5'], 'usage'],
    ['a function that would not be called', ['reprocess', 'o', 'v', '--function', 'f'], 'usage'],
    ['a function that would copy nothing', ['backup', 'o', 'v', '--function', 'f'], 'usage'],
    ['a cap on what it does not bound', ['verify', 'o', 'v', '--deep', '--fix', '--max-cost', '1'], 'usage'],
    ['a mode that does not exist', ['reprocess', 'o', 'v', '--mode', 'some'], 'usage'],
    ['a preset that does not exist', ['reprocess', 'o', 'v', '--preset', 'nope'], 'usage'],
    ['a glob that is not known here', ['reprocess', 'o', 'v', '--include', '!(a).jpg'], 'usage'],
    ['a limit of none', ['reprocess', 'o', 'v', '--limit', '0'], 'usage'],
    ['a concurrency that is no number', ['reprocess', 'o', 'v', '--concurrency', 'many'], 'usage'],
    ['one location of two', ['reprocess', 'o'], 'usage'],
    ['no location at all', ['reprocess'], 'usage'],
    ['a spec that does not exist', ['reprocess', 'o', 'v', '--only', 'huge'], 'usage'],
    ['originals that do not exist', ['reprocess', 'nowhere', 'v'], 'location-missing'],
    ['originals that are a file', ['reprocess', 'o/a.jpg', 'v'], 'location-not-a-folder'],
    ['variants that are a file', ['reprocess', 'o', 'file'], 'location-not-a-folder'],
    ['buckets that overlap', ['reprocess', 's3://bucket/o', 's3://bucket/o/v'], 'locations-overlap'],
    ['an endpoint that is none', ['reprocess', 'o', 's3://bucket/v', '--endpoint-url', 'localhost'], 'usage'],
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
