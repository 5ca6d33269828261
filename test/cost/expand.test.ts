import { expect, test } from 'vitest';
import type { Interval } from '../../src/model/estimate.js';
import { expand } from '../../src/cost/expand.js';
import { expectedOf, type Expected } from '../../src/cost/expected.js';
import { Sampler } from '../../src/cost/sample.js';
import { t90 } from '../../src/cost/student.js';
import { chosenFrom, corpusOf, estimated, job } from './sampled.js';
import { seeded } from './seeded.js';

test('nothing to do is measured as nothing', () => {
  expect(new Sampler(10, seeded(1)).choose()).toEqual([]);
  const nothing = { value: 0, low: 0, high: 0 };
  expect(expand(new Sampler(10, seeded(1)).choose(), new Map())).toEqual({ basis: 'sample', originals: 0, cpuSeconds: nothing, outputBytes: nothing });
});

test('all listed as empty: one stands for as many as any other', () => {
  const corpus = corpusOf(Array.from({ length: 40 }, (_, i) => ({ key: `${i}.jpg`, size: 0, due: ['enlarged'], cpuSeconds: 1, bytes: 100 })));
  const { cpuSeconds, outputBytes } = estimated(corpus, 10, 1);
  expectInterval(cpuSeconds, 40, 0);
  expectInterval(outputBytes, 4_000, 0);
});

test('some listed as empty: what is expected of the others counts', () => {
  const { bytes } = expectedOf(job('c.jpg', 100_000));
  const strata = [
    { originals: 10, expected: { cpuSeconds: 1, bytes: 0 }, chosen: [job('a.jpg', 0), job('b.jpg', 0)] },
    { originals: 10, expected: { cpuSeconds: 1, bytes: 6 * bytes }, chosen: [job('c.jpg', 100_000), job('d.jpg', 0)] },
  ];
  const taken = new Map([...'abcd'].map((name) => [`${name}.jpg`, { cpuSeconds: 0, bytes: name === 'c' ? 14 : 0 }]));
  // Five times 14 where five times as many bytes were expected as of c.jpg, and six times as many of all.
  expect(expand(strata, taken).outputBytes.value).toBeCloseTo(84, 9);
});

test('all take no less than the chosen ones did, however odd those are', () => {
  const [a, b, c, d] = [job('a.jpg', 9_000_000), job('b.jpg', 9_000_000), job('c.jpg', 1_000), job('d.jpg', 1_000)];
  // The first two are much larger than their stratum's others, and fail at once.
  const strata = [
    { originals: 20, expected: { cpuSeconds: 0.6, bytes: 5e6 }, chosen: [a, b] },
    { originals: 3, expected: { cpuSeconds: 0.03, bytes: 5e4 }, chosen: [c, d] },
  ];
  const taken = new Map(strata.flatMap(({ chosen }, i) => chosen.map(({ original }) => [original.key, { cpuSeconds: i, bytes: i }])));
  const { value, low } = expand(strata, taken).cpuSeconds;
  expect([value, low]).toEqual([2, 2]);
});

test('a sample of one, or one that was not measured, is a mistake of the caller', () => {
  for (const size of [1, 2.5]) expect(() => new Sampler(size, seeded(1))).toThrow(new RangeError(`a sample of ${size}`));
  expect(() => expand(chosenFrom([job('a.jpg', 1)], 2, 1), new Map())).toThrow('a.jpg');
});

test('a ratio estimate by hand', () => {
  const jobs = [...'abcde'].map((name) => job(`${name}.jpg`, 100_000));
  const each = expectedOf(job('a.jpg', 100_000));
  const times = (count: number): Expected => ({ cpuSeconds: each.cpuSeconds * count, bytes: each.bytes * count });
  const taken = new Map(jobs.map(({ original }, i) => [original.key, { cpuSeconds: [1, 3, 5, 5, 8][i] ?? 0, bytes: 7 }]));
  const strata = (size: number) => [
    { originals: 10, expected: times(10 * size), chosen: jobs.slice(0, 2) },
    { originals: 30, expected: times(30 * size), chosen: jobs.slice(2) },
  ];
  // 10 x 2 + 30 x 6; variances 10 x 8 x 2 / 2 and 30 x 27 x 3 / 3; 890^2 / (80^2 / 1 + 810^2 / 2) = 2.4 degrees of freedom.
  const reach = 2.92 * Math.sqrt(80 + 810);
  expectInterval(expand(strata(1), taken).cpuSeconds, 200, reach);
  // All are half as large again as those that were chosen.
  expectInterval(expand(strata(1.5), taken).cpuSeconds, 300, 1.5 * reach);
  expectInterval(expand(strata(1), taken).outputBytes, 280, 0);
  // A stratum that was measured whole is added as it is.
  const [first, second] = strata(1);
  if (first === undefined || second === undefined) throw new Error('two strata');
  expectInterval(expand([{ ...first, originals: 2, expected: times(2) }, second], taken).cpuSeconds, 184, 2.92 * Math.sqrt(810));
});

test('where all take what was expected of them, so many times, nothing is uncertain', () => {
  const chosen = [job('a.jpg', 100_000), job('b.jpg', 400_000), job('c.jpg', 50_000)];
  const taken = new Map(chosen.map((one) => [one.original.key, { cpuSeconds: 3 * expectedOf(one).cpuSeconds, bytes: 0 }]));
  expectInterval(expand([{ originals: 10, expected: { cpuSeconds: 2, bytes: 1 }, chosen }], taken).cpuSeconds, 6, 0);
});

test("Student's t: the table, the way to the normal distribution, and between", () => {
  expect([1, 2, 10, 30].map(t90)).toEqual([6.314, 2.92, 1.812, 1.697]);
  // 40, 60 and 120 degrees of freedom, from the same table.
  for (const [freedom, t] of [[40, 1.684], [60, 1.671], [120, 1.658], [1e9, 1.645]] as const) expect(t90(freedom)).toBeCloseTo(t, 2);
  expect(t90(3.9)).toBe(2.353);
  // Satterthwaite's degrees of freedom can come out a rounding error below one.
  expect(t90(1 - 1e-12)).toBe(6.314);
});

function expectInterval({ value, low, high }: Interval, middle: number, reach: number): void {
  expect(value).toBeCloseTo(middle, 6);
  expect(low).toBeCloseTo(middle - reach, 6);
  expect(high).toBeCloseTo(middle + reach, 6);
}
