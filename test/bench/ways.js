import sharp from 'sharp';
import { renderVariants } from '../../dist/image/render.js';
import { Failure } from '../../dist/model/failure.js';
import { DEFAULT_LIMITS } from '../../dist/model/limits.js';
import { QUALITY, SEVEN } from './specs.js';

/** @typedef {import('./photographs.js').Photograph} Photograph */
/** @typedef {import('../../dist/image/render.js').Rendered} Rendered */

/**
 * Our way: all variants from one call. Equal ones come once.
 *
 * @param {Buffer} bytes
 * @param {typeof SEVEN} specs
 */
export async function ours(bytes, specs = SEVEN) {
  /** @type {{ spec: (typeof SEVEN)[number], variant: Rendered }[]} */
  const made = [];
  for await (const { specs: served, result } of renderVariants(bytes, specs, DEFAULT_LIMITS)) {
    if (result instanceof Failure) throw result;
    const [spec] = served;
    if (spec !== undefined) made.push({ spec, variant: result });
  }
  return made;
}

/**
 * What others do: one sharp pipeline for each variant.
 *
 * @param {Buffer} bytes
 * @param {'jpeg' | 'webp'} format
 */
export async function pipelineForEach(bytes, format) {
  for (const { width, height, fit } of SEVEN) {
    await sharp(bytes)
      .rotate()
      .resize({ width: width ?? undefined, height: height ?? undefined, fit, withoutEnlargement: true })
      .toFormat(format, { quality: QUALITY })
      .toBuffer();
  }
}

/**
 * As simple as one decode can be: to the pixels of the largest variant, and every other one resized from these.
 *
 * @param {Buffer} bytes
 * @param {'jpeg' | 'webp'} format
 */
export async function decodedOnce(bytes, format) {
  const largest = Math.max(...SEVEN.filter(({ fit }) => fit === 'inside').map((spec) => spec.width ?? 0));
  const { data, info } = await sharp(bytes)
    .autoOrient()
    .resize({ width: largest, height: largest, fit: 'inside', withoutEnlargement: true })
    .raw()
    .toBuffer({ resolveWithObject: true });
  for (const { width, height, fit } of SEVEN) {
    await sharp(data, { raw: info })
      .resize({ width: width ?? undefined, height: height ?? undefined, fit, withoutEnlargement: true })
      .toFormat(format, { quality: QUALITY })
      .toBuffer();
  }
}

/**
 * What no way can do without: one decode that shrinks on load, to the pixels of the largest variant, and the encodes of
 * the distinct variants from pixels that are there already. No other resize.
 *
 * @param {Photograph} photograph
 * @param {'jpeg' | 'webp'} format
 */
export async function prepareFloor({ bytes, width, height }, format) {
  const variants = await Promise.all(
    (await ours(bytes)).map(({ variant }) => sharp(variant.bytes).raw().toBuffer({ resolveWithObject: true })),
  );
  const largest = Math.max(...SEVEN.filter(({ fit }) => fit === 'inside').map((spec) => spec.width ?? 0));
  const { data, info } = await sharp({ create: { width, height, channels: 3, background: '#000' } })
    .resize({ width: largest, height: largest, fit: 'inside', withoutEnlargement: true })
    .raw()
    .toBuffer({ resolveWithObject: true });
  if (data.length === 0) throw new Error('no pixels');
  return async () => {
    await sharp(bytes).autoOrient().resize({ width: info.width, height: info.height, fit: 'fill' }).raw().toBuffer();
    for (const pixels of variants) await sharp(pixels.data, { raw: pixels.info }).toFormat(format, { quality: QUALITY }).toBuffer();
  };
}
