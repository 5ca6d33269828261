import type { Sharp } from 'sharp';
import type { Header } from './header.js';
import type { Recipe } from './recipe.js';
import { firstDirectory, textsOf } from './tiff-directory.js';

/** Lets pass what the recipe keeps; by itself sharp strips everything. The orientation is never kept: pixels are upright. */
export function keepMetadata(image: Sharp, recipe: Recipe, header: Header): Sharp {
  if (recipe.ownProfile) image.keepIccProfile();
  if (recipe.exif) image.keepExif();
  if (recipe.copyright) keepCopyright(image, header, recipe.exif);
  return image;
}

/** Artist and copyright of EXIF or of a TIFF file, creator and rights of XMP, and nothing else of either. */
function keepCopyright(image: Sharp, { tags, xmp }: Header, allExif: boolean): void {
  const said: Copyright = tags === undefined ? {} : copyrightOf(tags);
  if (!allExif && Object.keys(said).length > 0) image.withExif({ IFD0: said });
  const elements = [
    xmpElement(xmp, 'creator') ?? inUnicode(said.Artist, (text) => `<dc:creator><rdf:Seq><rdf:li>${text}</rdf:li></rdf:Seq></dc:creator>`),
    xmpElement(xmp, 'rights') ??
      inUnicode(said.Copyright, (text) => `<dc:rights><rdf:Alt><rdf:li xml:lang="x-default">${text}</rdf:li></rdf:Alt></dc:rights>`),
  ].join('');
  if (elements !== '') image.withXmp(xmpPacket(elements));
}

/** By the names that sharp gives EXIF's tags. */
type Copyright = { Artist?: string; Copyright?: string };

function copyrightOf(tags: Buffer): Copyright {
  const block = tags.toString('latin1', 0, 6) === 'Exif\0\0' ? tags.subarray(6) : tags;
  const directory = firstDirectory(block);
  const [artist] = textsOf(block, directory.get(0x013b));
  // The photographer's, and behind it the editor's. Source: EXIF 2.32, "Copyright".
  const copyright = textsOf(block, directory.get(0x8298)).slice(0, 2).join('; ');
  return { ...(artist && { Artist: artist }), ...(copyright && { Copyright: copyright }) };
}

/** An element of the original's XMP as it stands there. Found by a pattern, many beginnings with no end would take minutes. */
function xmpElement(xmp = '', name: string): string | undefined {
  const end = `</dc:${name}>`;
  const from = xmp.indexOf(`<dc:${name}>`);
  const to = xmp.indexOf(end, from);
  return from < 0 || to < 0 ? undefined : xmp.slice(from, to + end.length);
}

/** The library writes EXIF in ASCII only, so a name in other letters would be lost but for XMP. */
function inUnicode(text: string | undefined, element: (text: string) => string): string | undefined {
  if (text === undefined || /^[\x20-\x7e]*$/.test(text)) return undefined;
  return element(text.replace(/&/g, '&amp;').replace(/</g, '&lt;'));
}

function xmpPacket(elements: string): string {
  return (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">' +
    `<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">${elements}</rdf:Description>` +
    '</rdf:RDF></x:xmpmeta>'
  );
}
