import { InvalidArgumentError } from 'commander';
import type { MaxDelete } from '../run/max-delete.js';
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

/** As `positiveInteger`, and 0. */
export function count(value: string): number {
  return value === '0' ? 0 : positiveInteger(value);
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

/** "20" -> 20 objects, "5%" -> a twentieth of all variants. */
export function maxDelete(value: string): MaxDelete {
  const max = maxFailures(value);
  return 'percent' in max ? max : { objects: max.originals };
}

const UNITS: Readonly<Record<string, number>> = { '': 1, B: 1, KB: 1e3, MB: 1e6, GB: 1e9, KIB: 1024, MIB: 1024 ** 2, GIB: 1024 ** 3 };

/** "500", "10KB", "1.5 MiB" -> bytes. */
export function byteSize(value: string): number {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)\s*([A-Za-z]*)$/.exec(value) ?? [];
  const factor = UNITS[unit.toUpperCase()];
  if (number === undefined || factor === undefined) throw new InvalidArgumentError('Give a size such as 500, 10KB or 2MiB.');
  return Math.round(Number(number) * factor);
}

const HOUR = 3_600_000;
const AGO: Readonly<Record<string, number>> = { h: HOUR, d: 24 * HOUR, w: 7 * 24 * HOUR };

/**
 * "2026-11-23", "2026-11-23T10:00Z", or "7d" (days ago; also h and w). A date without a time is its beginning in UTC, and
 * so is a number of days or weeks; one of hours is from the full hour. So the same words mean the same for a while, and a
 * run can be gone on with.
 */
export function since(value: string): Date {
  const [, count, unit = ''] = /^(\d{1,6})([hdw])$/.exec(value) ?? [];
  const ago = AGO[unit];
  if (count !== undefined && ago !== undefined) {
    const whole = unit === 'h' ? HOUR : AGO['d'] ?? HOUR;
    return new Date(Math.floor(Date.now() / whole) * whole - Number(count) * ago);
  }
  const date = new Date(value);
  if (!/^\d{4}-\d\d/.test(value) || Number.isNaN(date.getTime())) throw new InvalidArgumentError('Give a date such as 2026-11-23, or 7d.');
  return date;
}

/** "5", "0.25" -> USD. */
export function usd(value: string): number {
  if (!/^\d{1,9}(\.\d{1,9})?$/.test(value)) throw new InvalidArgumentError('Give an amount in USD such as 5 or 0.25.');
  return Number(value);
}

/** As Lambda takes it. */
export function functionName(value: string): string {
  if (!/^[A-Za-z0-9:_-]{1,170}$/.test(value)) throw new InvalidArgumentError("Give a function's name or ARN.");
  return value;
}

/** One original by itself does not show how much they differ. */
export function sampleSize(value: string): number {
  const size = positiveInteger(value);
  if (size < 2) throw new InvalidArgumentError('Give a whole number from 2 on.');
  return size;
}

/** As CloudFront gives it. */
export function distributionId(value: string): string {
  if (!/^[A-Za-z0-9-]{1,64}$/.test(value)) throw new InvalidArgumentError('Give the id of a CloudFront distribution, such as E2EXAMPLE1234.');
  return value;
}
