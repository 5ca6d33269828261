import { expect, test } from 'vitest';
import { byteSize, maxFailures, since } from '../../src/cli/options.js';

test.each([
  ['500', 500],
  ['10KB', 10_000],
  ['1.5 MiB', 1_572_864],
  ['2gb', 2_000_000_000],
])('%s is %d bytes', (text, bytes) => {
  expect(byteSize(text)).toBe(bytes);
});

test.each(['', '-1', '10 potatoes', 'MB', '1e9'])('%j is no size', (text) => {
  expect(() => byteSize(text)).toThrow('such as');
});

test('a date is its beginning in UTC, and days ago begin then as well', () => {
  expect(since('2026-11-23')).toEqual(new Date('2026-11-23T00:00:00Z'));
  expect(since('2026-11-23T10:30:00Z')).toEqual(new Date('2026-11-23T10:30:00Z'));
  const week = since('7d');
  expect(week.getTime() % 86_400_000).toBe(0);
  expect(since('1w')).toEqual(week);
  const age = Date.now() - week.getTime();
  expect(age).toBeGreaterThanOrEqual(7 * 86_400_000);
  expect(age).toBeLessThan(8 * 86_400_000);
});

test.each(['', 'yesterday', '7', '2026-13-01', '-7d'])('%j is no date', (text) => {
  expect(() => since(text)).toThrow('such as');
});

test.each([
  ['20', { originals: 20 }],
  ['0', { originals: 0 }],
  ['2.5%', { percent: 2.5 }],
])('%s failures are %o', (text, expected) => {
  expect(maxFailures(text)).toEqual(expected);
});

test.each(['', '101%', '2.5', 'many', '-1'])('%j is no number of failures', (text) => {
  expect(() => maxFailures(text)).toThrow('such as');
});
