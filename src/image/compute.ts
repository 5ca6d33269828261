import type { OutputInfo, Sharp } from 'sharp';
import type { Deadline } from './deadline.js';
import { failureOf } from './library-error.js';

/**
 * Builds a pipeline and runs it; the library may refuse what an image holds while it is built, before a pixel is read.
 *
 * @throws Failure `corrupt-image`, `too-many-pixels`, `timeout`
 */
export async function compute(build: () => Sharp | Promise<Sharp>, deadline: Deadline): Promise<{ data: Buffer; info: OutputInfo }> {
  try {
    const image = await build();
    return await deadline.hold((seconds) => image.timeout({ seconds }).toBuffer({ resolveWithObject: true }));
  } catch (error) {
    throw failureOf(error);
  }
}
