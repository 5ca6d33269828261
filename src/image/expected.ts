import sharp from 'sharp';
import type { Limits } from '../model/limits.js';
import type { Spec } from '../model/spec.js';
import { compute } from './compute.js';
import { Deadline } from './deadline.js';
import type { Size } from './geometry.js';
import { inputOptions, readHeader } from './header.js';
import { identify, type InputFormat } from './identify.js';
import { recipes } from './recipe.js';
import type { ContentFormat } from './rendered.js';

/** What a variant is to be, as far as it can be told without making it. */
export interface Expected extends Size {
  readonly format: ContentFormat;
}

/**
 * What the variants of an original are to be; nothing of it is decoded but its header.
 *
 * @throws Failure as `renderVariants`
 */
export async function expectedVariants(input: Buffer, specs: readonly Spec[], limits: Limits): Promise<ReadonlyMap<Spec, Expected>> {
  const header = await readHeader(input, identify(input, limits.allow), limits, new Deadline(limits.seconds));
  return new Map(recipes(header, specs).flatMap(({ recipe, specs: served }) => served.map((spec) => [spec, { format: recipe.encoding.format, ...recipe.geometry.result }] as const)));
}

/** A picture of which nothing but its header is decoded yet. */
export interface Opened extends Size {
  readonly format: InputFormat;
  /** Decodes every pixel. @throws Failure `corrupt-image` for one that is damaged or ends too early, `timeout` */
  decode(): Promise<void>;
}

/**
 * What a variant is. It may have as many pixels as an original of any format, which it was made from: of variants none
 * counts more than once, else large ones could be made and never be checked.
 *
 * @throws Failure as `renderVariants`
 */
export async function openedVariant(content: Buffer, limits: Limits): Promise<Opened> {
  const deadline = new Deadline(limits.seconds);
  const format = identify(content, limits.allow);
  const { size } = await readHeader(content, format, limits, deadline, () => 1);
  const pages = format === 'gif' || format === 'webp' ? -1 : 1;
  return {
    ...size,
    format,
    async decode() {
      // The average of all pixels of all frames: the smallest result that needs every one of them.
      await compute(() => sharp(content, { ...inputOptions(limits), pages }).resize(1, 1, { fit: 'fill' }).raw(), deadline);
    },
  };
}
