import sharp from 'sharp';

/** The specs of the preset that is used where nobody chose one. */
export const LEVELS = ['xlarge', 'large', 'medium', 'small', 'square-medium', 'square-small'];

const made = new Map<number, Promise<Buffer>>();

/** A small photograph, different for each seed below 256, and made once. */
export function photo(seed: number): Promise<Buffer> {
  const r = seed % 256;
  const known = made.get(r) ?? sharp({ create: { width: 64, height: 48, channels: 3, background: { r, g: 90, b: 160 } } }).jpeg().toBuffer();
  made.set(r, known);
  return known;
}
