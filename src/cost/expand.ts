import type { Interval, Measured } from '../model/estimate.js';
import { expectedOf, type Expected } from './expected.js';
import type { Stratum } from './sample.js';
import { t90 } from './student.js';

/**
 * What all originals take, from what the chosen ones took. Time and bytes by themselves.
 *
 * @param strata as `Sampler.choose` gave them
 * @param taken by the original's key: CPU seconds, and bytes of variants; of one that failed, what it took until then
 * @throws Error where one that was chosen is missing
 */
export function expand(strata: readonly Stratum[], taken: ReadonlyMap<string, Expected>): Measured {
  const figure = (name: keyof Expected) => intervalOf(strata.map((stratum) => partOf(stratum, taken, name)));
  const originals = strata.reduce((sum, { chosen }) => sum + chosen.length, 0);
  return { basis: 'sample', originals, cpuSeconds: figure('cpuSeconds'), outputBytes: figure('bytes') };
}

/** Of one stratum, one figure. */
interface Part {
  readonly originals: number;
  /** What was expected of all of them. */
  readonly expected: number;
  readonly pairs: readonly Pair[];
}

/** What was expected of one that was chosen, and what it took. */
interface Pair {
  readonly expected: number;
  readonly taken: number;
}

function partOf({ originals, expected, chosen }: Stratum, taken: ReadonlyMap<string, Expected>, name: keyof Expected): Part {
  const pairs = chosen.map((job) => {
    const took = taken.get(job.original.key);
    if (took === undefined) throw new Error(`chosen, but not measured: ${job.original.key}`);
    return { expected: expectedOf(job)[name], taken: took[name] };
  });
  return { originals, expected: expected[name], pairs };
}

/**
 * The combined ratio estimate: what is expected of all, times what the sample took for each unit that was expected of it.
 * Its variance by linearisation with finite population correction (Cochran, Sampling Techniques, 6.11 to 6.12; weighted as
 * in Särndal, Swensson and Wretman, 6.6), degrees of freedom by Satterthwaite (Cochran, 5.4). No value is trimmed. Strata
 * that were measured whole are added as they are.
 */
function intervalOf(parts: readonly Part[]): Interval {
  const whole = parts.filter(({ originals, pairs }) => originals === pairs.length);
  const drawn = comparable(parts.filter(({ originals, pairs }) => originals > pairs.length));
  const known = sum(whole.map(({ pairs }) => sum(pairs.map(({ taken }) => taken))));
  if (drawn.length === 0) return { value: known, low: known, high: known };
  const expected = sum(drawn.map((part) => part.expected));
  const scale = expected / expandedSum(drawn, (pair) => pair.expected);
  const ratio = (expandedSum(drawn, ({ taken }) => taken) * scale) / expected;
  const variances = drawn.map((part) => scale ** 2 * varianceOf(part, ({ taken, expected }) => taken - ratio * expected));
  const variance = sum(variances);
  const freedom = variance === 0 ? 1 : 1 / sum(drawn.map(({ pairs }, i) => ((variances[i] ?? 0) / variance) ** 2 / (pairs.length - 1)));
  const reach = t90(freedom) * Math.sqrt(variance);
  // All take no less than the chosen ones did.
  const least = sum(parts.map(({ pairs }) => sum(pairs.map(({ taken }) => taken))));
  const value = Math.max(least, known + ratio * expected);
  return { value, low: Math.max(least, value - reach), high: value + reach };
}

/** Where nothing at all was expected of the chosen ones (all listed as empty), one original counts as much as another. */
function comparable(parts: readonly Part[]): readonly Part[] {
  if (parts.some(({ pairs }) => pairs.some(({ expected }) => expected > 0))) return parts;
  return parts.map(({ originals, pairs }) => ({ originals, expected: originals, pairs: pairs.map(({ taken }) => ({ taken, expected: 1 })) }));
}

/** What the sum over all originals is estimated to be: each that was chosen stands for as many. */
function expandedSum(parts: readonly Part[], of: (pair: Pair) => number): number {
  return sum(parts.map(({ originals, pairs }) => (originals / pairs.length) * sum(pairs.map(of))));
}

/** Of that sum, in one stratum of which at least two were chosen. */
function varianceOf({ originals, pairs }: Part, of: (pair: Pair) => number): number {
  const values = pairs.map(of);
  const mean = sum(values) / values.length;
  const spread = sum(values.map((value) => (value - mean) ** 2)) / (values.length - 1);
  return (originals * (originals - values.length) * spread) / values.length;
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
