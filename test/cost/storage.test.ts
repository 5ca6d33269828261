import { describe, expect, test } from 'vitest';
import { LIST_PRICES } from '../../src/cost/list-prices.js';
import { minimumBytesOf, storageOf } from '../../src/cost/storage.js';
import { billing, GIB } from './support.js';

describe('storage a month', () => {
  test.each([
    ['us-east-1', 'STANDARD', 2.3], // 100 GB x 0.023
    ['eu-central-1', 'STANDARD', 2.45],
    ['sa-east-1', 'STANDARD', 4.05],
    ['us-east-1', 'STANDARD_IA', 1.25],
    ['eu-central-1', 'GLACIER_IR', 0.5],
    ['sa-east-1', 'ONEZONE_IA', 1.77],
  ])('100 GB in %s, %s', (region, variantsClass, usdPerMonth) => {
    expect(storageOf(100 * GIB, billing(region, { places: { variantsClass } }))).toEqual({ bytes: 100 * GIB, usdPerMonth });
  });

  test('in steps', () => {
    // 51,200 GB x 0.023 + 460,800 x 0.022 + 100,000 x 0.021.
    expect(storageOf(612_000 * GIB, billing('us-east-1')).usdPerMonth).toBe(13_415.2);
  });

  test('in a folder it costs nothing', () => {
    expect(storageOf(GIB, billing('x', { places: { variants: null } }))).toEqual({ bytes: GIB, usdPerMonth: 0 });
  });

  test.each([
    ['STANDARD', 0],
    ['of our own', 0],
    ['constructor', 0],
    ['INTELLIGENT_TIERING', 0],
    ['STANDARD_IA', 131_072],
    ['ONEZONE_IA', 131_072],
    ['GLACIER_IR', 131_072],
  ])('the least that %s bills', (variantsClass, bytes) => {
    expect(minimumBytesOf(billing('us-east-1', { places: { variantsClass } }))).toBe(bytes);
    expect(minimumBytesOf(billing('us-east-1', { places: { variantsClass, variants: null } }))).toBe(0);
    expect(minimumBytesOf(billing('nowhere', { places: { variantsClass } }))).toBe(0);
    expect(minimumBytesOf(billing('here', { prices: { ...LIST_PRICES, regions: { here: {} } }, places: { variantsClass } }))).toBe(0);
  });
});
