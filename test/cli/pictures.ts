import sharp from 'sharp';

/** The specs of the preset that is used where nobody chose one. */
export const LEVELS = ['xlarge', 'large', 'medium', 'small', 'square-medium', 'square-small'];

/** A small photograph, different for each seed. */
export function photo(seed: number): Promise<Buffer> {
  return sharp({ create: { width: 64, height: 48, channels: 3, background: { r: seed % 256, g: 90, b: 160 } } }).jpeg().toBuffer();
}
