import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadPrices } from '../../src/config/prices-file.js';
import { wholePricesSchema } from '../../src/config/prices-schema.js';
import { LIST_PRICES } from '../../src/cost/list-prices.js';
import type { Prices } from '../../src/cost/prices.js';
import { inFolder, userErrorOf } from './support.js';

const HEAD = { date: '2026-11-20', source: 'our contract' };

async function load(content: unknown): Promise<Prices> {
  return inFolder(async (folder) => {
    await writeFile(path.join(folder, 'prices.json'), typeof content === 'string' ? content : JSON.stringify(content));
    return loadPrices('prices.json', folder);
  });
}

/** Of prices of eu-central-1, unless it is said otherwise. */
const loadRegion = (figures: unknown, region = 'eu-central-1') => load({ ...HEAD, regions: { [region]: figures } });

/** What is wrong, by path. */
async function problemsIn(content: unknown): Promise<{ path: string; says: string }[]> {
  const { code, message } = await userErrorOf(load(content));
  expect(code).toBe('prices-invalid');
  const [first = '', ...rest] = message.split('\n  ');
  const lines = rest.length === 0 ? [first.slice(first.indexOf('.json: ') + '.json: '.length)] : rest;
  return lines.map((line) => ({ path: line.slice(0, line.indexOf(': ')), says: line.slice(line.indexOf(': ') + 2) }));
}

const problemsInRegion = (figures: unknown, region = 'eu-central-1') => problemsIn({ ...HEAD, regions: { [region]: figures } });

test('the list prices are such as a file may have', () => {
  const { regions } = wholePricesSchema.parse(LIST_PRICES);
  expect(regions).toEqual(LIST_PRICES.regions);
  expect(LIST_PRICES.date).toMatch(/^\d{4}-\d\d-\d\d$/);
});

describe('a figure takes the place of the list price, and all else stays', () => {
  const listed = LIST_PRICES.regions['eu-central-1'];

  test('one figure of a storage class', async () => {
    const { regions } = await loadRegion({ s3: { classes: { STANDARD: { put: 0.000004 } } } });
    const standard = listed?.s3?.classes['STANDARD'];
    expect(standard?.put).toBe(0.0000054);
    expect(regions['eu-central-1']).toEqual({ ...listed, s3: { ...listed?.s3, classes: { ...listed?.s3?.classes, STANDARD: { ...standard, put: 0.000004 } } } });
    expect({ ...regions, 'eu-central-1': listed }).toEqual(LIST_PRICES.regions);
  });

  test('one price for any amount, and steps', async () => {
    const steps = [{ upTo: 1000, price: 0.05 }, { upTo: 5000, price: 0.04 }, { upTo: null, price: 0 }];
    const { regions } = await loadRegion({ lambda: { gbSecond: { arm64: 0.00001 } }, internet: steps });
    expect(regions['eu-central-1']?.lambda).toEqual({ ...listed?.lambda, gbSecond: { ...listed?.lambda?.gbSecond, arm64: [{ upTo: null, price: 0.00001 }] } });
    expect(regions['eu-central-1']?.internet).toEqual(steps);
  });

  test('figures that no list has', async () => {
    const machine = { name: 'c7g.large', cores: 2, hour: 0.0825 };
    const { regions } = await loadRegion({ logs: 0.63, kms: 0.000003, queue: 0.0000004, batch: { job: 0.25, object: 0.000001 }, machine });
    expect(regions['eu-central-1']).toEqual({ ...listed, logs: 0.63, kms: 0.000003, queue: 0.0000004, batch: { job: 0.25, object: 0.000001 }, machine });
  });

  test('one field of a machine that is known', async () => {
    const { regions } = await loadRegion({ machine: { hour: 0.05 } }, 'us-east-1');
    expect(regions['us-east-1']?.machine).toEqual({ name: 'c5.large', cores: 2, hour: 0.05 });
  });

  test('a region that is new, and bears any name', async () => {
    const s3 = { list: 0.000005, classes: { STANDARD: { put: 0.000005, get: 0.0000004, retrievalPerGb: 0, storagePerGbMonth: 0.02, minimumBytes: 0 } } };
    const { regions } = await loadRegion({ s3 }, 'constructor');
    expect(Object.keys(regions)).toHaveLength(Object.keys(LIST_PRICES.regions).length + 1);
    expect(regions['constructor']?.s3?.classes['STANDARD']).toEqual({ ...s3.classes.STANDARD, storagePerGbMonth: [{ upTo: null, price: 0.02 }] });
  });

  test('a storage class that is new', async () => {
    const one = { put: 0.00001, get: 0.000001, retrievalPerGb: 0.01, storagePerGbMonth: 0.01, minimumBytes: 0 };
    const { regions } = await loadRegion({ s3: { classes: { REDUCED_REDUNDANCY: one } } });
    expect(Object.keys(regions['eu-central-1']?.s3?.classes ?? {})).toContain('REDUCED_REDUNDANCY');
  });

  test('its source and date are told, and those of the rest', async () => {
    const { date, source } = await loadRegion({ kms: 0 });
    expect(date).toBe('2026-11-20');
    for (const part of ['our contract', LIST_PRICES.source, LIST_PRICES.date]) expect(source).toContain(part);
  });

  test('the list prices themselves are not touched', async () => {
    const before = JSON.stringify(LIST_PRICES);
    await loadRegion({ s3: { list: 1 }, kms: 1 }, 'us-east-1');
    expect(JSON.stringify(LIST_PRICES)).toBe(before);
  });
});

describe('what is wrong is told with its path, what was found and what is allowed', () => {
  test.each<[string, unknown, string]>([
    ['no date', { source: 'x', regions: { 'eu-west-1': { kms: 0 } } }, 'date'],
    ['no such date', { ...HEAD, date: '2026-02-30', regions: { 'eu-west-1': { kms: 0 } } }, 'date'],
    ['no source', { date: HEAD.date, regions: { 'eu-west-1': { kms: 0 } } }, 'source'],
    ['an empty source', { ...HEAD, source: '', regions: { 'eu-west-1': { kms: 0 } } }, 'source'],
    ['a source that would draw on the screen', { ...HEAD, source: '\u001b[2J', regions: { 'eu-west-1': { kms: 0 } } }, 'source'],
    ['no regions', HEAD, 'regions'],
    ['an empty list of regions', { ...HEAD, regions: {} }, 'regions'],
    ['regions as a list', { ...HEAD, regions: [] }, 'regions'],
    ['an unknown field', { ...HEAD, currency: 'EUR', regions: { 'eu-west-1': { kms: 0 } } }, 'currency'],
    ['no object', [], 'the file'],
  ])('%s', async (_, content, where) => {
    expect((await problemsIn(content)).map(({ path: at }) => at)).toEqual([where]);
  });

  test.each<[string, unknown, string]>([
    ['an empty region', {}, 'regions.eu-central-1'],
    ['nothing in it', { s3: {} }, 'regions.eu-central-1.s3'],
    ['no classes', { s3: { classes: {} } }, 'regions.eu-central-1.s3.classes'],
    ['nothing of a class', { s3: { classes: { STANDARD: {} } } }, 'regions.eu-central-1.s3.classes.STANDARD'],
    ['an unknown field', { sns: 1 }, 'regions.eu-central-1.sns'],
    ['an unknown field of a class', { s3: { classes: { STANDARD: { gets: 1 } } } }, 'regions.eu-central-1.s3.classes.STANDARD.gets'],
    ['an unknown architecture', { lambda: { gbSecond: { arm: 1 } } }, 'regions.eu-central-1.lambda.gbSecond.arm'],
    ['an unknown field of a tier', { internet: [{ upTo: null, price: 1, from: 0 }] }, 'regions.eu-central-1.internet[0].from'],
    ['a negative price', { kms: -0.01 }, 'regions.eu-central-1.kms'],
    ['a negative price in a tier', { internet: [{ upTo: null, price: -1 }] }, 'regions.eu-central-1.internet[0].price'],
    ['a negative price for any amount', { internet: -1 }, 'regions.eu-central-1.internet'],
    ['a price as a text', { kms: '0.03' }, 'regions.eu-central-1.kms'],
    ['a price of nothing', { s3: { list: null } }, 'regions.eu-central-1.s3.list'],
    ['a price beyond all sense', { kms: 1001 }, 'regions.eu-central-1.kms'],
    ['no tiers', { internet: [] }, 'regions.eu-central-1.internet'],
    ['in place of tiers what has no length that can be compared', { internet: { length: { toString: null } } }, 'regions.eu-central-1.internet'],
    ['a tier without a price', { internet: [{ upTo: null }] }, 'regions.eu-central-1.internet[0].price'],
    ['tiers out of order', { internet: [{ upTo: 100, price: 1 }, { upTo: 50, price: 1 }, { upTo: null, price: 1 }] }, 'regions.eu-central-1.internet[1].upTo'],
    ['tiers of no width', { internet: [{ upTo: 100, price: 1 }, { upTo: 100, price: 1 }, { upTo: null, price: 1 }] }, 'regions.eu-central-1.internet[1].upTo'],
    ['a tier of nothing', { internet: [{ upTo: 0, price: 1 }, { upTo: null, price: 1 }] }, 'regions.eu-central-1.internet[0].upTo'],
    ['a last tier with an end', { internet: [{ upTo: 100, price: 1 }] }, 'regions.eu-central-1.internet[0].upTo'],
    ['an endless tier that is not the last', { internet: [{ upTo: null, price: 1 }, { upTo: null, price: 1 }] }, 'regions.eu-central-1.internet[0].upTo'],
    ['a half byte', { s3: { classes: { STANDARD: { minimumBytes: 0.5 } } } }, 'regions.eu-central-1.s3.classes.STANDARD.minimumBytes'],
    ['no core', { machine: { cores: 0 } }, 'regions.eu-central-1.machine.cores'],
    ['a class by another name', { s3: { classes: { standard: { put: 1 } } } }, 'regions.eu-central-1.s3.classes.standard'],
    ['a machine of which only the price is known', { machine: { hour: 1 } }, 'regions.eu-central-1.machine.name,regions.eu-central-1.machine.cores'],
    ['half of what S3 Batch Operations bills', { batch: { job: 1 } }, 'regions.eu-central-1.batch.object'],
    ['a new class that lacks figures', { s3: { classes: { OTHER: { put: 1, get: 1, retrievalPerGb: 0 } } } }, 'regions.eu-central-1.s3.classes.OTHER.storagePerGbMonth,regions.eu-central-1.s3.classes.OTHER.minimumBytes'],
  ])('%s', async (_, figures, where) => {
    expect((await problemsInRegion(figures)).map(({ path: at }) => at).join()).toBe(where);
  });

  test.each(['EU-WEST-1', '', 'eu west'])('a region by the name %j', async (region) => {
    expect(await problemsInRegion({ kms: 0 }, region)).toHaveLength(1);
  });

  test('a new region that lacks figures', async () => {
    expect((await problemsInRegion({ s3: { list: 0.000005 } }, 'cn-north-1')).map(({ path: at }) => at)).toEqual(['regions.cn-north-1.s3.classes']);
  });

  test.each(['{"date":"2026-11-20","source":"x","regions":{"__proto__":{"kms":1},"eu-west-1":{"kms":1}}}', '{"date":"2026-11-20","source":"x","regions":{"eu-west-1":{"s3":{"classes":{"__proto__":{"put":1},"STANDARD":{"put":1}}}}}}'])(
    'the one name that no plain object can have: %s',
    async (text) => {
      const [problem] = await problemsIn(text);
      expect(problem?.path.endsWith('__proto__')).toBe(true);
    },
  );

  test('a number beyond all numbers', async () => {
    expect(await problemsIn('{"date":"2026-11-20","source":"x","regions":{"eu-west-1":{"kms":1e999}}}')).toEqual([
      { path: 'regions.eu-west-1.kms', says: 'found Infinity; allowed: a number of USD from 0 to 1000.' },
    ]);
  });

  test('all at once, each in a line of its own', async () => {
    expect(await problemsInRegion({ kms: -1, queue: 'x', logz: 1 })).toEqual([
      { path: 'regions.eu-central-1.kms', says: 'found -1; allowed: a number of USD from 0 to 1000' },
      { path: 'regions.eu-central-1.queue', says: 'found "x"; allowed: a number of USD from 0 to 1000' },
      { path: 'regions.eu-central-1.logz', says: 'there is no such field; did you mean "logs"?' },
    ]);
  });

  test.each(['none.json', '.'])('no file: %s', async (file) => {
    await inFolder(async (folder) => {
      expect((await userErrorOf(loadPrices(file, folder))).code).toBe('prices-invalid');
    });
  });

  test.each(['', '{', '['.repeat(300_000)])('no JSON', async (text) => {
    expect((await userErrorOf(load(text))).code).toBe('prices-invalid');
  });
});
