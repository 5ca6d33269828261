import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PRESETS } from '../../src/config/presets.js';
import type { Interval, Measured } from '../../src/model/estimate.js';
import { expand } from '../../src/cost/expand.js';
import { expectedOf, type Expected } from '../../src/cost/expected.js';
import { Sampler } from '../../src/cost/sample.js';
import { t90 } from '../../src/cost/student.js';
import type { Job } from '../../src/model/job.js';
import { spec } from '../support.js';
import { seeded } from './seeded.js';

/** Jobs, and what each really takes. */
interface Corpus {
  readonly jobs: readonly Job[];
  readonly taken: ReadonlyMap<string, Expected>;
}

const LEVELS = new Map(Object.entries(PRESETS.levels.specs).map(([name, fields]) => [name, spec(name, fields)]));
const ALL = [...LEVELS.keys()];
const FIGURES = ['cpuSeconds', 'outputBytes'] as const;

function job(key: string, size: number, due: readonly string[] = ALL): Job {
  const original = { key, size, lastModified: 0, etag: '' };
  return { original, due: due.map((name) => ({ spec: LEVELS.get(name) ?? spec(name), key: `${name}/${key}`, reason: 'missing' })) };
}

function corpusOf(rows: readonly { key: string; size: number; due?: readonly string[]; cpuSeconds: number; bytes: number }[]): Corpus {
  return {
    jobs: rows.map(({ key, size, due }) => job(key, size, due)),
    taken: new Map(rows.map(({ key, cpuSeconds, bytes }) => [key, { cpuSeconds, bytes }])),
  };
}

function truthOf({ taken }: Corpus): Record<(typeof FIGURES)[number], number> {
  const all = [...taken.values()];
  return { cpuSeconds: all.reduce((a, b) => a + b.cpuSeconds, 0), outputBytes: all.reduce((a, b) => a + b.bytes, 0) };
}

function chosenFrom(jobs: readonly Job[], size: number, seed: number) {
  const sampler = new Sampler(size, seeded(seed));
  for (const one of jobs) sampler.add(one);
  return sampler.choose();
}

/** From a sample, with only what was measured of it. */
function estimated({ jobs, taken }: Corpus, size: number, seed: number): Measured {
  const strata = chosenFrom(jobs, size, seed);
  const keys = new Set(strata.flatMap(({ chosen }) => chosen.map(({ original }) => original.key)));
  return expand(strata, new Map([...taken].filter(([key]) => keys.has(key))));
}

/** How often the interval has the truth in it, and how far off the value is in the middle and on average, as parts of the truth. */
function quality(corpus: Corpus, size: number, seeds: number, figure: (typeof FIGURES)[number]) {
  const truth = truthOf(corpus)[figure];
  const intervals = Array.from({ length: seeds }, (_, seed) => estimated(corpus, size, seed + 1)[figure]);
  const errors = intervals.map(({ value }) => value / truth - 1);
  const sorted = errors.map(Math.abs).sort((a, b) => a - b);
  return {
    covered: intervals.filter(({ low, high }) => low <= truth && truth <= high).length / seeds,
    medianError: sorted[Math.floor(seeds / 2)] ?? Number.NaN,
    bias: errors.reduce((a, b) => a + b, 0) / seeds,
  };
}

describe('50 of 600 real originals, 100 times', () => {
  // One line for each: extension, listed bytes, due specs, CPU milliseconds, bytes of variants; see record-corpus.js.
  const record = JSON.parse(readFileSync(new URL('known-corpus.json', import.meta.url), 'utf8')) as [string, number, string[], number, number][];
  const corpus = corpusOf(record.map(([extension, size, due, ms, bytes], i) => ({ key: `${i}.${extension}`, size, due, cpuSeconds: ms / 1000, bytes })));

  test.each([
    ['cpuSeconds', 0.15],
    ['outputBytes', 0.1],
  ] as const)('%s: the interval has the truth in it, the value is near', (figure, error) => {
    const { covered, medianError, bias } = quality(corpus, 50, 100, figure);
    expect(covered).toBeGreaterThanOrEqual(0.85);
    expect(medianError).toBeLessThanOrEqual(error);
    expect(Math.abs(bias)).toBeLessThan(0.03);
  });

  test('an interval that has it nine times in ten is no wider than it needs to be', () => {
    for (const figure of FIGURES) expect(quality(corpus, 50, 400, figure).covered).toBeLessThan(0.97);
  });
});

describe('few originals that are most of the work', () => {
  // Sizes by Pareto's law, and two in a hundred that take ten times what one would think; some fail and write nothing.
  const random = seeded(7);
  const corpus = corpusOf(
    Array.from({ length: 3_000 }, (_, i) => {
      const size = Math.round(20_000 / (1 - random()) ** 0.8);
      const key = `${i}.${random() < 0.8 ? 'jpg' : 'png'}`;
      const due = random() < 0.5 ? ALL : ['small'];
      const expected = expectedOf(job(key, size, due));
      const factor = Math.exp(0.5 * (random() + random() + random() - 1.5)) * (random() < 0.02 ? 10 : 1);
      return { key, size, due, cpuSeconds: expected.cpuSeconds * factor, bytes: random() < 0.05 ? 0 : expected.bytes * factor };
    }),
  );

  test.each(FIGURES)('%s: right on average, and within the interval most times', (figure) => {
    const { covered, bias } = quality(corpus, 100, 200, figure);
    expect(Math.abs(bias)).toBeLessThan(0.04);
    expect(covered).toBeGreaterThan(0.75);
  });
});

const EXTENSIONS = ['.jpg', '.JPG', '.png', '.webp', '.heic', '', '.weird\n1', '.x.tiff'];
const row = fc.record({
  extension: fc.constantFrom(...EXTENSIONS),
  size: fc.oneof(fc.nat(3), fc.nat(5_000_000), fc.constant(5 * 2 ** 40)),
  due: fc.subarray(ALL, { minLength: 1 }),
  cpuSeconds: fc.oneof(fc.constant(0), fc.double({ min: 1e-6, max: 1e4, noNaN: true })),
  bytes: fc.oneof(fc.constant(0), fc.nat(10_000_000)),
});
const corpora = (maxLength: number) =>
  fc.array(row, { maxLength }).map((rows) => corpusOf(rows.map((fields, i) => ({ ...fields, key: `photos/${i}${fields.extension}` }))));
const seeds = fc.nat();
const sizes = fc.integer({ min: 2, max: 40 });

describe('any jobs', () => {
  test('no more than there are: all are chosen, and the figures are exact', () => {
    fc.assert(
      fc.property(corpora(40), seeds, (corpus, seed) => {
        const size = Math.max(2, corpus.jobs.length);
        const keys = chosenFrom(corpus.jobs, size, seed).flatMap(({ chosen }) => chosen.map(({ original }) => original.key));
        expect(keys.sort()).toEqual([...corpus.taken.keys()].sort());
        const measured = estimated(corpus, size, seed);
        const truth = truthOf(corpus);
        expect(measured.originals).toBe(corpus.jobs.length);
        for (const figure of FIGURES) {
          const { value, low, high } = measured[figure];
          expect(Math.abs(value - truth[figure])).toBeLessThanOrEqual(1e-9 * truth[figure]);
          expect([low, high]).toEqual([value, value]);
        }
      }),
    );
  });

  test('more than the sample: exactly as many are chosen, each once, two at least in every stratum that has two', () => {
    fc.assert(
      fc.property(corpora(120), sizes, seeds, (corpus, size, seed) => {
        const strata = chosenFrom(corpus.jobs, size, seed);
        const chosen = strata.flatMap((stratum) => stratum.chosen);
        expect(chosen.length).toBe(Math.min(size, corpus.jobs.length));
        expect(new Set(chosen).size).toBe(chosen.length);
        expect(strata.reduce((sum, { originals }) => sum + originals, 0)).toBe(corpus.jobs.length);
        for (const stratum of strata) expect(stratum.chosen.length).toBeGreaterThanOrEqual(Math.min(2, stratum.originals));
      }),
    );
  });

  test('finite figures in order, and no less than what was measured', () => {
    fc.assert(
      fc.property(corpora(120), sizes, seeds, (corpus, size, seed) => {
        const chosen = chosenFrom(corpus.jobs, size, seed).flatMap((stratum) => stratum.chosen);
        const measured = estimated(corpus, size, seed);
        const least = truthOf({ jobs: chosen, taken: new Map(chosen.map(({ original }) => [original.key, takenOf(corpus, original.key)])) });
        for (const figure of FIGURES) {
          const { value, low, high } = measured[figure];
          for (const one of [value, low, high]) expect(one).toSatisfy(Number.isFinite);
          expect(low).toBeGreaterThanOrEqual(least[figure] * (1 - 1e-9));
          expect(low).toBeLessThanOrEqual(value);
          expect(value).toBeLessThanOrEqual(high);
        }
      }),
    );
  });

  test('a machine that is so many times slower gives so many times the seconds, and the same bytes', () => {
    fc.assert(
      fc.property(corpora(120), sizes, seeds, fc.constantFrom(0.25, 2, 8), (corpus, size, seed, times) => {
        const slower = new Map([...corpus.taken].map(([key, { cpuSeconds, bytes }]) => [key, { cpuSeconds: cpuSeconds * times, bytes }]));
        const before = estimated(corpus, size, seed);
        const after = estimated({ ...corpus, taken: slower }, size, seed);
        expect(after.outputBytes).toEqual(before.outputBytes);
        // Powers of two, so that nothing is rounded differently.
        const scaled = ({ value, low, high }: Interval) => ({ value: value * times, low: low * times, high: high * times });
        expect(after.cpuSeconds).toEqual(scaled(before.cpuSeconds));
      }),
    );
  });

  test('each original of a kind is chosen as often as any other', () => {
    const jobs = Array.from({ length: 20 }, (_, i) => job(`${i}.jpg`, 100_000));
    const times = new Map<string, number>();
    for (let seed = 0; seed < 2_000; seed++) {
      for (const { chosen } of chosenFrom(jobs, 5, seed)) for (const { original } of chosen) times.set(original.key, (times.get(original.key) ?? 0) + 1);
    }
    // 500 are expected of each, with a standard deviation of 19.
    for (const { original } of jobs) expect(Math.abs((times.get(original.key) ?? 0) - 500)).toBeLessThan(100);
  });
});

test('many kinds: what is kept is bounded, and all are accounted for', () => {
  const sampler = new Sampler(10, seeded(1));
  for (let i = 0; i < 50_000; i++) sampler.add(job(`${i}.extension-${i}`, 2 ** (i % 50) + i, [`spec-${i % 1_000}`]));
  expect(sampler.held).toBeLessThanOrEqual(10 * 200);
  const strata = sampler.choose();
  expect(strata.reduce((sum, { originals }) => sum + originals, 0)).toBe(50_000);
  expect(strata.flatMap(({ chosen }) => chosen)).toHaveLength(10);
});

test('nothing to do is measured as nothing', () => {
  const nothing = { value: 0, low: 0, high: 0 };
  expect(expand(new Sampler(10, seeded(1)).choose(), new Map())).toEqual({ basis: 'sample', originals: 0, cpuSeconds: nothing, outputBytes: nothing });
});

test('a sample of one, or one that was not measured, is a mistake of the caller', () => {
  expect(() => new Sampler(1, seeded(1))).toThrow(RangeError);
  expect(() => new Sampler(2.5, seeded(1))).toThrow(RangeError);
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

function takenOf({ taken }: Corpus, key: string): Expected {
  const took = taken.get(key);
  if (took === undefined) throw new Error(key);
  return took;
}
