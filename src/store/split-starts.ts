/** A character at which to look for keys. */
export interface Start {
  readonly point: number;
  /** How many characters that are usual in keys come from here to the next start. */
  readonly weight: number;
}

/** Runs of characters that keys are mostly made of: digits, and letters as in hexadecimal numbers, base 64 and words. */
const RUNS = [
  [0x30, 0x39],
  [0x41, 0x5a],
  [0x61, 0x7a],
] as const;

const ASCII_END = 0x7f;

/**
 * Characters between `low` and `high` (null: no end) that divide what may follow, in order. They are a guess of which
 * keys there are; a bad one makes parts of unequal size.
 */
export function startsWithin(low: number, high: number | null): Start[] {
  const end = high ?? 0x110000;
  const points = low > ASCII_END ? beyondAscii(low, high) : inAscii(low, end);
  const within = [...new Set(points)].filter((point) => point > low && point < end && !(point >= 0xd800 && point <= 0xdfff));
  within.sort((a, b) => a - b);
  return within.map((point, i) => ({ point, weight: Math.max(1, usualBetween(point, within[i + 1] ?? end)) }));
}

/**
 * In the run that `low` is in, quarters of what is left where that has an end, else steps that grow, as hexadecimal ends
 * at f; of later runs, the halves.
 */
function inAscii(low: number, end: number): number[] {
  const points = [ASCII_END + 1];
  for (const [first, last] of RUNS) {
    const stop = Math.min(last, end - 1);
    if (low >= first && low < stop) points.push(...(stop < last ? quarters(low, stop) : [1, 2, 4, 8, 16].map((step) => Math.min(last, low + step))));
    if (low < first) points.push(first, first + ((last - first) >> 1));
  }
  return points;
}

/** Scripts are of any size, and `low` says only where one is: steps that grow, and quarters where there is an end. */
function beyondAscii(low: number, high: number | null): number[] {
  const growing = [1, 2, 3, 4, 5, 6].map((power) => low + 5 ** power);
  return high === null ? growing : [...growing, ...quarters(low, high)];
}

function quarters(low: number, high: number): number[] {
  return [1, 2, 3].map((quarter) => low + Math.ceil(((high - low) * quarter) / 4));
}

function usualBetween(from: number, to: number): number {
  return RUNS.reduce((sum, [first, last]) => sum + Math.max(0, Math.min(last + 1, to) - Math.max(first, from)), 0);
}
