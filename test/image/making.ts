import sharp from 'sharp';
import { renderVariants, type Rendered } from '../../src/image/render.js';
import { Failure } from '../../src/model/failure.js';
import { DEFAULT_LIMITS, type Limits } from '../../src/model/limits.js';
import type { Spec } from '../../src/model/spec.js';
import { collect, spec } from '../support.js';

/** A spec of no size: the variant is as large as the original. */
export const WHOLE: Partial<Spec> = { width: null, height: null };

/** All variants by the names of their specs. */
export async function render(
  original: Buffer,
  specs: readonly Spec[],
  limits: Limits = DEFAULT_LIMITS,
): Promise<Record<string, Rendered | Failure>> {
  const results = await collect(renderVariants(original, specs, limits));
  return Object.fromEntries(results.flatMap(({ specs: served, result }) => served.map(({ name }) => [name, result])));
}

/** The same, where every variant is to be made. */
export async function renderAll<Name extends string>(
  original: Buffer,
  specs: readonly (Spec & { readonly name: Name })[],
  limits?: Limits,
): Promise<Record<Name, Rendered>> {
  const results = await render(original, specs, limits);
  const made = Object.entries(results).map(([name, result]) => {
    if (result instanceof Failure) throw result;
    return [name, result] as const;
  });
  return Object.fromEntries(made) as Record<Name, Rendered>;
}

/** The only variant that these fields ask for. */
export async function renderOne(original: Buffer, fields: Partial<Spec>, limits = DEFAULT_LIMITS): Promise<Rendered> {
  return (await renderAll(original, [named('one', fields)], limits)).one;
}

/** The variant as one of several, so that it comes from shared pixels and not straight from the original. */
export async function renderShared(original: Buffer, fields: Partial<Spec>): Promise<Rendered> {
  return (await renderAll(original, [named('one', fields), named('other', { width: 7, height: 7, format: 'png' })])).one;
}

/** A spec whose name the compiler knows, so that its variant can be asked for. */
export function named<Name extends string>(name: Name, fields: Partial<Spec> = {}): Spec & { readonly name: Name } {
  return { ...spec(name, fields), name };
}

/** What stops the work on this original. */
export async function failureOf(original: Buffer, limits = DEFAULT_LIMITS): Promise<Failure> {
  try {
    await render(original, [spec('one', WHOLE), spec('other', { width: 20 })], limits);
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error('did not fail');
}

export interface Pixels {
  readonly data: Buffer;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  /** The channels of one pixel; x and y from 0 to 1. */
  at(x: number, y: number): readonly number[];
}

/** The pixels that a viewer shows which knows nothing of profiles and orientation. */
export async function pixelsOf(bytes: Buffer, page = 0): Promise<Pixels> {
  const { data, info } = await sharp(bytes, { page, ignoreIcc: true }).raw().toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const at = (x: number, y: number) => {
    const start = (Math.floor(y * height) * width + Math.floor(x * width)) * channels;
    return [...data.subarray(start, start + channels)];
  };
  return { data, width, height, channels, at };
}

/** The largest difference between the channels of two colours or pictures; `a` may have an alpha channel more. */
export function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length < b.length) return Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let i = 0; i < b.length; i++) largest = Math.max(largest, Math.abs((a[i] ?? 0) - (b[i] ?? 0)));
  return largest;
}
