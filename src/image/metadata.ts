import type { Sharp } from 'sharp';
import type { Header } from './header.js';
import type { Recipe } from './recipe.js';
import { firstDirectory, textOf } from './tiff-directory.js';

const ARTIST = 0x013b;
const COPYRIGHT = 0x8298;

/** Lets pass what the recipe keeps; by itself sharp strips everything. The orientation is never kept: pixels are upright. */
export function keepMetadata(image: Sharp, recipe: Recipe, header: Header): Sharp {
  if (recipe.ownProfile) image.keepIccProfile();
  if (recipe.exif) image.keepExif();
  if (recipe.copyright) keepCopyright(image, header, !recipe.exif);
  return image;
}

/** Artist and copyright of the EXIF block, creator and rights of the XMP one, and nothing else of either. */
function keepCopyright(image: Sharp, { exif, xmp }: Header, alsoExif: boolean): void {
  const tags = exif === undefined ? {} : exifCopyright(exif);
  if (alsoExif && Object.keys(tags).length > 0) image.withExif({ IFD0: tags });
  const packet = xmp === undefined ? undefined : xmpCopyright(xmp);
  if (packet !== undefined) image.withXmp(packet);
}

function exifCopyright(exif: Buffer): Record<string, string> {
  const prefix = 'Exif\0\0';
  const block = exif.toString('latin1', 0, 6) === prefix ? exif.subarray(6) : exif;
  const directory = firstDirectory(block);
  const artist = textOf(block, directory.get(ARTIST));
  const copyright = textOf(block, directory.get(COPYRIGHT));
  return { ...(artist && { Artist: artist }), ...(copyright && { Copyright: copyright }) };
}

/** The two elements are taken over as they stand, in a packet of their own. */
function xmpCopyright(xmp: string): string | undefined {
  const elements = ['creator', 'rights']
    .map((name) => new RegExp(`<dc:${name}>[^]*?</dc:${name}>`).exec(xmp)?.[0])
    .filter((element) => element !== undefined);
  if (elements.length === 0) return undefined;
  return (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">' +
    `<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">${elements.join('')}</rdf:Description>` +
    '</rdf:RDF></x:xmpmeta>'
  );
}
