import fc from 'fast-check';
import picomatch from 'picomatch';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../src/model/user-error.js';
import { globMatcher } from '../../src/source/glob.js';

describe('what a glob matches', () => {
  test.each([
    ['*', 'a/b.jpg', true],
    ['**', 'a/b.jpg', true],
    ['b.*', 'a/b.', true],
    ['a**b', 'x/a-b', true],
    ['a/x**z', 'a/x/z', false],
    ['a/***', 'a/b/c', false],
    ['a/**', 'a/b/c', true],
    ['a/**', 'a', false],
    ['*/**', 'a', false],
    ['**/b', 'b', true],
    ['a/**/b', 'a/b', true],
    ['a/**/b', 'a//b', true],
    ['a/**/x*/**/y', 'a/1/x2/3/4/y', true],
    ['a/**/x*/**/y', 'a/1/2/3/4/y', false],
    ['./*.jpg', 'b.jpg', true],
    ['./*.jpg', 'a/b.jpg', false],
    ['/a', 'a', false],
    ['/a', '/a', true],
    ['?.jpg', 'a/😀.jpg', true],
    ['?.jpg', '.jpg', false],
    ['a/b', 'a/b/', true],
    ['*.jpg', 'a/b.jpg/', true],
    ['..', '..', true],
  ])('%s, %s: %s', (glob, key, matches) => {
    expect(globMatcher(glob)(key)).toBe(matches);
  });

  test.each([
    ['{a,b}{c,d}', ['ac', 'ad', 'bc', 'bd'], ['a', 'ab', '{a,b}c']],
    ['{a,b{c,d}}x', ['ax', 'bcx', 'bdx'], ['bx', 'acx']],
    ['a{,-small}.jpg', ['a.jpg', 'a-small.jpg'], ['a-.jpg']],
    ['{2024/*,top}', ['2024/a', 'top'], ['a', '2024/a/b', 'x/top']],
    ['{a}', ['{a}'], ['a']],
    ['{a,b', ['{a,b'], ['a', 'b']],
    ['a,b}', ['a,b}'], ['a', 'b']],
    ['{a,{b},c}', ['a', '{b}', 'c'], ['b', '{a,{b},c}']],
    ['\\{a,b\\}', ['{a,b}'], ['a', 'b']],
    ['{a\\,b,c}', ['a,b', 'c'], ['a', 'b']],
    ['[ab]', ['a', 'b'], ['c', 'ab', '[ab]']],
    ['[a-c1-3]', ['a', 'b', 'c', '2'], ['d', '-', '4']],
    ['[!a-c]', ['d', '!', '-'], ['a', 'b', '']],
    ['[^a]', ['b', '!'], ['a', '^b']],
    ['[]a]', [']', 'a'], ['[]a]', 'b']],
    ['[a\\]-]', ['a', ']', '-'], ['\\', 'b']],
    ['[😀-😂]', ['😀', '😁'], ['a', '🙂']],
    ['[ab', ['[ab'], ['a', 'b']],
    ['a[b/c]d', ['a[b/c]d'], ['abd', 'a/d', 'acd']],
    ['\\[a]\\?\\*', ['[a]?*'], ['a', '[a]xx']],
    ['a (1)+$^.jpg', ['a (1)+$^.jpg'], ['a 1+$^.jpg', 'a (1)+$^xjpg']],
    ['\\*(1\\|2)', ['*(1|2)'], ['1', '2', 'x(1|2)']],
    ['a"b"', ['a"b"'], ['ab']],
    ['a\\', ['a\\'], ['a']],
  ])('%s', (glob, those, others) => {
    const matches = globMatcher(glob);
    expect([...those, ...others].filter(matches)).toEqual(those);
  });

  test('what another library of the same globs says, of keys with whole names', () => {
    // What that one does otherwise is left out: with names that are empty, are only dots or end in one, and with `**` beside braces or at the end.
    const name = fc.string({ unit: fc.constantFrom('a', 'b', '-', '.'), minLength: 1, maxLength: 6 }).filter((text) => !text.endsWith('.'));
    const key = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join('/'));
    const signs = fc.array(fc.constantFrom('a', 'b', '-', '.', '*', '?', '[ab]', '[^a]', '[a-b]', '{a,b-}'), { minLength: 1, maxLength: 6 });
    const pattern = signs.map((all) => all.join('')).filter((text) => !text.includes('**'));
    const glob = fc.tuple(fc.array(fc.oneof(pattern, fc.constant('**')), { maxLength: 3 }), pattern).map(([folders, last]) => [...folders, last].join('/'));
    fc.assert(
      fc.property(glob, fc.array(key, { minLength: 1, maxLength: 20 }), (text, keys) => {
        const other = picomatch(text, { dot: true, basename: !text.includes('/'), nonegate: true, windows: false, flags: 's' });
        expect(keys.filter(globMatcher(text))).toEqual(keys.filter((one) => other(one)));
      }),
      { numRuns: 2_000 },
    );
  });
});

test.each([
  ['', /is empty/],
  ['!(a).jpg', /"!\(" is not known/],
  ['**(a)', /"\*\(" is not known/],
  ['*.(jpg|png)', /"\|" is not known/],
  ['{1..3}.jpg', /"\{1\.\.3\}".*\{1,2,3\}/],
  ['[[:digit:]]', /\[0-9\]/],
  ['{a,b}'.repeat(10), /more than 1000 patterns/],
  ['private/', /ends in "\/".*"private\/\*\*"/],
  ['a/{b,c/}', /ends in "\/"/],
])('%s is refused', (glob, message) => {
  expect(() => globMatcher(glob)).toThrow(UserError);
  expect(() => globMatcher(glob)).toThrow(message);
});

/** Where a star that fails is tried at every other place as well, each of these takes hours. */
test.each([
  ['*-*-*-*-*.jpg', '-'.repeat(1_023)],
  ['*[-a]*?*[-b]*-*.jpg', '-'.repeat(1_023)],
  ['**/a/**/a/**/a/**/a/**/b', 'a/'.repeat(511)],
  ['**/*a*a*/**/*a*a*/**/*a*a*/b', `${'aaaaaaa/'.repeat(127)}c`],
  [`${'{*,*-}'.repeat(9)}.jpg`, '-'.repeat(1_023)],
])('%s comes to an end with every key', (glob, key) => {
  const matches = globMatcher(glob);
  expect(matches(key)).toBe(false);
});
