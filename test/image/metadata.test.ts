import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import type { Keep } from '../../src/model/spec.js';
import { exifBlock, ORIENTATION, withExif, withSegment } from '../corpus/jpeg.js';
import { CORNERS, corners } from '../corpus/pictures.js';
import { planarTiff } from '../corpus/planar-tiff.js';
import { distance, named, pixelsOf, renderAll, renderOne, renderShared } from './making.js';

const MODEL = 0x0110;
const ARTIST = 0x013b;
const COPYRIGHT = 0x8298;

const XMP =
  '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">' +
  '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:exif="http://ns.adobe.com/exif/1.0/">' +
  '<exif:GPSLatitude>48,12N</exif:GPSLatitude>' +
  '<dc:creator><rdf:Seq><rdf:li>Ada</rdf:li></rdf:Seq></dc:creator>' +
  '<dc:rights><rdf:Alt><rdf:li xml:lang="x-default">© Ada</rdf:li></rdf:Alt></dc:rights>' +
  '</rdf:Description></rdf:RDF></x:xmpmeta>';

/** Lies on its side, made by a camera that tells who and with what. */
async function telling(): Promise<Buffer> {
  const upright = await corners(60, 40).raw().toBuffer({ resolveWithObject: true });
  const stored = await sharp(upright.data, { raw: upright.info }).rotate(270).jpeg({ quality: 95, chromaSubsampling: '4:4:4' }).toBuffer();
  const exif = withExif(stored, exifBlock({ [MODEL]: 'Secret Phone 9', [ORIENTATION]: 6, [ARTIST]: 'Ada', [COPYRIGHT]: '© Ada 2026' }));
  return withSegment(exif, 0xe1, Buffer.from(`http://ns.adobe.com/xap/1.0/\0${XMP}`, 'utf8'));
}

async function keeping(keep: readonly Keep[], make = renderOne) {
  const { bytes } = await make(await telling(), { width: 30, height: 30, format: 'jpeg', quality: 95, keep });
  const { exif, xmpAsString, orientation, icc } = await sharp(bytes).metadata();
  return { bytes, exif: exif?.toString('utf8') ?? '', xmp: xmpAsString ?? '', orientation, icc };
}

describe.each([
  ['alone', renderOne],
  ['from shared pixels', renderShared],
])('a variant made %s', (_, make) => {
  test('keeps nothing by itself', async () => {
    const { bytes, exif, xmp, orientation, icc } = await keeping([], make);
    expect({ exif, xmp, orientation, icc }).toEqual({ exif: '', xmp: '', orientation: undefined, icc: undefined });
    expect(bytes.toString('latin1')).not.toMatch(/Secret|Ada|Exif|xap/);
  });

  test('keeps copyright and artist, and nothing else of EXIF and XMP', async () => {
    const { bytes, exif, xmp } = await keeping(['copyright'], make);
    // EXIF is ASCII.
    expect(exif).toContain('(C) Ada 2026');
    expect(xmp).toContain('<dc:creator>');
    expect(xmp).toContain('© Ada');
    expect(bytes.toString('latin1')).not.toMatch(/Secret|GPS|48,12/);
  });

  test('keeps EXIF, but not the orientation, as its pixels are upright', async () => {
    const { bytes, exif, xmp, orientation } = await keeping(['exif'], make);
    expect(exif).toContain('Secret Phone 9');
    expect(xmp).toBe('');
    expect(orientation ?? 1).toBe(1);
    const { at, width, height } = await pixelsOf(bytes);
    expect([width, height]).toEqual([30, 20]);
    expect(distance(at(0.2, 0.2), CORNERS.topLeft)).toBeLessThan(12);
    expect(distance(at(0.8, 0.2), CORNERS.topRight)).toBeLessThan(12);
  });
});

test('each variant keeps what its own spec says', async () => {
  const made = await renderAll(await telling(), [
    named('all', { width: 30, format: 'jpeg', keep: ['exif', 'copyright'] }),
    named('some', { width: 30, format: 'jpeg', keep: ['copyright'] }),
    named('none', { width: 30, format: 'jpeg' }),
  ]);
  const texts = [made.all, made.some, made.none].map(({ bytes }) => bytes.toString('latin1'));
  expect(texts.map((text) => text.includes('Secret'))).toEqual([true, false, false]);
  expect(texts.map((text) => text.includes('Ada 2026'))).toEqual([true, true, false]);
  expect(texts.map((text) => text.includes('dc:rights'))).toEqual([true, true, false]);
});

test('webp, png and avif can keep it as well', async () => {
  for (const format of ['webp', 'png', 'avif'] as const) {
    const { bytes } = await renderOne(await telling(), { width: 30, format, keep: ['copyright'] });
    expect((await sharp(bytes).metadata()).exif?.toString('utf8'), format).toContain('(C) Ada 2026');
  }
});

test('a name in other letters than EXIF has goes into XMP', async () => {
  const plain = await corners(60, 40).jpeg().toBuffer();
  const original = withExif(plain, exifBlock({ [ARTIST]: '葛飾 <北斎>', [COPYRIGHT]: 'public domain' }));
  const { bytes } = await renderOne(original, { width: 30, keep: ['copyright'] });
  const { exif, xmpAsString } = await sharp(bytes).metadata();
  expect(exif?.toString('latin1')).toContain('public domain');
  expect(xmpAsString).toContain('<rdf:li>葛飾 &lt;北斎></rdf:li>');
  expect(xmpAsString).not.toContain('dc:rights');
});

test('of a copyright both parts are kept, and what an older program wrote in Latin-1', async () => {
  const plain = await corners(60, 40).jpeg().toBuffer();
  const kept = async (copyright: string, encoding: 'utf8' | 'latin1') => {
    const original = withExif(plain, exifBlock({ [ARTIST]: 'José', [COPYRIGHT]: copyright }, encoding));
    const { bytes } = await renderOne(original, { width: 30, keep: ['copyright'] });
    return (await sharp(bytes).metadata()).xmpAsString ?? '';
  };
  expect(await kept('© José', 'latin1')).toMatch(/<rdf:li>José<.*>© José</s);
  expect(await kept('© José', 'utf8')).toMatch(/<rdf:li>José<.*>© José</s);
  expect(await kept('© Ada\0© Agency', 'utf8')).toContain('>© Ada; © Agency<');
  expect(await kept(' \0© Agency', 'utf8')).toContain('>© Agency<');
});

test('of XMP the first element that ends is kept, whatever is left open', async () => {
  const open = '<dc:creator>'.repeat(90_000);
  const original = (xmp: string) => corners(60, 40).webp().withXmp(xmp).toBuffer();
  const kept = async (xmp: string) => (await sharp((await renderOne(await original(xmp), { width: 30, keep: ['copyright'] })).bytes).metadata()).xmpAsString ?? '';
  // Two elements that end are there, and are kept; of a megabyte of beginnings nothing is.
  expect(await kept(XMP.replace('</dc:rights>', `</dc:rights>${open}`))).toMatch(/<dc:creator>.*Ada.*<\/dc:creator><dc:rights>.*© Ada.*<\/dc:rights>/);
  expect(await kept(XMP.replace(/<dc:creator>.*<\/dc:creator>/, open))).toMatch(/^(?!.*dc:creator).*© Ada/s);
  expect(await kept(open)).toBe('');
});

describe('a TIFF original', () => {
  const telling = (texts: Readonly<Record<number, string>>) => planarTiff({ width: 60, height: 40, channels: 3, bits: 8, texts });

  test('has artist and copyright in its own directory, and nothing else of it is kept', async () => {
    const original = telling({ [MODEL]: 'Secret Scanner 9', [ARTIST]: 'Ada', [COPYRIGHT]: '© Ada 2026' });
    for (const make of [renderOne, renderShared]) {
      const { bytes } = await make(original, { width: 30, keep: ['copyright'] });
      const { exif, xmpAsString } = await sharp(bytes).metadata();
      expect(exif?.toString('latin1')).toMatch(/Ada[^]*\(C\) Ada 2026/);
      expect(xmpAsString).toContain('© Ada 2026');
      expect(bytes.toString('latin1')).not.toContain('Secret');
      expect((await make(original, { width: 30 })).bytes.toString('latin1')).not.toMatch(/Ada|Exif/);
    }
  });

  test('has no text that is as long as a picture', async () => {
    const kept = async (length: number) => (await renderOne(telling({ [COPYRIGHT]: 'C'.repeat(length) }), { width: 30, format: 'webp', keep: ['copyright'] })).bytes.includes('CCC');
    expect([await kept(29_999), await kept(30_000)]).toEqual([true, false]);
  });

  test('keeps what its XMP says', async () => {
    const { bytes } = await renderOne(await corners(60, 40).withXmp(XMP).tiff().toBuffer(), { width: 30, keep: ['copyright'] });
    expect((await sharp(bytes).metadata()).xmpAsString).toMatch(/^(?!.*GPS).*<dc:creator>.*© Ada/s);
  });
});
