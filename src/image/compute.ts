import type { OutputInfo, Sharp } from 'sharp';
import type { Deadline } from './deadline.js';
import { failureOf } from './library-error.js';

/**
 * Runs a pipeline.
 *
 * @throws Failure `corrupt-image`, `too-many-pixels`, `timeout`
 */
export async function compute(image: Sharp, deadline: Deadline): Promise<{ data: Buffer; info: OutputInfo }> {
  try {
    return await deadline.hold((seconds) => image.timeout({ seconds }).toBuffer({ resolveWithObject: true }));
  } catch (error) {
    throw failureOf(error);
  }
}
