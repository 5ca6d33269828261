/**
 * Records what a corpus takes, for the test of --sample (test/cost/sample.test.ts): 600 originals of many sizes, formats
 * and contents are made from the photographs that the project ships, always the same ones, and their due variants by the
 * real pipeline. A quarter has only one of the levels due. Of each is kept what is listed, what is due, CPU seconds and
 * bytes of variants; the seconds are the least of several rounds over all, as other programs take part of the machine.
 *
 *     npm run record:corpus                 writes test/cost/known-corpus.json; up to half an hour
 *     npm run record:corpus -- 20 FILE      fewer, elsewhere
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { loadConfig } from '../../dist/config/load.js';
import { configureImageLibrary } from '../../dist/image/configure.js';
import { renderVariants } from '../../dist/image/render.js';
import { DEFAULT_LIMITS } from '../../dist/model/limits.js';
import { seeded } from './seeded.js';

const ROUNDS = 4;
const MEGAPIXELS = { median: 0.8, spread: 1, least: 0.04, most: 12 };
const GRAIN = /** @type {const} */ ({ width: 96, height: 96, channels: 3 });

/** @typedef {{ extension: string, format: 'jpeg' | 'png' | 'webp', share: number }} Kind */
/** @type {readonly Kind[]} */
const KINDS = [
  { extension: 'jpg', format: 'jpeg', share: 0.62 },
  { extension: 'JPEG', format: 'jpeg', share: 0.08 },
  { extension: 'png', format: 'png', share: 0.18 },
  { extension: 'webp', format: 'webp', share: 0.12 },
];

/** @typedef {{ extension: string, bytes: Buffer, due: readonly import('../../dist/model/spec.js').Spec[] }} Original */

const count = Number(process.argv[2] ?? 600);
const file = process.argv[3] ?? fileURLToPath(new URL('known-corpus.json', import.meta.url));
const { specs } = await loadConfig({ preset: 'levels', cwd: fileURLToPath(new URL('.', import.meta.url)) });
const photos = await photographs();
/** @type {Original[]} */
const originals = [];
for (let i = 0; i < count; i++) originals.push(await makeOriginal(seeded(i)));
console.error(`${count} originals, ${Math.round(originals.reduce((sum, { bytes }) => sum + bytes.length, 0) / 1e6)} MB`);

configureImageLibrary();
const taken = originals.map(() => ({ seconds: Number.POSITIVE_INFINITY, bytes: 0 }));
for (let round = 1; round <= ROUNDS; round++) {
  for (const [i, original] of originals.entries()) {
    const { seconds, bytes } = await take(original);
    taken[i] = { seconds: Math.min(seconds, taken[i]?.seconds ?? seconds), bytes };
  }
  console.error(`round ${round} of ${ROUNDS}`);
  await writeFile(file, recordOf());
}

/** One line for each original: extension, listed bytes, names of the due specs, CPU milliseconds, bytes of variants. */
function recordOf() {
  const lines = originals.map(({ extension, bytes, due }, i) =>
    JSON.stringify([extension, bytes.length, due.map(({ name }) => name), Number(((taken[i]?.seconds ?? 0) * 1000).toFixed(2)), taken[i]?.bytes]),
  );
  return `[\n${lines.join(',\n')}\n]\n`;
}

/** @param {Original} original */
async function take({ bytes, due }) {
  const before = process.cpuUsage();
  let made = 0;
  for await (const { specs: served, result } of renderVariants(bytes, due, DEFAULT_LIMITS)) {
    if (!('bytes' in result)) throw result;
    // Equal variants come once, and are written for each of their specs.
    made += result.bytes.length * served.length;
  }
  const { user, system } = process.cpuUsage(before);
  return { seconds: (user + system) / 1e6, bytes: made };
}

/**
 * A piece of a photograph, brought to a size that is often small and seldom large, softened or with grain, and saved as
 * people save them.
 *
 * @param {() => number} random
 * @returns {Promise<Original>}
 */
async function makeOriginal(random) {
  const photo = pick(photos, random);
  const part = { width: Math.ceil(photo.width * (0.4 + 0.6 * random())), height: Math.ceil(photo.height * (0.4 + 0.6 * random())) };
  const left = Math.floor(random() * (photo.width - part.width));
  const top = Math.floor(random() * (photo.height - part.height));
  const { median, spread, least, most } = MEGAPIXELS;
  const pixels = 1e6 * Math.min(most, Math.max(least, median * Math.exp(spread * normal(random))));
  const width = Math.round(Math.sqrt((pixels * part.width) / part.height));
  const height = Math.round(pixels / width);
  const { data, info } = await sharp(photo.bytes)
    .extract({ left, top, ...part })
    .resize(width, height, { fit: 'fill' })
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const strength = Math.round(40 * random() ** 2);
  const grain = { input: noise(strength, random), raw: GRAIN, tile: true };
  const { extension, format } = kindAt(random());
  const quality = Math.round(60 + 35 * random());
  const bytes = await sharp(data, { raw: info })
    .composite([{ ...grain, blend: 'overlay' }])
    .toFormat(format, format === 'png' ? {} : { quality })
    .toBuffer();
  const due = random() < 0.25 ? [pick(specs, random)] : specs;
  return { extension, bytes, due };
}

async function photographs() {
  const folder = fileURLToPath(new URL('../fixtures/photos/', import.meta.url));
  const names = (await readdir(folder)).sort();
  return Promise.all(
    names.map(async (name) => {
      const bytes = await readFile(`${folder}${name}`);
      const { width, height } = await sharp(bytes).metadata();
      return { bytes, width, height };
    }),
  );
}

/** Raw pixels around a gray that changes nothing. @param {number} strength of 256 @param {() => number} random */
function noise(strength, random) {
  const pixels = Buffer.alloc(GRAIN.width * GRAIN.height * GRAIN.channels);
  for (let i = 0; i < pixels.length; i++) pixels[i] = 128 + Math.round((random() - 0.5) * 2 * strength);
  return pixels;
}

/** @param {number} place from 0 to 1 */
function kindAt(place) {
  let before = 0;
  for (const kind of KINDS) {
    before += kind.share;
    if (place < before) return kind;
  }
  return /** @type {Kind} */ (KINDS[0]);
}

/** Normally distributed (Box-Muller). @param {() => number} random */
function normal(random) {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** @template T @param {readonly T[]} choices @param {() => number} random */
function pick(choices, random) {
  return /** @type {T} */ (choices[Math.floor(random() * choices.length)]);
}
