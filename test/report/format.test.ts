import { expect, test } from 'vitest';
import { plural, showBytes, showCount, showDuration, showJson, showKey, showRate } from '../../src/report/format.js';

test.each([
  ['plain/ключ 😀 é.jpg', 'plain/ключ 😀 é.jpg'],
  ['a\nb\tc', 'a\\nb\\tc'],
  ['\u001b[2Jgone', '\\u001b[2Jgone'],
  ['\u009b31m', '\\u009b31m'],
  ['photo\u202egpj.exe', 'photo\\u202egpj.exe'],
  ['a\u2028b', 'a\\u2028b'],
])('a key is shown without what could rewrite the screen: %j', (key, shown) => {
  expect(showKey(key)).toBe(shown);
});

test('a line of JSON holds nothing that a terminal follows, and is read as it was written', () => {
  const value = { original: 'a\n\u001b[2J\u007f\u009b31m\u2028\u202egpj.exe ключ 😀 \ud800', bytes: 1 };
  const line = showJson(value);
  expect(line).toBe('{"original":"a\\n\\u001b[2J\\u007f\\u009b31m\\u2028\\u202egpj.exe ключ 😀 \\ud800","bytes":1}');
  expect(JSON.parse(line)).toEqual(value);
});

test('numbers for people', () => {
  expect(showCount(1_234_567)).toBe('1,234,567');
  expect([plural(1, 'original'), plural(0, 'original'), plural(2_000, 'original')]).toEqual(['1 original', '0 originals', '2,000 originals']);
  expect([0, 1_023, 1_024, 1_536, 5 * 1024 ** 3].map(showBytes)).toEqual(['0 B', '1023 B', '1.0 KiB', '1.5 KiB', '5.0 GiB']);
  expect([0.04, 9.94, 59.4, 59.6, 185, 7_830].map(showDuration)).toEqual(['0.0 s', '9.9 s', '59 s', '1 min 0 s', '3 min 5 s', '2 h 10 min']);
  expect([0.5, 99.94, 1_234.5].map(showRate)).toEqual(['0.5', '99.9', '1,235']);
});
