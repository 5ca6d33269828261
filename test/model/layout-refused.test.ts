import { describe, expect, test } from 'vitest';
import { LayoutError, parseLayout } from '../../src/model/layout.js';

describe('templates that are refused', () => {
  test.each([
    ['', /\{variant\} once/],
    ['{path}', /\{variant\} once/],
    ['{variant}/{variant}/{path}', /\{variant\} once/],
    ['{variant}', /do not add up/],
    ['{variant}/{path}/{path}', /do not add up/],
    ['{variant}/{dir}/{path}', /do not add up/],
    ['{variant}/{dir}/{name}', /do not add up/],
    ['{variant}/{name}/{dir}/x.{ext}', /do not add up/],
    ['{variant}/{varaint}/{path}', /\{varaint\}/],
    ['{variant}/{}/{path}', /\{\}/],
    ['{variant}/{path', /^\{ is/],
    ['{variant}/}{path}', /^\} is/],
    ['x{dir}/{name}-{variant}.{ext}', /start of a segment/],
    ['{dir}{name}-{variant}.{ext}', /followed by a slash/],
    ['{dir}/{name}-{variant}{ext}', /preceded by a dot/],
    ['/{variant}/{path}', /empty segment/],
    ['{variant}/{path}/', /empty segment/],
    ['{variant}//{path}', /empty segment/],
    ['{dir}//{name}-{variant}.{ext}', /empty segment/],
    ['{variant}/{dir}/{name}/.{ext}', /empty segment/],
    ['./{variant}/{path}', /segment "\."/],
    ['{variant}/../{path}', /segment "\.\."/],
    ['{variant}/{dir}/{name}/..{ext}', /segment "\."/],
    ['.imgvar/{variant}/{path}', /kept for imgvar/],
    ['.IMGVAR/{variant}/{path}', /kept for imgvar/],
    ['{variant}\n/{path}', /control character/],
    ['{variant}\ud83d/{path}', /half a character/],
  ])('%j', (template, reason) => {
    expect(() => parseLayout(template, ['sq'])).toThrow(LayoutError);
    expect(() => parseLayout(template, ['sq'])).toThrow(reason);
  });

  test('one that becomes .imgvar with a spec', () => {
    expect(() => parseLayout('.img{variant}/{path}', ['var'])).toThrow(LayoutError);
    expect(parseLayout('.img{variant}/{path}', ['sq']).template).toBe('.img{variant}/{path}');
  });
});

describe('spec names that a layout cannot tell apart', () => {
  test.each([
    ['{path}-{variant}', 'small', 'x-small'],
    ['{path}{variant}', 'small', 'xsmall'],
    ['{dir}/{name}-{variant}.{ext}', 'small', 'x-small'],
    ['{dir}/{name}.{ext}-{variant}', 'small', 'x-small'],
    ['{dir}/{name}_t_{variant}x.{ext}', 'small', 'x_t_small'],
    ['{variant}-{path}', 'small', 'small-x'],
    ['{variant}{path}', 'small', 'smaller'],
    ['{dir}/{variant}-{name}.{ext}', 'small', 'small-x'],
  ])('%s: %s and %s', (template, one, other) => {
    expect(() => parseLayout(template, [one, other])).toThrow(LayoutError);
    expect(() => parseLayout(template, [other, one])).toThrow(other);
    expect(parseLayout(template, [one, 'other']).template).toBe(template);
  });

  test.each([
    ['{variant}/{path}', 'small', 'x-small'],
    ['{variant}/{path}', 'small', 'small-x'],
    ['{path}/{variant}', 'small', 'x-small'],
    ['{path}/v-{variant}', 'small', 'x-small'],
    ['{path}-{variant}', 'small', 'square_small'],
    ['{path}-{variant}', 'small', 'xsmall'],
    ['{dir}/{name}-{variant}.{ext}', 'small', 'small-x'],
    ['{variant}-x/{dir}/{name}.{ext}', 'small', 'small-x'],
    ['{dir}/{variant}/{name}.{ext}', 'small', 'small-x'],
  ])('%s can tell %s from %s', (template, one, other) => {
    expect(parseLayout(template, [one, other]).template).toBe(template);
  });
});

describe('endings that could be taken for an added extension', () => {
  test.each([
    ['{path}.{variant}', 'webp'],
    ['{path}{variant}', 'g'],
    ['{dir}/{name}.{variant}.{ext}', 'jpg'],
    ['{variant}/{path}.jpg', 'sq'],
    ['{variant}/{path}g', 'sq'],
    ['{dir}/{name}-{variant}.jpg.{ext}', 'sq'],
  ])('%s with a spec %s', (template, name) => {
    expect(() => parseLayout(template, [name])).toThrow(/added extension/);
  });

  test.each([
    ['{path}.{variant}', 'sq'],
    ['{path}-{variant}', 'webp'],
    ['{variant}/{path}', 'webp'],
    ['{dir}/{name}.{variant}.{ext}', 'sq'],
    ['{path}/{variant}.jpg', 'sq'],
    ['{variant}/{path}.bak', 'sq'],
  ])('not %s with a spec %s', (template, name) => {
    expect(parseLayout(template, [name]).template).toBe(template);
  });
});
