import { describe, expect, test } from 'vitest';
import { parseLayout } from '../../src/model/layout.js';
import type { Format, Spec } from '../../src/model/spec.js';
import { spec } from '../support.js';

function keyOf(template: string, original: string, format: Format = 'original'): string {
  return parseLayout(template, ['sq']).keyOf(original, spec('sq', { format }));
}

describe('the key of a variant', () => {
  test.each([
    ['{variant}/{path}', 'a/b.jpg', 'sq/a/b.jpg'],
    ['{variant}/{path}', 'b', 'sq/b'],
    ['{variant}/{path}', '/b//c.jpg', 'sq//b//c.jpg'],
    ['{path}/{variant}', 'a/b.jpg', 'a/b.jpg/sq'],
    ['v2/{variant}/{path}', 'a.jpg', 'v2/sq/a.jpg'],
    ['{path}-$&{variant}', 'a.jpg', 'a.jpg-$&sq'],
    ['{dir}/{name}-{variant}.{ext}', 'a/b/c.d.jpg', 'a/b/c.d-sq.jpg'],
    ['{dir}/{name}-{variant}.{ext}', 'c.jpg', 'c-sq.jpg'],
    ['{dir}/{name}-{variant}.{ext}', 'a/c', 'a/c-sq'],
    ['{dir}/{name}-{variant}.{ext}', '.hidden', '.hidden-sq'],
    ['{dir}/{name}-{variant}.{ext}', 'b.', 'b-sq.'],
    ['{dir}/{name}-{variant}.{ext}', '/a//.hidden.JPG', '/a//.hidden-sq.JPG'],
    ['{dir}/{name}-{variant}.{ext}', '😀/e\u0301.jpg', '😀/e\u0301-sq.jpg'],
    ['{dir}/{variant}/{name}.{ext}', 'a/b.jpg', 'a/sq/b.jpg'],
    ['{dir}/{variant}/{name}.{ext}', 'b.jpg', 'sq/b.jpg'],
    ['{variant}/{dir}/{name}.{ext}', 'a/b.jpg', 'sq/a/b.jpg'],
    ['{dir}/{name}/{variant}.{ext}', 'a/b.jpg', 'a/b/sq.jpg'],
    ['x/{dir}/{variant}_{name}.{ext}', 'a/b.jpg', 'x/a/sq_b.jpg'],
    ['{dir}/{name}.{variant}.{ext}', 'b.jpg', 'b.sq.jpg'],
    ['{dir}/{name}.{ext}.{variant}', 'b.jpg', 'b.jpg.sq'],
  ])('%s of %s is %s', (template, original, key) => {
    expect(keyOf(template, original)).toBe(key);
  });

  test.each<[Format, string, string]>([
    ...['b.jpg', 'b.JPEG', 'b.jfif', 'b.png', 'b.WebP', 'b.avif', 'b.gif', 'b', '.tiff', 'b.'].map((key): [Format, string, string] => ['original', key, key]),
    ['original', 'b.tiff', 'b.tiff.jpg'],
    ['original', 'b.HEIC', 'b.HEIC.jpg'],
    ['original', 'a.tiff/b', 'a.tiff/b'],
    ['webp', 'a/b.png', 'a/b.png.webp'],
    ['webp', 'b.webp', 'b.webp'],
    ['webp', 'b.WEBP', 'b.WEBP'],
    ['webp', 'b', 'b.webp'],
    ['webp', '.webp', '.webp.webp'],
    ['jpeg', 'b.jpg', 'b.jpg'],
    ['jpeg', 'b.JPEG', 'b.JPEG'],
    ['jpeg', 'b.jfif', 'b.jfif'],
    ['jpeg', 'b.png', 'b.png.jpg'],
    ['jpeg', 'b.tiff', 'b.tiff.jpg'],
    ['avif', 'b.jpg', 'b.jpg.avif'],
    ['png', 'b.jpg', 'b.jpg.png'],
    ['png', 'b.PNG', 'b.PNG'],
  ])('with format %s, %s is named %s', (format, original, named) => {
    expect(keyOf('{variant}/{path}', original, format)).toBe(`sq/${named}`);
  });

  test.each<[string, Format, string, string, string]>([
    ['{path}/{variant}', 'original', 'b.tiff', 'b.tiff/sq', '.jpg'],
    ['{path}/{variant}', 'webp', 'b.webp', 'b.webp/sq', '.webp'],
    ['{path}/{variant}.jpg', 'jpeg', 'b.png', 'b.png/sq.jpg', ''],
    ['{path}/{variant}.jpg', 'original', 'b.tiff', 'b.tiff/sq.jpg', ''],
    ['{path}/{variant}.jpg', 'webp', 'b.png', 'b.png/sq.jpg', '.webp'],
    ['{dir}/{name}-{variant}.{ext}', 'webp', 'a/b.png', 'a/b-sq.png', '.webp'],
    ['{dir}/{name}-{variant}.{ext}', 'webp', 'a/b.webp', 'a/b-sq.webp', ''],
  ])('%s, format %s, of %s is %s with %j at the very end', (template, format, original, key, added) => {
    expect(keyOf(template, original, format)).toBe(key + added);
    expect(parseLayout(template, ['sq']).addedTo(original, spec('sq', { format }))).toBe(added);
  });
});

describe('two originals that meet in one key', () => {
  const webp = spec('sq', { format: 'webp' });
  test.each<[string, string, Spec, string | null]>([
    ['{variant}/{path}', 'a', webp, 'a.webp'],
    ['{variant}/{path}', 'a.png', webp, 'a.png.webp'],
    ['{variant}/{path}', 'a.webp', webp, null],
    ['{variant}/{path}', 'x.tiff', spec('sq'), 'x.tiff.jpg'],
    ['{variant}/{path}', 'x.jpg', spec('sq'), null],
    ['{variant}/{path}', 'd/', webp, null],
    ['{path}/{variant}', 'a', webp, null],
    ['{dir}/{name}-{variant}.{ext}', 'a', webp, 'a.webp'],
    ['{dir}/{name}-{variant}.{ext}', 'a.png', webp, null],
    ['{dir}/{name}-{variant}.{ext}', 'x.tiff', spec('sq'), null],
  ])('%s: the rival of %s', (template, original, of, rival) => {
    const layout = parseLayout(template, ['sq']);
    expect(layout.rivalOf(original, of)).toBe(rival);
    if (rival !== null) expect(layout.keyOf(rival, of)).toBe(layout.keyOf(original, of));
  });
});

describe('the originals of a variant', () => {
  const specs = [spec('sq'), spec('web', { format: 'webp' })];
  test.each<[string, string, [string, string][]]>([
    ['{variant}/{path}', 'sq/a.jpg', [['sq', 'a.jpg']]],
    ['{variant}/{path}', 'sq/x.tiff.jpg', [['sq', 'x.tiff.jpg'], ['sq', 'x.tiff']]],
    ['{variant}/{path}', 'web/a.webp', [['web', 'a.webp'], ['web', 'a']]],
    ['{variant}/{path}', 'web/a.png', []],
    ['{variant}/{path}', 'sq/a.tiff', []],
    ['{variant}/{path}', 'foreign/a.jpg', []],
    ['{variant}/{path}', 'sq', []],
    ['v2/{variant}/{path}', 'sq/a.jpg', []],
    ['{path}/{variant}', 'a.png/web.webp', [['web', 'a.png']]],
    ['{dir}/{name}-{variant}.{ext}', 'a/b-sq.jpg', [['sq', 'a/b.jpg']]],
    ['{dir}/{name}-{variant}.{ext}', 'a/b-web.webp', [['web', 'a/b.webp'], ['web', 'a/b']]],
    ['{dir}/{name}-{variant}.{ext}', 'a/b-web.png.webp', [['web', 'a/b.png']]],
    ['{dir}/{name}-{variant}.{ext}', 'a/b.jpg', []],
    ['{dir}/{variant}/{name}.{ext}', 'sq/b.jpg', [['sq', 'b.jpg']]],
    ['{dir}/{variant}/{name}.{ext}', 'a//sq/b.jpg', [['sq', 'a//b.jpg']]],
    ['{dir}/{variant}/{name}.{ext}', 'b.jpg', []],
  ])('%s: %s', (template, key, originals) => {
    const found = parseLayout(template, ['sq', 'web']).originalsOf(key, specs);
    expect(new Set(found.map(({ spec: of, original }) => `${of.name} ${original}`))).toEqual(new Set(originals.map((pair) => pair.join(' '))));
    expect(found).toHaveLength(originals.length);
  });

  test('only for the specs that are asked about', () => {
    expect(parseLayout('{variant}/{path}', ['sq', 'web']).originalsOf('sq/a.jpg', specs.slice(1))).toEqual([]);
  });

  test('a spec that the layout does not know is a bug, not a key', () => {
    expect(() => parseLayout('{variant}/{path}', ['sq']).keyOf('a', spec('other'))).toThrow('other');
  });
});

describe('what is listed to find the variants', () => {
  const specs = [spec('sq'), spec('web')];
  test.each<[string, string, [string, string][]]>([
    ['{variant}/{path}', '', [['sq/', 'sq'], ['web/', 'web']]],
    ['{variant}/{path}', 'a/b', [['sq/a/b', 'sq'], ['web/a/b', 'web']]],
    ['v2/{variant}/x/{path}', 'a', [['v2/sq/x/a', 'sq'], ['v2/web/x/a', 'web']]],
    ['{variant}-{path}', 'a', [['sq-a', 'sq'], ['web-a', 'web']]],
    ['{path}/{variant}', 'a/b', [['a/b', 'sq,web']]],
    ['v2/{path}/{variant}', 'a/b', [['v2/a/b', 'sq,web']]],
    ['{variant}/{dir}/{name}.{ext}', 'a/b', [['sq/a/b', 'sq'], ['web/a/b', 'web']]],
    ['{dir}/{name}-{variant}.{ext}', 'a/b', [['a/', 'sq,web']]],
    ['{dir}/{name}-{variant}.{ext}', 'b', [['', 'sq,web']]],
    ['x/{dir}/{variant}/{name}.{ext}', 'a/b/', [['x/a/b/', 'sq,web']]],
  ])('%s for originals under %j', (template, prefix, listings) => {
    const found = parseLayout(template, ['sq', 'web']).listings(specs, prefix, '');
    expect(found.map((listing) => [listing.prefix, listing.specs.map(({ name }) => name).join()])).toEqual(listings);
  });
});

test.each([
  ['{variant}/{path}', 'a/b.jpg'],
  ['{path}/{variant}', 'a/b.jpg'],
  ['{variant}/{dir}/{name}.{ext}', 'a/b.jpg'],
  ['{dir}/{name}-{variant}.{ext}', 'a/b'],
  ['{dir}/{variant}/{name}.{ext}', 'a/'],
])('%s: the order of variants hinges on %s', (template, stem) => {
  expect(parseLayout(template, ['sq']).stemOf('a/b.jpg')).toBe(stem);
});
