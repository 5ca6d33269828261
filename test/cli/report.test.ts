import { readFile, readdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseHTML } from 'linkedom';
import { describe, expect, test } from 'vitest';
import { imgvar, photos, workspace } from './imgvar.js';
import { photo } from './pictures.js';
import { folderSide } from './sides.js';

const CONFIG = { originals: 'o', variants: 'v', specs: { small: { width: 40 }, web: { width: 30, format: 'webp' } } };

async function worked() {
  const cwd = await workspace({ 'imgvar.config.json': JSON.stringify(CONFIG) });
  const o = folderSide(path.join(cwd, 'o'));
  for (let i = 0; i < 4; i++) await o.put(`${i}.jpg`, await photo(i));
  await o.put('<b>bad</b>.jpg', 'no picture');
  const run = (...args: string[]) => imgvar(args, cwd);
  expect((await run('reprocess', '-q')).code).toBe(3);
  return { cwd, o, run };
}

describe('imgvar report', () => {
  test('writes one page of the last run, with pictures, and replaces its own only', async () => {
    const { cwd, run } = await worked();
    const { code, stdout, stderr } = await run('report');
    expect(code, stderr).toBe(0);
    const [name = ''] = (await readdir(cwd)).filter((file) => file.endsWith('.html'));
    expect(stdout.trim()).toBe(path.join(cwd, name));
    const { document } = parseHTML(await readFile(path.join(cwd, name), 'utf8'));
    // Four originals with two variants each; of the fifth there is nothing to see.
    expect(document.querySelectorAll('.strip img')).toHaveLength(4 * 3);
    expect(document.querySelectorAll('b')).toHaveLength(0);
    const text = document.body.textContent ?? '';
    for (const words of ['<b>bad</b>.jpg', 'unsupported-format', 'small', 'web', 'complete']) expect(text).toContain(words);
    expect(document.querySelector('#specs tbody')?.textContent).toMatch(/%/);
    expect((await run('report', '--sample', '0')).code).toBe(0);
    await writeFile(path.join(cwd, 'mine.html'), '<p>mine</p>');
    expect((await run('report', '--out', 'mine.html')).code).toBe(2);
    expect(await readFile(path.join(cwd, 'mine.html'), 'utf8')).toBe('<p>mine</p>');
  });

  test('of a run that is not known, or where there is none, is exit 2', async () => {
    const { run } = await worked();
    expect((await run('report', 'never')).code).toBe(2);
    const empty = await workspace({ 'imgvar.config.json': JSON.stringify(CONFIG) });
    expect((await imgvar(['report'], empty)).code).toBe(2);
  });
});

describe('imgvar preview', () => {
  test('of a file needs no locations at all', async () => {
    const cwd = await workspace();
    const { code, stdout } = await imgvar(['preview', path.join(photos, 'rocket.jpg'), '--preset', 'levels', '--only', 'small,square-small'], cwd);
    expect([code, stdout.trim()]).toEqual([0, path.join(cwd, 'imgvar-preview.html')]);
    const { document } = parseHTML(await readFile(path.join(cwd, 'imgvar-preview.html'), 'utf8'));
    expect([...document.querySelectorAll('img')].map((image) => `${image.getAttribute('width')}x${image.getAttribute('height')}`)).toEqual(['400x267', '150x150']);
  });

  test('of a link that leads out of its folder is of the file there', async () => {
    const cwd = await workspace();
    await symlink(path.join(photos, 'rocket.jpg'), path.join(cwd, 'link.jpg'));
    const { code, stderr, json } = await imgvar(['preview', 'link.jpg', '--preset', 'levels', '--only', 'small', '--json'], cwd);
    expect(code, stderr).toBe(0);
    expect(json()).toMatchObject([{ original: 'rocket.jpg', specs: [{ name: 'small', width: 400, height: 267 }] }]);
  });

  test('of an original compares with what is there, and writes nothing of it', async () => {
    const { cwd, run } = await worked();
    await writeFile(path.join(cwd, 'imgvar.config.json'), JSON.stringify({ ...CONFIG, specs: { small: { width: 40, quality: 10 }, web: { width: 30, format: 'webp' } } }));
    const v = folderSide(path.join(cwd, 'v'));
    const before = await v.times();
    const { specs } = (await run('preview', '1.jpg', '--json')).json()[0] as { specs: { name: string; bytes: number; currentBytes: number; ssim: number; ssimToCurrent: number; width: number }[] };
    expect(specs).toMatchObject([{ name: 'small', width: 40 }, { name: 'web', width: 30, ssimToCurrent: 1 }]);
    const [small] = specs;
    expect(small?.bytes).toBeLessThan(small?.currentBytes ?? 0);
    expect(small?.ssim).toBeLessThan(1);
    expect(small?.ssimToCurrent).toBeLessThan(1);
    expect(await v.times()).toEqual(before);
  });

  test('of what is no image says so, and of nothing is exit 2', async () => {
    const { run } = await worked();
    expect((await run('preview', '<b>bad</b>.jpg', '--json')).json()[0]).toMatchObject({ specs: [{ code: 'unsupported-format', bytes: null }, { code: 'unsupported-format' }] });
    expect((await run('preview', 'nothing.jpg')).code).toBe(2);
  });
});
