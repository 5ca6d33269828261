import { expect, test } from 'vitest';
import { dueReason } from '../../src/plan/due.js';
import type { Past } from '../../src/plan/past.js';
import { spec, stored } from '../support.js';

const original = stored('a.jpg', 1_000);
/** What was written before 1,500 was made by another spec. */
const past: Past = { startedAt: 3_000, now: () => 3_000, isInDoubt: () => false, precision: 1, isStale: (_, writtenAt) => writtenAt < 1_500 };

test.each([
  ['due', undefined, 'missing'],
  ['due', 999, 'original-newer'],
  ['due', 1_000, 'spec-changed'],
  ['due', 1_499, 'spec-changed'],
  ['due', 1_500, null],
  ['missing', undefined, 'missing'],
  ['missing', 999, null],
  ['missing', 1_499, null],
  ['all', undefined, 'missing'],
  ['all', 999, 'forced'],
  ['all', 2_999, 'forced'],
  ['all', 3_000, null],
] as const)('mode %s, variant of %s: %s', (mode, writtenAt, reason) => {
  const variant = writtenAt === undefined ? undefined : stored('v', writtenAt);
  expect(dueReason(spec('s'), original, variant, mode, past)).toBe(reason);
});

test('an original from the future says nothing by its time until that has come', () => {
  const variant = stored('v', 2_000);
  expect(dueReason(spec('s'), stored('a.jpg', 3_001), variant, 'due', past)).toBe(null);
  expect(dueReason(spec('s'), stored('a.jpg', 3_000), variant, 'due', past)).toBe('original-newer');
});

test.each(['due', 'all'] as const)('mode %s: one that was modified since the run began, which is gone on with, is newer than what was written before', (mode) => {
  const goneOn: Past = { ...past, startedAt: 1_600, now: () => 9_000 };
  expect(dueReason(spec('s'), stored('a.jpg', 5_000), stored('v', 2_000), mode, goneOn)).toBe('original-newer');
  expect(dueReason(spec('s'), stored('a.jpg', 5_000), stored('v', 6_000), mode, goneOn)).toBe(null);
});

test.each(['due', 'all'] as const)('mode %s: what was modified while a run worked that was cut off is made again, as its variants may be of what it was before', (mode) => {
  const cutOff: Past = { ...past, startedAt: 1_600, now: () => 9_000, isInDoubt: (modifiedAt) => modifiedAt >= 1_600 };
  expect(dueReason(spec('s'), stored('a.jpg', 1_600), stored('v', 6_000), mode, cutOff)).toBe('original-newer');
  expect(dueReason(spec('s'), stored('a.jpg', 1_599), stored('v', 6_000), mode, cutOff)).toBe(null);
});

test('where a variant has whole seconds, so has its original', () => {
  const whole: Past = { startedAt: 9_000, now: () => 9_000, isInDoubt: () => false, precision: 1_000, isStale: () => false };
  expect(dueReason(spec('s'), stored('a.jpg', 5_999), stored('v', 5_000), 'due', whole)).toBe(null);
  expect(dueReason(spec('s'), stored('a.jpg', 6_000), stored('v', 5_000), 'due', whole)).toBe('original-newer');
  // Modified in the very second in which the run began.
  expect(dueReason(spec('s'), stored('a.jpg', 9_700), stored('v', 5_000), 'due', whole)).toBe('original-newer');
});

test.each([
  ['same', null],
  ['different', 'copy-differs'],
  // Then their times tell, as those of any variant.
  ['unknown', 'original-newer'],
] as const)('a copy that is surely %s: %s', (compared, reason) => {
  const copied: Past = { ...past, compare: () => compared };
  expect(dueReason(spec('copy'), original, stored('a.jpg', 999), 'due', copied)).toBe(reason);
});
