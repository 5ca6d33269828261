/**
 * What the largest originals that are accepted take of memory, one for each decoder that holds all of an image: flat pictures at
 * the default limit, each made into one small variant by the built program.
 *
 *     npm run fuzz:largest        some minutes, 4 GB of memory
 */
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { measured } from '../bench/measure.js';
import { planarTiff } from '../corpus/planar-tiff.js';

const BIN = fileURLToPath(new URL('../../bin/imgvar.js', import.meta.url));
const CONFIG = { specs: { small: { width: 400, format: 'jpeg' } } };

const DEEP_AVIF = fileURLToPath(new URL('../fixtures/deep.avif', import.meta.url));

/** @type {readonly { name: string, side: number, save: (image: import('sharp').Sharp, side: number) => import('sharp').Sharp | Buffer | Promise<Buffer> }[]} */
const KINDS = [
  { name: 'baseline.jpg', side: 16_383, save: (image) => image.jpeg() },
  { name: 'progressive.jpg', side: 16_383, save: (image) => image.jpeg({ progressive: true, chromaSubsampling: '4:4:4' }) },
  { name: 'progressive-cmyk.jpg', side: 14_188, save: (image) => image.toColourspace('cmyk').jpeg({ progressive: true, chromaSubsampling: '4:4:4' }) },
  { name: 'interlaced.png', side: 16_383, save: (image) => image.png({ progressive: true }) },
  { name: 'interlaced-rgba16.png', side: 14_188, save: (image) => image.ensureAlpha(0.5).toColourspace('rgb16').png({ progressive: true }) },
  { name: 'planes-rgba8.tiff', side: 16_383, save: (_, side) => planarTiff({ width: side, height: side, channels: 4, bits: 8 }) },
  { name: 'planes-rgb16.tiff', side: 14_188, save: (_, side) => planarTiff({ width: side, height: side, channels: 3, bits: 16 }) },
  { name: 'planes-rgb32.tiff', side: 10_032, save: (_, side) => planarTiff({ width: side, height: side, channels: 3, bits: 32 }) },
  { name: 'one.gif', side: 16_383, save: (image) => image.gif({ effort: 1 }) },
  { name: 'one.webp', side: 13_376, save: (image) => image.webp({ effort: 0 }) },
  { name: 'one.avif', side: 9_458, save: (image) => image.avif({ effort: 0 }) },
  // Of 10 bits, which sharp does not write.
  { name: 'deep.avif', side: 8_191, save: () => readFile(DEEP_AVIF) },
];

const scratch = await mkdtemp(join(tmpdir(), 'imgvar-largest-'));
try {
  const config = join(scratch, 'imgvar.config.json');
  await writeFile(config, JSON.stringify(CONFIG));
  for (const { name, side, save } of KINDS) {
    const [from, to] = [join(scratch, `${name}-originals`), join(scratch, `${name}-variants`)];
    await mkdir(from);
    const flat = sharp({ create: { width: side, height: side, channels: 3, background: '#888' }, limitInputPixels: false });
    const saved = await save(flat, side);
    if (Buffer.isBuffer(saved)) await writeFile(join(from, name), saved);
    else await saved.toFile(join(from, name));
    const { size } = await stat(join(from, name));
    const { seconds, peakMb } = await measured(`'${process.execPath}' '${BIN}' reprocess '${from}' '${to}' --config '${config}' --quiet`);
    console.log(`${name}: ${side} x ${side}, ${Math.ceil(size / 1000)} kB, took ${seconds.toFixed(1)} s and ${peakMb.toFixed(0)} MB, ${((peakMb * 1e6) / side ** 2).toFixed(1)} bytes a pixel`);
    await rm(from, { recursive: true });
  }
} finally {
  await rm(scratch, { recursive: true });
}
