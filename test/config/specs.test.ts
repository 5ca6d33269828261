import { describe, expect, test } from 'vitest';
import type { Spec } from '../../src/model/spec.js';
import { loadText, problemsIn } from './support.js';

async function specOf(fields: object): Promise<Spec | undefined> {
  return (await loadText(JSON.stringify({ specs: { sq: fields } }))).specs[0];
}

test('a spec without a field has every default', async () => {
  expect(await specOf({})).toEqual({
    name: 'sq',
    width: null,
    height: null,
    fit: 'inside',
    position: 'centre',
    background: '#ffffff',
    format: 'original',
    quality: null,
    lossless: false,
    effort: null,
    progressive: false,
    enlarge: false,
    cacheControl: null,
    keep: [],
    animated: true,
  } satisfies Spec);
});

describe('what is written becomes', () => {
  test.each<[object, Partial<Spec>]>([
    [{ width: 1, height: 16383 }, { width: 1, height: 16383 }],
    [{ fit: 'fill', width: 5, height: 6 }, { fit: 'fill' }],
    [{ position: 'center' }, { position: 'centre' }],
    [{ position: 'top' }, { position: 'north' }],
    [{ position: 'right top' }, { position: 'northeast' }],
    [{ position: 'right' }, { position: 'east' }],
    [{ position: 'right bottom' }, { position: 'southeast' }],
    [{ position: 'bottom' }, { position: 'south' }],
    [{ position: 'left bottom' }, { position: 'southwest' }],
    [{ position: 'left' }, { position: 'west' }],
    [{ position: 'left top' }, { position: 'northwest' }],
    [{ position: 'southwest' }, { position: 'southwest' }],
    [{ position: 'attention', fit: 'cover', width: 5, height: 5 }, { position: 'attention' }],
    [{ background: '#AbC' }, { background: '#aabbcc' }],
    [{ background: '#AABBCC' }, { background: '#aabbcc' }],
    [{ background: '#00000080' }, { background: '#00000080' }],
    [{ format: 'webp', lossless: true, quality: 100, effort: 6 }, { format: 'webp', lossless: true, quality: 100, effort: 6 }],
    [{ format: 'avif', lossless: true, effort: 9 }, { lossless: true, effort: 9 }],
    [{ format: 'png', progressive: true, effort: 10 }, { progressive: true, effort: 10 }],
    [{ format: 'webp', effort: 0 }, { effort: 0 }],
    [{ effort: 10 }, { format: 'original', effort: 10 }],
    [{ quality: 1, progressive: true }, { quality: 1, progressive: true }],
    [{ keep: ['icc', 'exif', 'copyright', 'icc'] }, { keep: ['copyright', 'exif', 'icc'] }],
    [{ cacheControl: 'public, max-age=31536000' }, { cacheControl: 'public, max-age=31536000' }],
    [{ enlarge: true, animated: false }, { enlarge: true, animated: false }],
  ])('%j -> %j', async (fields, expected) => {
    expect(await specOf(fields)).toMatchObject(expected);
  });
});

describe('what is wrong is named by its path', () => {
  const box = { width: 5, height: 5 };
  test.each<[object, string[]]>([
    [{ width: 0 }, ['width']],
    [{ width: 16384 }, ['width']],
    [{ width: 1.5 }, ['width']],
    [{ width: '800' }, ['width']],
    [{ width: null }, ['width']],
    [{ height: -1 }, ['height']],
    [{ fit: 'covr', ...box }, ['fit']],
    [{ fit: 'cover' }, ['width']],
    [{ fit: 'cover', width: 5 }, ['height']],
    [{ fit: 'contain', height: 5 }, ['width']],
    [{ fit: 'fill', width: 5 }, ['height']],
    [{ fit: 'outside', width: 5 }, ['height']],
    [{ position: 'middle' }, ['position']],
    [{ position: 'toString' }, ['position']],
    [{ position: 'entropy', fit: 'contain', ...box }, ['position']],
    [{ background: 'white' }, ['background']],
    [{ background: '#ffff' }, ['background']],
    [{ background: '#fffffg' }, ['background']],
    [{ background: '#ffffff\n' }, ['background']],
    [{ format: 'jpg' }, ['format']],
    [{ quality: 0 }, ['quality']],
    [{ quality: 101 }, ['quality']],
    [{ quality: 80, format: 'png' }, ['quality']],
    [{ lossless: true }, ['lossless']],
    [{ lossless: true, format: 'jpeg' }, ['lossless']],
    [{ lossless: true, format: 'png' }, ['lossless']],
    [{ lossless: 'yes' }, ['lossless']],
    [{ effort: 11 }, ['effort']],
    [{ effort: 3, format: 'jpeg' }, ['effort']],
    [{ effort: 7, format: 'webp' }, ['effort']],
    [{ effort: 10, format: 'avif' }, ['effort']],
    [{ effort: 0, format: 'png' }, ['effort']],
    [{ effort: 11, format: 'png' }, ['effort']],
    [{ effort: -1, format: 'webp' }, ['effort']],
    [{ progressive: true, format: 'webp' }, ['progressive']],
    [{ progressive: true, format: 'avif' }, ['progressive']],
    [{ progressive: 1 }, ['progressive']],
    [{ enlarge: 'no' }, ['enlarge']],
    [{ animated: 0 }, ['animated']],
    [{ cacheControl: '' }, ['cacheControl']],
    [{ cacheControl: 'no-store\r\nX-Evil: 1' }, ['cacheControl']],
    [{ cacheControl: 'ü' }, ['cacheControl']],
    [{ keep: 'icc' }, ['keep']],
    [{ keep: ['icc', 'gps'] }, ['keep[1]']],
    [{ name: 'x' }, ['name']],
    [{ width: 0, height: 0, sharpen: 1 }, ['width', 'height', 'sharpen']],
    [{ lossless: true, progressive: true, format: 'avif', effort: 10 }, ['progressive', 'effort']],
  ])('%j: %j', async (fields, paths) => {
    const problems = await problemsIn(JSON.stringify({ specs: { 'my-spec': fields } }));
    expect(problems.map(({ path }) => path)).toEqual(paths.map((path) => `specs.my-spec.${path}`));
  });
});

describe('the name of a spec', () => {
  test.each(['a', 'A', '0', 'square-small', 'x_1', 'originals', 'Original', 'a'.repeat(64)])('%s', async (name) => {
    expect((await loadText(JSON.stringify({ specs: { [name]: {} } }))).specs[0]?.name).toBe(name);
  });

  test.each<[string, string]>([
    ['original', 'specs.original'],
    ['', 'specs[""]'],
    ['-a', 'specs.-a'],
    ['_a', 'specs._a'],
    ['a b', 'specs["a b"]'],
    ['a/b', 'specs["a/b"]'],
    ['a.b', 'specs["a.b"]'],
    ['ä', 'specs["ä"]'],
    ['a\n', 'specs["a\\n"]'],
    ['a'.repeat(65), `specs.${'a'.repeat(65)}`],
    ['__proto__', 'specs.__proto__'],
  ])('not %j', async (name, path) => {
    const problems = await problemsIn(`{"specs": {${JSON.stringify(name)}: {}, "fine": {}}}`);
    expect(problems.map((problem) => problem.path)).toEqual([path]);
  });

  test('not two that a file system may take for one', async () => {
    const problems = await problemsIn('{"specs": {"small": {}, "Small": {}, "other": {}}}');
    expect(problems.map(({ path }) => path)).toEqual(['specs.small']);
  });

  test('there must be one', async () => {
    expect((await problemsIn('{"specs": {}}')).map(({ path }) => path)).toEqual(['specs']);
    expect((await problemsIn('{}')).map(({ path }) => path)).toEqual(['specs']);
  });
});
