import { expect, test } from 'vitest';
import { dueReason } from '../../src/plan/due.js';
import { stored } from '../support.js';

const original = stored('a.jpg', 1_000);
const older = stored('v', 999);
const equal = stored('v', 1_000);
const newer = stored('v', 1_001);

test.each([
  ['due', undefined, 'missing'],
  ['due', older, 'original-newer'],
  ['due', equal, null],
  ['due', newer, null],
  ['missing', undefined, 'missing'],
  ['missing', older, null],
  ['missing', newer, null],
  ['all', undefined, 'missing'],
  ['all', older, 'forced'],
  ['all', newer, 'forced'],
] as const)('mode %s, variant %o: %s', (mode, variant, reason) => {
  expect(dueReason(original, variant, mode)).toBe(reason);
});
