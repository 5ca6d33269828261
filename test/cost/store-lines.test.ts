import { describe, expect, test } from 'vitest';
import { LIST_PRICES } from '../../src/cost/list-prices.js';
import { billedAsStandard, storeLines } from '../../src/cost/store-lines.js';
import { billing, codeOf, GIB, lineNamed, traffic, usd } from './support.js';

/** 300,000 originals, listed in 300 pages; seven variants of each, listed in 2,100. */
const TRAFFIC = traffic({
  originals: { list: 300, get: 300_000, head: 300_000 },
  variants: { list: 2_100, put: 2_100_000 },
  own: { get: 5, head: 2, put: 12, list: 3 },
});
const USE = { traffic: TRAFFIC, classes: { STANDARD: { originals: 300_000, bytes: 8 * GIB } }, bytesRead: 8 * GIB, bytesWritten: 10 * GIB };

describe('requests, each at the price of its region', () => {
  test('us-east-1: LIST and PUT $0.005, GET and HEAD $0.0004 a thousand', () => {
    expect(usd(storeLines(USE, billing('us-east-1')))).toEqual({
      list: 0.012, // 2,400 x 0.000005
      get: 0.12, // 300,000 x 0.0000004
      head: 0.12,
      put: 10.5, // 2,100,000 x 0.000005
      'own-put': 0.000075, // 12 PUT and 3 LIST x 0.000005
      'own-get': 0.0000028, // 5 GET and 2 HEAD x 0.0000004
    });
  });

  test('eu-central-1: LIST and PUT $0.0054, GET and HEAD $0.00043 a thousand', () => {
    expect(usd(storeLines(USE, billing('eu-central-1')))).toEqual({
      list: 0.01296, // 2,400 x 0.0000054
      get: 0.129, // 300,000 x 0.00000043
      head: 0.129,
      put: 11.34, // 2,100,000 x 0.0000054
      'own-put': 0.000081, // 15 x 0.0000054
      'own-get': 0.00000301, // 7 x 0.00000043
    });
  });

  test('sa-east-1: LIST and PUT $0.007, GET and HEAD $0.00056 a thousand', () => {
    expect(usd(storeLines(USE, billing('sa-east-1')))).toEqual({
      list: 0.0168, // 2,400 x 0.000007
      get: 0.168, // 300,000 x 0.00000056
      head: 0.168,
      put: 14.7, // 2,100,000 x 0.000007
      'own-put': 0.000105, // 15 x 0.000007
      'own-get': 0.00000392, // 7 x 0.00000056
    });
  });

  test('every kind of request is told, with its unit', () => {
    const every = traffic({ originals: { list: 1, get: 2, head: 3, put: 4 }, variants: { list: 10, get: 20, head: 30, put: 40 }, own: { list: 100, get: 200, head: 300, put: 400 } });
    const lines = storeLines({ ...USE, traffic: every }, billing('us-east-1', { kms: true, inRegion: false }));
    expect(lines.map(({ item, quantity, unit, unitPrice }) => [item, quantity, unit, unitPrice])).toEqual([
      ['list', 11, 'requests', 0.000005],
      ['put', 44, 'requests', 0.000005],
      ['get', 22, 'requests', 0.0000004],
      ['head', 3, 'requests', 0.0000004],
      ['look-up', 30, 'requests', 0.0000004],
      ['own-put', 500, 'requests', 0.000005],
      ['own-get', 500, 'requests', 0.0000004],
      ['kms', 6 + 60 + 600, 'requests', 0.000003],
      ['transfer-out', 8, 'GB', 0.09],
    ]);
  });

  test.each([
    [traffic({ originals: { list: 1, get: 1, head: 1, put: 1 } }), ['list', 'put', 'get', 'head']],
    [traffic({ variants: { list: 1, get: 1, head: 1, put: 1 } }), ['list', 'get', 'look-up', 'put']],
    [traffic({ own: { put: 1 } }), ['own-put']],
    [traffic({ own: { list: 1, head: 1 } }), ['own-put', 'own-get']],
  ])('and so are those of one side alone: %#', (one, items) => {
    const lines = storeLines({ ...USE, traffic: one }, billing('us-east-1'));
    expect(lines.map(({ item, quantity, unit }) => [item, quantity, unit])).toEqual(items.map((item) => [item, 1, 'requests']));
  });

  test('each side at the price of its own region', () => {
    const lines = storeLines({ ...USE, bytesWritten: 0 }, billing('us-east-1', { places: { variants: 'sa-east-1' } }));
    // 300 x 0.000005 for the originals, 2,100 x 0.000007 for the variants.
    expect(lines.filter(({ item }) => item === 'list').map(({ quantity, amount }) => [quantity, amount])).toEqual([[300, 1_500_000], [2_100, 14_700_000]]);
    expect(usd(lines)).toMatchObject({ list: 0.0162, put: 14.7, get: 0.12 });
  });

  test('deleting is free', () => {
    const deletes = traffic({ originals: { delete: 9 }, variants: { delete: 9 }, own: { delete: 9 } });
    expect(storeLines({ traffic: deletes, classes: {}, bytesRead: 0, bytesWritten: 0 }, billing('us-east-1'))).toEqual([]);
  });

  test('repeated requests are in the counts, and not counted once more', () => {
    const lines = storeLines({ ...USE, traffic: traffic({ variants: { put: 10, retries: 5 } }) }, billing('us-east-1'));
    expect(usd(lines)).toEqual({ put: 0.00005 });
  });

  test('a folder costs nothing', () => {
    expect(storeLines(USE, billing('none', { inRegion: false, kms: true, places: { originals: null, variants: null } }))).toEqual([]);
    expect(usd(storeLines(USE, billing('us-east-1', { places: { originals: null } })))).toEqual({ list: 0.0105, put: 10.5, 'own-put': 0.000075, 'own-get': 0.0000028 });
    expect(usd(storeLines(USE, billing('us-east-1', { places: { variants: null } })))).toEqual({ list: 0.0015, get: 0.12, head: 0.12 });
  });
});

describe('storage classes', () => {
  const read = (storageClass: string, bytes: number) => ({
    traffic: traffic({ originals: { list: 1, get: 1_000, head: 1_000 } }),
    classes: { [storageClass]: { originals: 1_000, bytes } },
    bytesRead: bytes,
    bytesWritten: 0,
  });

  test.each([
    // 1,000 x 0.00001 and 100 GB x 0.03, the same everywhere; a LIST at the price of Standard's PUT.
    ['GLACIER_IR', 'us-east-1', { list: 0.000005, get: 0.01, head: 0.01, retrieval: 3 }],
    ['GLACIER_IR', 'eu-central-1', { list: 0.0000054, get: 0.01, head: 0.01, retrieval: 3 }],
    ['GLACIER_IR', 'sa-east-1', { list: 0.000007, get: 0.01, head: 0.01, retrieval: 3 }],
    // 1,000 x 0.000001 and 100 GB x 0.01.
    ['STANDARD_IA', 'us-east-1', { list: 0.000005, get: 0.001, head: 0.001, retrieval: 1 }],
    ['ONEZONE_IA', 'eu-central-1', { list: 0.0000054, get: 0.001, head: 0.001, retrieval: 1 }],
    // As Standard: 1,000 x 0.0000004, 0.00000056.
    ['INTELLIGENT_TIERING', 'us-east-1', { list: 0.000005, get: 0.0004, head: 0.0004 }],
    ['INTELLIGENT_TIERING', 'sa-east-1', { list: 0.000007, get: 0.00056, head: 0.00056 }],
  ])('originals in %s, %s', (storageClass, region, expected) => {
    expect(usd(storeLines(read(storageClass, 100 * GIB), billing(region)))).toEqual(expected);
  });

  test('of empty originals nothing is retrieved', () => {
    expect(usd(storeLines(read('GLACIER_IR', 0), billing('us-east-1')))).toEqual({ list: 0.000005, get: 0.01, head: 0.01 });
  });

  test('of several, each takes part by its originals and bytes', () => {
    const use = {
      traffic: traffic({ originals: { get: 400, head: 400 } }),
      classes: { STANDARD: { originals: 300, bytes: 60 * GIB }, GLACIER_IR: { originals: 100, bytes: 40 * GIB } },
      bytesRead: 200 * GIB, // each was read twice
      bytesWritten: 0,
    };
    // 300 x 0.0000004 + 100 x 0.00001; 80 GB x 0.03.
    const lines = storeLines(use, billing('us-east-1'));
    expect(usd(lines)).toEqual({ get: 0.00112, head: 0.00112, retrieval: 2.4 });
    expect(lineNamed(lines, 'retrieval')).toMatchObject({ quantity: 80, unit: 'GB' });
  });

  test.each([0, 1, 2, 3, 5, 7, 1_000_003])('%i requests shared out among four classes are as many, and none is negative', (get) => {
    const one = { originals: 1, bytes: 1 };
    const lines = storeLines(
      { traffic: traffic({ originals: { get } }), classes: { STANDARD: one, STANDARD_IA: one, ONEZONE_IA: one, GLACIER_IR: one }, bytesRead: 0, bytesWritten: 0 },
      billing('us-east-1'),
    ).filter(({ item }) => item === 'get');
    expect(lines.every(({ quantity }) => quantity > 0)).toBe(true);
    expect(lines.reduce((sum, { quantity }) => sum + quantity, 0)).toBe(get);
  });

  test('a class without originals has no part, whatever it costs', () => {
    const use = { traffic: traffic({ originals: { get: 10 } }), classes: { DEEP_ARCHIVE: { originals: 0, bytes: 0 }, STANDARD: { originals: 1, bytes: 0 } }, bytesRead: 0, bytesWritten: 0 };
    expect(usd(storeLines(use, billing('us-east-1')))).toEqual({ get: 0.000004 });
  });

  test('what was asked for without anything to do is billed as Standard', () => {
    expect(usd(storeLines({ traffic: traffic({ originals: { get: 10, head: 10 } }), classes: {}, bytesRead: 0, bytesWritten: 0 }, billing('us-east-1')))).toEqual({ get: 0.000004, head: 0.000004 });
  });

  test.each([
    // 2,100,000 x 0.00001, x 0.00002.
    ['STANDARD_IA', 21],
    ['GLACIER_IR', 42],
  ])('variants are put into %s', (variantsClass, put) => {
    const lines = storeLines({ ...USE, traffic: traffic({ variants: { list: 1_000, put: 2_100_000, head: 1_000 }, own: { put: 1 } }) }, billing('us-east-1', { places: { variantsClass } }));
    expect(usd(lines)).toMatchObject({ put, list: 0.005, 'own-put': 0.000005 });
  });

  test.each(['DEEP_ARCHIVE', 'REDUCED_REDUNDANCY', 'constructor', '__proto__'])('originals of a class without a price are billed as Standard: %s', (storageClass) => {
    const bills = billing('us-east-1', { inRegion: false });
    const use = read('STANDARD', 5 * GIB);
    const classes = Object.fromEntries([[storageClass, { originals: 700, bytes: 4 * GIB }], ['STANDARD', { originals: 300, bytes: GIB }]]);
    expect(storeLines({ ...use, classes }, bills)).toEqual(storeLines(use, bills));
    expect(billedAsStandard(Object.keys(classes), bills)).toEqual([storageClass]);
  });

  test('a price of its own, from a prices file, comes before that of Standard', () => {
    const known = LIST_PRICES.regions['us-east-1'];
    const own = { put: 0.00003, get: 0.001, retrievalPerGb: 0, storagePerGbMonth: [{ upTo: null, price: 0.0036 }], minimumBytes: 0 };
    const prices = { ...LIST_PRICES, regions: { 'us-east-1': { ...known, s3: { list: 0.000005, classes: { ...known?.s3?.classes, GLACIER: own } } } } };
    expect(usd(storeLines(read('GLACIER', 1), billing('us-east-1', { prices })))).toEqual({ list: 0.000005, get: 1, head: 1 });
    expect(billedAsStandard(['GLACIER'], billing('us-east-1', { prices }))).toEqual([]);
  });

  test('a class that nothing was done of takes no part, also where it is the only one', () => {
    const use = { ...read('STANDARD', 0), bytesRead: 0 };
    const classes = { GLACIER_IR: { originals: 0, bytes: 0 } };
    expect(storeLines({ ...use, classes }, billing('us-east-1'))).toEqual(storeLines({ ...use, classes: {} }, billing('us-east-1')));
  });

  test('in a region where nothing of S3 has a price, no class has one', () => {
    const prices = { ...LIST_PRICES, regions: { here: {} } };
    expect(billedAsStandard(['STANDARD'], billing('here', { prices }))).toEqual(['STANDARD']);
  });

  test('originals in a folder are billed as nothing', () => {
    expect(billedAsStandard(['GLACIER'], billing('us-east-1', { places: { originals: null } }))).toEqual([]);
  });
});

describe('bytes', () => {
  const moved = { traffic: traffic({}), classes: USE.classes, bytesRead: 8 * GIB, bytesWritten: 10 * GIB };

  test.each([
    ['us-east-1', 0.72], // 8 GB x 0.09
    ['eu-central-1', 0.72],
    ['sa-east-1', 1.2], // 8 GB x 0.15
    ['af-south-1', 1.232], // 8 GB x 0.154
  ])('read from %s to somewhere else go out to the internet; what is written goes in for nothing', (region, out) => {
    expect(usd(storeLines(moved, billing(region, { inRegion: false })))).toEqual({ 'transfer-out': out });
    expect(usd(storeLines(moved, billing(region, { inRegion: false, places: { variants: null } })))).toEqual({ 'transfer-out': out });
  });

  test.each(['us-east-1', 'eu-central-1', 'sa-east-1'])('within %s they cost nothing', (region) => {
    expect(storeLines(moved, billing(region))).toEqual([]);
    expect(storeLines(moved, billing(region, { places: { variants: null } }))).toEqual([]);
  });

  test.each([
    ['us-east-1', 'eu-central-1', 0.2], // 10 GB x 0.02
    ['eu-central-1', 'us-east-1', 0.2],
    ['sa-east-1', 'us-east-1', 1.38], // 10 GB x 0.138
  ])('written from %s into %s they go between regions', (from, to, between) => {
    const lines = storeLines(moved, billing(from, { places: { variants: to } }));
    expect(usd(lines)).toEqual({ 'transfer-between': between });
    expect(lineNamed(lines, 'transfer-between')).toMatchObject({ quantity: 10, unit: 'GB' });
  });

  test('in steps', () => {
    // 200 TB: 10,240 GB x 0.09 + 40,960 x 0.085 + 102,400 x 0.07 + 51,200 x 0.05.
    const out = storeLines({ ...moved, bytesRead: 204_800 * GIB }, billing('us-east-1', { inRegion: false }));
    expect(lineNamed(out, 'transfer-out')).toEqual({ item: 'transfer-out', quantity: 204_800, unit: 'GB', unitPrice: 0.09, usd: 14_131.2 });
  });

  test('the first 100 GB of a month for nothing, where the free tier counts', () => {
    const free = (bytesRead: number) => usd(storeLines({ ...moved, bytesRead }, billing('us-east-1', { inRegion: false, freeTier: true })));
    expect(free(100 * GIB)).toEqual({ 'transfer-out': 0 });
    expect(free(150 * GIB)).toEqual({ 'transfer-out': 4.5 }); // 50 x 0.09
  });

  test('originals in a folder go in for nothing', () => {
    expect(storeLines(moved, billing('us-east-1', { inRegion: false, places: { originals: null } }))).toEqual([]);
  });

  test('a price that is not known is no price of nothing', () => {
    // No price between regions is known for me-central-1.
    expect(codeOf(() => storeLines(moved, billing('me-central-1', { places: { variants: 'us-east-1' } })))).toBe('price-missing');
    expect(codeOf(() => storeLines(moved, billing('mars-1')))).toBe('price-missing');
    expect(codeOf(() => storeLines(moved, billing('constructor')))).toBe('price-missing');
  });
});

test.each<[string, ReturnType<typeof billing>]>([
  ['regions.eu-central-1.kms', billing('eu-central-1', { kms: true })],
  ['regions.me-central-1.interRegion', billing('me-central-1', { places: { variants: 'us-east-1' } })],
  ['regions.us-east-1.s3.classes.DEEP_ARCHIVE', billing('us-east-1', { places: { variantsClass: 'DEEP_ARCHIVE' } })],
  ['regions.bare.s3', billing('bare', { prices: { ...LIST_PRICES, regions: { bare: {} } } })],
  ['regions.bare.s3', billing('bare', { prices: { ...LIST_PRICES, regions: { bare: {} } }, places: { originals: null } })],
  ['regions.bare.internet', billing('bare', { prices: { ...LIST_PRICES, regions: { bare: { s3: LIST_PRICES.regions['us-east-1']?.s3 } } }, inRegion: false })],
])('the price that is missing is named: %s', (named, bills) => {
  expect(() => storeLines(USE, bills)).toThrow(`as ${named} `);
});

describe('KMS', () => {
  test('of the side that is in a bucket', () => {
    // 300,000 x 0.000003; (2,100,000 + 5 + 12) x 0.000003.
    expect(usd(storeLines(USE, billing('us-east-1', { kms: true, places: { variants: null } })))['kms']).toBe(0.9);
    expect(usd(storeLines(USE, billing('us-east-1', { kms: true, places: { originals: null } })))['kms']).toBe(6.300051);
  });

  test('one request for each GET and PUT, our own as well; none for HEAD and LIST', () => {
    // (300,000 + 2,100,000 + 5 + 12) x 0.000003.
    expect(usd(storeLines(USE, billing('us-east-1', { kms: true })))['kms']).toBe(7.200051);
  });

  test('where its price is not known, that is said', () => {
    expect(codeOf(() => storeLines(USE, billing('eu-central-1', { kms: true })))).toBe('price-missing');
  });
});
