import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Interval } from '../../src/model/estimate.js';
import { Sampler } from '../../src/cost/sample.js';
import { chosenFrom, corpusOf, estimated, FIGURES, job, SPECS, takenOf, truthOf } from './sampled.js';
import { seeded } from './seeded.js';

const EXTENSIONS = ['.jpg', '.JPG', '.png', '.webp', '.heic', '', '.weird\n1', '.x.tiff'];
const row = fc.record({
  extension: fc.constantFrom(...EXTENSIONS),
  size: fc.oneof(fc.nat(3), fc.nat(5_000_000), fc.constant(5 * 2 ** 40)),
  due: fc.subarray([...SPECS.keys()], { minLength: 1 }),
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

  test('each original of a stratum is chosen as often as any other, whatever its kind', () => {
    const jobs = Array.from({ length: 20 }, (_, i) => job(`${i}.jpg`, i % 3 === 0 ? 60_000 : 100_000));
    expect(chosenFrom(jobs, 5, 1)).toHaveLength(1);
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
