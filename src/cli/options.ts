import { InvalidArgumentError } from 'commander';

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
