import { InvalidArgumentError } from 'commander';
import type { MaxFailures } from '../run/max-failures.js';

/** For options that are given once for each value; never `<glob...>`, which would swallow the arguments behind it. */
export function collect(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, value];
}

/** "a,b" -> ["a", "b"]. */
export function commaList(value: string): readonly string[] {
  const names = value.split(',').map((name) => name.trim()).filter((name) => name !== '');
  if (names.length === 0) throw new InvalidArgumentError('Give at least one name.');
  return names;
}

export function positiveInteger(value: string): number {
  const number = Number(value);
  if (!/^\d+$/.test(value) || !Number.isSafeInteger(number) || number === 0) {
    throw new InvalidArgumentError('Give a whole number above zero.');
  }
  return number;
}

/** "20" -> 20 originals, "5%" -> a twentieth. */
export function maxFailures(value: string): MaxFailures {
  const [, digits, sign] = /^(\d{1,9}(?:\.\d+)?)(%?)$/.exec(value) ?? [];
  const number = Number(digits);
  if (digits === undefined || (sign === '' && !Number.isInteger(number)) || (sign === '%' && number > 100)) {
    throw new InvalidArgumentError('Give a number of originals, or a share such as 5%.');
  }
  return sign === '%' ? { percent: number } : { originals: number };
}
