import { expect, test } from 'vitest';
import { charge, fromUsd, toUsd } from '../../src/cost/money.js';

test('money is whole nanodollars, rounded once to the nearest', () => {
  expect(charge(3, 0.0000004)).toBe(1_200);
  expect([charge(1, 0.0000000014), charge(1, 0.0000000016)]).toEqual([1, 2]);
  expect([fromUsd(27.5), fromUsd(0.0000000014), fromUsd(0.0000000016)]).toEqual([27_500_000_000, 1, 2]);
  expect(toUsd(27_500_000_000)).toBe(27.5);
});
