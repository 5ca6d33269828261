import sharp from 'sharp';

/**
 * Sets up the image library for a process that works on one original at a time; call it once, before any work.
 *
 * - One thread for each pipeline: the cores are shared among worker processes, and more threads here would only contend.
 * - No cache of operations: every original is seen once, so a cache would hold memory and never hit.
 * - No other loader than those of accepted formats. identify() refuses the rest by their content already; this holds
 *   even if it were mistaken.
 * - A JPEG with a gain map, as phones write them for bright screens, is read as any other: the loader that the library has
 *   for it holds the whole image, and drops the XMP block.
 */
export function configureImageLibrary(): void {
  sharp.concurrency(1);
  sharp.cache(false);
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({
    operation: ['Jpeg', 'Png', 'Webp', 'Nsgif', 'Heif', 'Tiff', 'Svg'].map((name) => `VipsForeignLoad${name}`),
  });
}
