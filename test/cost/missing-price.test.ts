import { expect, test } from 'vitest';
import { LIST_PRICES } from '../../src/cost/list-prices.js';
import { missingPrice } from '../../src/cost/missing-price.js';
import { orMissing } from '../../src/cost/prices.js';
import { NOTHING_INVOKED } from '../../src/model/invoked.js';
import { UserError } from '../../src/model/user-error.js';
import { billing } from './support.js';

const withoutStandard = { ...LIST_PRICES, regions: { 'us-east-1': { s3: { list: 0.000005, classes: {} } } } };

test.each<[string, ReturnType<typeof billing>]>([
  ['a region', billing('us-east-1')],
  ['another, from elsewhere', billing('eu-central-1', { inRegion: false })],
  ['KMS', billing('us-east-1', { kms: true })],
  ['folders', billing('mars-1', { inRegion: false, places: { originals: null, variants: null } })],
  ['a folder and a bucket', billing('us-east-1', { inRegion: false, places: { originals: null, variantsClass: 'STANDARD_IA' } })],
  ['two regions', billing('us-east-1', { places: { variants: 'me-central-1' } })],
])('priced: %s', (_, bills) => {
  expect(missingPrice(bills)).toBeNull();
});

test.each<[string, ReturnType<typeof billing>, string]>([
  ['a region', billing('mars-1'), 'mars-1'],
  ['the other region', billing('us-east-1', { places: { variants: 'mars-1' } }), 'mars-1'],
  ['the class of variants', billing('us-east-1', { places: { variantsClass: 'EXPRESS_ONEZONE' } }), 'regions.us-east-1.s3.classes.EXPRESS_ONEZONE'],
  ['Standard', billing('us-east-1', { prices: withoutStandard }), 'regions.us-east-1.s3.classes.STANDARD'],
  ['KMS', billing('eu-central-1', { kms: true }), 'regions.eu-central-1.kms'],
  ['from region to region', billing('me-central-1', { places: { variants: 'us-east-1' } }), 'regions.me-central-1.interRegion'],
])('not priced: %s', (_, bills, named) => {
  expect(missingPrice(bills)).toMatchObject({ code: 'price-missing', message: expect.stringContaining(named) });
});

test('not priced: Lambda, where it is called', () => {
  const bills = billing('ap-east-2');
  expect(missingPrice(bills, NOTHING_INVOKED)).toBeNull();
  expect(missingPrice(bills, { ...NOTHING_INVOKED, invocations: 1 })?.message).toContain('regions.ap-east-2.lambda');
});

test('nothing else that goes wrong is taken for a price that is missing', () => {
  const thrown = (error: Error) => () => orMissing(() => {
    throw error;
  });
  const missing = new UserError('price-missing', 'which');
  expect(thrown(missing)()).toBe(missing);
  expect(thrown(new UserError('config-invalid', 'a mistake'))).toThrow('a mistake');
  expect(thrown(Object.assign(new Error('a bug'), { code: 'price-missing' }))).toThrow('a bug');
  expect(orMissing(() => 7)).toBe(7);
});
