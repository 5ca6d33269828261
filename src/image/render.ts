import type { Limits } from '../model/limits.js';
import type { Spec } from '../model/spec.js';
import { Deadline } from './deadline.js';
import { readHeader } from './header.js';
import { identify } from './identify.js';
import { recipes } from './recipe.js';
import type { RenderResult } from './rendered.js';
import { shares } from './share.js';
import { variant } from './variant.js';

export type { ContentFormat, Rendered, RenderResult } from './rendered.js';

/**
 * Makes variants of one original: one decode, all specs. Yields each result as soon as it is encoded; specs that ask for
 * the same pixels with the same options come together.
 *
 * @param input the original's content
 * @throws Failure when the original itself cannot be worked on: `empty-original`, `unsupported-format`, `corrupt-image`,
 *   `too-many-pixels` (known from the header, before anything is decoded) or `timeout`. What only one variant cannot be
 *   is its result instead.
 */
export async function* renderVariants(
  input: Buffer,
  specs: readonly Spec[],
  limits: Limits,
): AsyncGenerator<RenderResult> {
  const deadline = new Deadline(limits.seconds);
  const format = identify(input, limits.allow);
  const header = await readHeader(input, format, limits, deadline);
  for await (const { specs: served, recipe, pixels } of shares(input, header, recipes(header, specs), limits, deadline)) {
    yield { specs: served, result: await variant(pixels, recipe, header, limits, deadline) };
  }
}
