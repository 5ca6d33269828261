import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { expectedOf } from '../../src/cost/expected.js';
import { ALL, corpusOf, estimated, FIGURES, job, truthOf, type Corpus } from './sampled.js';
import { seeded } from './seeded.js';

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

  test('in the long run it is nine times in ten, and hardly more: an interval no wider than it needs to be', () => {
    for (const figure of FIGURES) {
      const { covered } = quality(corpus, 50, 400, figure);
      expect(covered).toBeGreaterThan(0.86);
      expect(covered).toBeLessThan(0.94);
    }
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
