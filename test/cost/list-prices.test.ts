import { describe, expect, test } from 'vitest';
import { LIST_PRICES } from '../../src/cost/list-prices.js';
import { pricesOf, required } from '../../src/cost/prices.js';
import { codeOf } from './support.js';

const regions = Object.entries(LIST_PRICES.regions);

describe('list prices', () => {
  test('36 regions', () => {
    expect(regions).toHaveLength(36);
  });

  test.each<[string, readonly number[]]>([
    // Standard: PUT, GET, GB a month; Standard-IA and One Zone-IA, GB a month; Glacier Instant, GB a month; out, between.
    ['us-east-1', [0.000005, 0.0000004, 0.023, 0.0125, 0.01, 0.004, 0.09, 0.02]],
    ['eu-central-1', [0.0000054, 0.00000043, 0.0245, 0.0135, 0.0108, 0.005, 0.09, 0.02]],
    ['sa-east-1', [0.000007, 0.00000056, 0.0405, 0.0221, 0.0177, 0.0083, 0.15, 0.138]],
    ['af-south-1', [0.000006, 0.0000004, 0.0274, 0.0149, 0.0119, 0.005, 0.154, 0.147]],
    ['ap-southeast-2', [0.0000055, 0.00000044, 0.025, 0.0138, 0.011, 0.005, 0.114, 0.098]],
  ])('%s', (name, figures) => {
    const { s3, internet, interRegion } = pricesOf(LIST_PRICES, name);
    const classes = required(s3, name, 's3').classes;
    const month = (storageClass: string) => classes[storageClass]?.storagePerGbMonth[0]?.price;
    expect([
      classes['STANDARD']?.put, classes['STANDARD']?.get, month('STANDARD'), month('STANDARD_IA'), month('ONEZONE_IA'), month('GLACIER_IR'), internet?.[0]?.price, interRegion,
    ]).toEqual(figures);
  });

  test.each(regions)('%s: what is the same everywhere', (_, { s3 }) => {
    const { STANDARD: standard, INTELLIGENT_TIERING: tiering, STANDARD_IA: ia, ONEZONE_IA: oneZone, GLACIER_IR: glacier } = s3?.classes ?? {};
    // A LIST costs what a PUT in Standard does.
    expect(s3?.list).toBe(standard?.put);
    expect(tiering).toMatchObject({ put: standard?.put, get: standard?.get, retrievalPerGb: 0, minimumBytes: 0 });
    for (const infrequent of [ia, oneZone]) expect(infrequent).toMatchObject({ put: 0.00001, get: 0.000001, retrievalPerGb: 0.01, minimumBytes: 131_072 });
    expect(glacier).toMatchObject({ put: 0.00002, get: 0.00001, retrievalPerGb: 0.03, minimumBytes: 131_072 });
  });
});

test.each(['us-east-9', 'constructor', '__proto__', ''])('a region that is not known: %j', (name) => {
  expect(codeOf(() => pricesOf(LIST_PRICES, name))).toBe('price-missing');
});
