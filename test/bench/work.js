/**
 * What making variants costs, in the terms of the cost model's defaults (src/cost/expected.ts): nanoseconds of one core
 * for each pixel read, and for each pixel written in a format, and bytes for each pixel of a format. Medians, over the
 * photographs that the project ships and three enlarged ones.
 *
 *     npm run bench:work
 */
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { configureImageLibrary } from '../../dist/image/configure.js';
import { photographs } from './photographs.js';
import { SEVEN } from './specs.js';
import { ours } from './ways.js';

const ROUNDS = 5;
const FORMATS = /** @type {const} */ (['jpeg', 'webp', 'avif', 'png']);

configureImageLibrary();
const folder = fileURLToPath(new URL('../fixtures/photos/', import.meta.url));
const shipped = await Promise.all((await readdir(folder)).map(async (name) => ({ name, bytes: await readFile(`${folder}${name}`) })));
const enlarged = await photographs([]);
const names = [...shipped, ...enlarged];

/** @type {Record<string, number[]>} */
const nsWritten = {};
/** @type {Record<string, number[]>} */
const bytesWritten = {};
const [tiny] = SEVEN.slice(-1);
if (tiny === undefined) throw new Error('no specs');
for (const { name, bytes } of names) {
  const { width, height, format } = await sharp(bytes).metadata();
  const pixels = width * height;
  const reading = await median(() => cpuOf(() => ours(bytes, [tiny])));
  console.log(`${name}: ${format} ${width}x${height}, ${(bytes.length / pixels).toFixed(2)} bytes a pixel, read ${(reading / pixels).toFixed(1)} ns a pixel`);
  for (const to of FORMATS) {
    const specs = SEVEN.map((spec) => ({ ...spec, format: to }));
    const made = await ours(bytes, specs);
    const out = made.reduce((sum, { variant }) => sum + variant.width * variant.height, 0);
    const size = made.reduce((sum, { variant }) => sum + variant.bytes.length, 0);
    const all = await median(() => cpuOf(() => ours(bytes, specs)), to === 'avif' ? 1 : ROUNDS);
    (nsWritten[to] ??= []).push((all - reading) / out);
    (bytesWritten[to] ??= []).push(size / out);
  }
}
for (const to of FORMATS) {
  console.log(`${to}: ${middle(nsWritten[to]).toFixed(1)} ns and ${middle(bytesWritten[to]).toFixed(3)} bytes a pixel written  (${list(nsWritten[to])}; ${list(bytesWritten[to])})`);
}

/** @param {() => Promise<unknown>} work @returns nanoseconds */
async function cpuOf(work) {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) * 1000;
}

/** @param {() => Promise<number>} measure */
async function median(measure, rounds = ROUNDS) {
  const figures = [];
  for (let round = 0; round < rounds; round++) figures.push(await measure());
  return middle(figures);
}

/** @param {readonly number[] | undefined} figures */
function middle(figures = []) {
  return [...figures].sort((a, b) => a - b)[Math.floor(figures.length / 2)] ?? NaN;
}

/** @param {readonly number[] | undefined} figures */
function list(figures = []) {
  return figures.map((figure) => figure.toFixed(2)).join(' ');
}
