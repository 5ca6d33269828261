import { describe, expect, test } from 'vitest';
import { identify } from '../../src/image/identify.js';
import { Failure } from '../../src/model/failure.js';
import { exifBlock } from '../corpus/jpeg.js';

function refusal(bytes: Buffer): string {
  try {
    identify(bytes, []);
  } catch (error) {
    if (error instanceof Failure) return `${error.code}: ${error.detail}`;
    throw error;
  }
  return 'accepted';
}

/** An ISO media file's first box. */
function media(...brands: string[]): Buffer {
  const [major = '', ...others] = brands;
  const content = `ftyp${major}\0\0\0\0${others.join('')}`;
  const size = Buffer.alloc(4);
  size.writeUInt32BE(content.length + 4);
  return Buffer.concat([size, Buffer.from(content, 'latin1'), Buffer.alloc(16)]);
}

describe('identify', () => {
  test.each([
    ['HEIC (HEVC)', media('heic', 'mif1', 'heic')],
    ['HEIC (HEVC)', media('mif1', 'mif1', 'heic')],
    ['HEIC (HEVC)', media('hevc', 'hevc')],
    ['HEIF', media('mif1', 'mif1')],
    ['MP4 video', media('isom', 'isom', 'mp41')],
    ['QuickTime video', media('qt  ', 'qt  ')],
    ['camera raw', media('crx ', 'crx ')],
    ['camera raw', Buffer.from('II*\0\x10\0\0\0CR\x02\0\0\0\0\0', 'latin1')],
    // A DNG by its version; a preview by its kind.
    ['camera raw', exifBlock({ 0xc612: 1 })],
    ['camera raw', exifBlock({ 0x00fe: 1 })],
    ['JPEG XL', Buffer.from('\xff\x0a rest', 'latin1')],
    ['JPEG 2000', Buffer.from('\0\0\0\x0cjP  \r\n\x87\n', 'latin1')],
    ['BMP', Buffer.from('BM rest')],
    ['ICO', Buffer.from('\0\0\x01\0 rest', 'latin1')],
    ['Photoshop (PSD)', Buffer.from('8BPS rest')],
    ['PDF', Buffer.from('%PDF-1.4')],
    ['PostScript', Buffer.from('%!PS-Adobe')],
    ['RIFF (not WebP)', Buffer.from('RIFF\0\0\0\0WAVE', 'latin1')],
    ['ZIP archive', Buffer.from('PK\x03\x04', 'latin1')],
    ['HTML', Buffer.from('\ufeff  <html lang="en">')],
    ['XML', Buffer.from('<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>')],
    ['JSON', Buffer.from('{"message":"not found"}')],
    ['SVG', Buffer.from('<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "b">]><!-- c --><svg:svg xmlns:svg="…"/>')],
    ['unknown content', Buffer.from([1])],
  ])('%s', (name, bytes) => {
    expect(refusal(bytes)).toBe(`unsupported-format: ${name}`);
  });

  test('nothing at all is empty', () => {
    expect(refusal(Buffer.alloc(0))).toBe('empty-original: ');
  });

  test('AVIF is told from HEIC, whichever brand comes first', () => {
    expect(identify(media('avif', 'mif1', 'miaf'), [])).toBe('avif');
    expect(identify(media('mif1', 'miaf', 'avif'), [])).toBe('avif');
  });

  test.each([
    ['jpeg', '\xff\xd8\xff\xe1'],
    ['png', '\x89PNG\r\n\x1a\n'],
    ['gif', 'GIF87a'],
    ['gif', 'GIF89a'],
    ['webp', 'RIFF\x10\0\0\0WEBP'],
    ['tiff', 'II*\0\x08\0\0\0'],
    ['tiff', 'MM\0*\0\0\0\x08'],
    ['tiff', 'MM\0+\0\x08\0\0'],
  ])('%s by its first bytes', (format, head) => {
    expect(identify(Buffer.from(head, 'latin1'), [])).toBe(format);
  });

  test('SVG only where it is allowed', () => {
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>');
    expect(refusal(svg)).toBe('unsupported-format: SVG');
    expect(identify(svg, ['svg'])).toBe('svg');
    expect(refusal(Buffer.from('<svgx/>'))).toBe('unsupported-format: XML');
  });

  test.each([
    ['\ufeff \n<!-- <html> --><?xml version="1.0"?>\n<!-- > --><svg>', true],
    ['<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "svg11.dtd">\n<SVG/>', true],
    ['<!DOCTYPE svg [<!ENTITY a "]>"> ]><svg/>', false],
    ['<!DOCTYPE svg [<!-- ]> --><!ENTITY a "b"> <?p ]> ?>] ><svg/>', true],
    ['<!DOCTYPE svg [ ><svg/>', true],
    ['<!DOCTYPE svg ><!doctype svg []><svg\n/>', true],
    ['<!DOCTYPE svg <svg/>', false],
    ['<!-- <svg/>', false],
    ['<!--><svg/>', false],
    ['<?xml <svg/>', false],
    ['text <svg/>', false],
    ['<!-- --><?x?><html><svg/>', false],
    [`<!--${' '.repeat(4_080)}--><svg/>`, true],
    [`<!--${' '.repeat(4_096)}--><svg/>`, false],
  ])('SVG behind what may stand before it: %j is %s', (text, is) => {
    expect(refusal(Buffer.from(text)) === 'unsupported-format: SVG').toBe(is);
  });

  test.each(['<!doctype', '<!doctype[', '<!doctype[>', '<!doctype[]', '<!--', '<?', '<!doctype svg>'])('of %s again and again it is told at once that it is no SVG', (text) => {
    expect(refusal(Buffer.from(text.repeat(4_096)))).toMatch(/^unsupported-format: (HTML|XML|text)$/);
  });
});
