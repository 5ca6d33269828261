import { describe, expect, test } from 'vitest';
import { LIST_PRICES } from '../../src/cost/list-prices.js';
import { totalOf } from '../../src/cost/lines.js';
import { LEVELS, scenarioColumns, type Scenario } from '../../src/cost/scenario.js';
import { spec } from '../support.js';
import { codeOf, lineNamed, usd } from './support.js';

const SEVEN = [2048, 1280, 800, 400, 500, 150, 1600].map((side) => spec(`s${side}`, { width: side, height: side, format: 'jpeg' }));

function columns(changes: Partial<Scenario> = {}) {
  const [asItWas, all, added] = scenarioColumns({ ...LEVELS, ...changes }, LIST_PRICES, SEVEN);
  if (asItWas === undefined || all === undefined || added === undefined) throw new Error('three columns');
  return { asItWas, all, added };
}

describe('as it was', () => {
  test('$27.50 to the cent, by hand', () => {
    const { asItWas } = columns();
    expect(usd(asItWas.lines)).toEqual({
      get: 0.12, // 300,000 x 0.0000004
      put: 10.5, // 300,000 x 7 x 0.000005
      invocations: 0.06, // 300,000 x 0.0000002
      compute: 16.822533645, // 300,000 x 2.243 s x 1,536 / 1,024 = 1,009,350 GB-seconds x 0.0000166667
    });
    expect(asItWas.total).toBe(27_502_533_645);
    expect((asItWas.total / 1e9).toFixed(2)).toBe('27.50');
    expect(lineNamed(asItWas.lines, 'compute').quantity).toBe(1_009_350);
  });

  test.each<[string, Partial<Scenario>, number]>([
    // 0.06 + 0.129 + 11.34 + 16.822533645.
    ['eu-central-1', { region: 'eu-central-1' }, 28.351533645],
    // 300,000 x 0.00000027 = 0.081; 0.12; 2,100,000 x 0.000006 = 12.6; 1,009,350 x 0.0000221 = 22.306635.
    ['af-south-1', { region: 'af-south-1' }, 35.107635],
    // 1,009,350 x 0.0000133334 = 13.45806729.
    ['arm64', { architecture: 'arm64' }, 24.13806729],
    // One PUT for each: 1.50 instead of 10.50.
    ['only what was added', { perOriginal: 1 }, 18.502533645],
    // A tenth.
    ['30,000', { count: 30_000 }, 2.750253365],
    ['nothing', { count: 0 }, 0],
  ])('%s', (_, changes, total) => {
    expect(columns(changes).asItWas.total / 1e9).toBe(total);
  });
});

describe('today', () => {
  test('all seven: every line by hand', () => {
    const { all } = columns();
    const lines = usd(all.lines);
    // 300 pages of originals and 2,100 of variants; each original is read and confirmed.
    expect(lines).toMatchObject({ list: 0.012, get: 0.12, head: 0.12, put: 10.5, invocations: 0.06 });
    // 300,000 x (400 + 300) bytes = 0.21 GB x 0.5.
    expect(lines.logs).toBe(0.105);
    // 27,000 bytes are 108,000 pixels, 379 x 285: 150 inside is 150 x 112.5 = 16,875, all others 108,000.
    const cpu = 0.005 + (108_000 * 2 + (6 * 108_000 + 16_875) * 19) / 1e9;
    // Nine requests of 0.0024 s each; 0.06 s of waiting.
    expect(all.seconds).toBeCloseTo(cpu + 9 * 0.0024 + 0.06, 12);
    expect(lines.compute).toBeCloseTo((1_769 / 1_024) * (300_000 * all.seconds + 1_000 * 0.6) * 0.0000133334, 8);
  });

  test('only what was added: nine dollars less of PUTs, and the listing of one variant', () => {
    const { added } = columns();
    // 300 pages of originals and 300 of variants.
    expect(usd(added.lines)).toMatchObject({ list: 0.003, put: 1.5, get: 0.12, head: 0.12 });
    expect(added.perOriginal).toBe(1);
    // Each original is asked for twice, 5,500 times a second; and 1,000 environments that begin.
    expect(added.time).toEqual({ boundBy: 'get-rate', seconds: expect.closeTo(600_000 / 5_500 + 10.6, 6) });
  });

  test('it is cheaper than it was, and seven variants take the ten minutes that one prefix takes', () => {
    const { asItWas, all, added } = columns();
    expect(all.total).toBeLessThan(asItWas.total / 2);
    expect(added.total).toBeLessThan(all.total / 3);
    expect(all.time).toEqual({ boundBy: 'put-rate', seconds: expect.closeTo(600 + 10.6, 6) });
  });

  test('larger images take longer', () => {
    const { all } = columns({ averageBytes: 3_000_000 });
    expect(all.seconds).toBeGreaterThan(columns().all.seconds * 1.5);
  });

  test('more variants than there are specs: they are taken in turn', () => {
    expect(usd(columns({ perOriginal: 10 }).all.lines).put).toBe(15); // 3,000,000 x 0.000005
  });
});

test('the columns by their names', () => {
  expect(Object.values(columns()).map(({ name }) => name)).toEqual(['as-it-was', 'today-all', 'today-added']);
});

test('every total is the sum of its lines', () => {
  for (const { lines, total } of Object.values(columns())) expect(totalOf(lines)).toBe(total);
});

test('a region that lacks a price', () => {
  expect(codeOf(() => columns({ region: 'mx-central-1' }))).toBe('price-missing');
  expect(codeOf(() => columns({ region: 'us-gov-west-1' }))).toBe('price-missing');
  expect(codeOf(() => columns({ region: 'nowhere' }))).toBe('price-missing');
});
