import { describe, expect, test } from 'vitest';
import { compared } from '../../src/cost/compared.js';
import { lineOf } from '../../src/cost/lines.js';
import { LIST_PRICES } from '../../src/cost/list-prices.js';
import { usedLines } from '../../src/cost/used-lines.js';
import { NOTHING_INVOKED } from '../../src/model/invoked.js';
import { NO_TRAFFIC } from '../../src/model/traffic.js';
import { billing, traffic } from './support.js';

describe('what was expected beside what it was', () => {
  test('every line that either has, those that were expected first', () => {
    const list = lineOf('list', 4, 0.000005);
    const put = (count: number, price: number) => lineOf('put', count, price);
    expect(compared([list, put(10, 0.000005)], [lineOf('transfer-out', 2, 0.09), put(11, 0.000005), put(3, 0.00001)])).toEqual([
      { item: 'list', unit: 'requests', unitPrice: 0.000005, estimated: { quantity: 4, usd: 0.00002 }, actual: { quantity: 0, usd: 0 } },
      { item: 'put', unit: 'requests', unitPrice: 0.000005, estimated: { quantity: 10, usd: 0.00005 }, actual: { quantity: 11, usd: 0.000055 } },
      { item: 'transfer-out', unit: 'GB', unitPrice: 0.09, estimated: { quantity: 0, usd: 0 }, actual: { quantity: 2, usd: 0.18 } },
      { item: 'put', unit: 'requests', unitPrice: 0.00001, estimated: { quantity: 0, usd: 0 }, actual: { quantity: 3, usd: 0.00003 } },
    ]);
  });
});

describe('what was used', () => {
  const NOTHING = { traffic: NO_TRAFFIC, classes: {}, bytesRead: 0, bytesWritten: 0 };
  const invoked = { ...NOTHING_INVOKED, invocations: 2, gbSeconds: { arm64: 100, x86_64: 50 } };
  const items = (lines: ReturnType<typeof usedLines>) => lines.map(({ item, quantity, amount }) => [item, quantity, amount]);

  test('by the stores, and by Lambda', () => {
    const use = { ...NOTHING, traffic: traffic({ variants: { put: 1_000 } }) };
    expect(items(usedLines(use, invoked, billing('us-east-1')))).toEqual([
      ['put', 1_000, 5_000_000],
      ['invocations', 2, 400],
      ['compute', 100, 1_333_340],
      ['compute', 50, 833_335],
    ]);
  });

  test('what costs the same by either architecture is one line', () => {
    const region = LIST_PRICES.regions['us-east-1'] ?? {};
    const tiers = [{ upTo: null, price: 0.00001 }];
    const prices = { ...LIST_PRICES, regions: { 'us-east-1': { ...region, lambda: { request: 0, gbSecond: { arm64: tiers, x86_64: tiers } } } } };
    expect(items(usedLines(NOTHING, invoked, billing('us-east-1', { prices })))).toEqual([['invocations', 2, 0], ['compute', 150, 1_500_000]]);
  });

  test('Lambda bills in the region of the originals, or where the variants are; in folders it is a function at home', () => {
    const request = (places: object) => usedLines(NOTHING, { ...NOTHING_INVOKED, invocations: 1 }, billing('af-south-1', { places })).map(({ unitPrice }) => unitPrice);
    expect(request({ variants: 'us-east-1' })).toEqual([0.00000027]);
    expect(request({ originals: null, variants: 'us-east-1' })).toEqual([0.0000002]);
    expect(request({ originals: null, variants: null })).toEqual([]);
  });
});
