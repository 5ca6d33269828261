import type { Sharp } from 'sharp';
import type { Header } from './header.js';
import type { Encoding } from './recipe.js';

/** Sets the encoder; what is not chosen is sharp's default (jpeg and webp quality 80, avif 50). */
export function encode(image: Sharp, encoding: Encoding, timing: Header['timing']): Sharp {
  const { format, lossless, progressive } = encoding;
  const quality = encoding.quality ?? undefined;
  const effort = encoding.effort ?? undefined;
  switch (format) {
    case 'jpeg':
      return image.jpeg({ quality, progressive });
    case 'webp':
      return image.webp({ quality, effort, lossless, ...timing });
    case 'avif':
      return image.avif({ quality, effort, lossless });
    case 'gif':
      return image.gif({ effort, ...timing });
    case 'png':
      // sharp's own effort would reduce the image to a palette; for us PNG stays exact and effort is zlib's (0 to 9).
      // Filters chosen for each line make photographs a quarter to a third smaller, for a little more CPU.
      return image.png({ progressive, compressionLevel: encoding.effort === null ? undefined : encoding.effort - 1, adaptiveFiltering: true });
  }
}
