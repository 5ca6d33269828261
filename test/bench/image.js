/**
 * What the variants of one photograph cost, our way and others', in CPU time of one thread. All in one run and
 * interleaved, so that a busy machine disturbs them alike; medians.
 *
 *     npm run bench:image                      three photographs made from one of the fixtures, to JPEG
 *     npm run bench:image -- webp              to WebP
 *     npm run bench:image -- a.jpg b.jpg       these files
 */
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { configureImageLibrary } from '../../dist/image/configure.js';
import { cpuOfCommands, imageMagick, imageMagickCommands, vipsThumbnail, vipsThumbnailCommands } from './commands.js';
import { likenesses } from './likeness.js';
import { photographs } from './photographs.js';
import { SEVEN } from './specs.js';
import { decodedOnce, ours, pipelineForEach, prepareFloor } from './ways.js';

const ROUNDS = 11;
/** Commands take long and vary little. */
const COMMAND_ROUNDS = 3;

const [first, ...others] = process.argv.slice(2);
if (first === '--memory' && others[0] !== undefined) await printMemory(others[0]);
else if (first === 'webp') await compare(others, 'webp');
else await compare(process.argv.slice(2), 'jpeg');

/**
 * @param {readonly string[]} files
 * @param {'jpeg' | 'webp'} format
 */
async function compare(files, format) {
  const specs = SEVEN.map((spec) => ({ ...spec, format }));
  const magick = imageMagick();
  const thumbnail = vipsThumbnail();
  console.log(`sharp ${sharp.versions.sharp}, libvips ${sharp.versions.vips}, Node ${process.version}, ${cpus()[0]?.model ?? 'unknown CPU'}`);
  console.log(`ImageMagick: ${magick?.version ?? 'not installed, skipped'}`);
  console.log(`vipsthumbnail: ${thumbnail?.version ?? 'not installed, skipped'}`);
  const originals = await photographs(files);
  configureImageLibrary();
  for (const photograph of originals) {
    const folder = await mkdtemp(join(tmpdir(), 'imgvar-bench-'));
    try {
      const file = join(folder, 'original.jpg');
      await writeFile(file, photograph.bytes);
      const floor = await prepareFloor(photograph, format);
      /** @type {Way[]} */
      const ways = [
        { name: 'imgvar', rounds: ROUNDS, cpu: () => cpuOf(() => ours(photograph.bytes, specs)) },
        { name: 'the floor: one decode and the encodes', rounds: ROUNDS, cpu: () => cpuOf(floor) },
        { name: 'sharp, decoded once, each resized from that', rounds: ROUNDS, cpu: () => cpuOf(() => decodedOnce(photograph.bytes, format)) },
        { name: 'sharp, one pipeline for each', rounds: ROUNDS, cpu: () => cpuOf(() => pipelineForEach(photograph.bytes, format)) },
      ];
      if (thumbnail !== undefined) {
        ways.push(commands('vipsthumbnail, one command for each', vipsThumbnailCommands(thumbnail.program, file, folder, format)));
      }
      if (magick !== undefined) {
        ways.push(commands('ImageMagick, one command for each', imageMagickCommands(magick.program, file, folder, format)));
      }
      console.log(`\n${photograph.name}: ${photograph.width}x${photograph.height}, ${Math.round(photograph.bytes.length / 1000)} kB`);
      printTimes(await medians(ways));
      console.log(`  peak memory of a process that does only this: ${memoryOf(file)} MB`);
      const likeness = await likenesses(photograph.bytes);
      console.log(`  SSIM to a resize from the full decode: ${likeness.map(({ name, ssim }) => `${name} ${ssim.toFixed(4)}`).join(', ')}`);
      console.log(`  the least: ${Math.min(...likeness.map(({ ssim }) => ssim)).toFixed(4)}`);
    } finally {
      await rm(folder, { recursive: true });
    }
  }
}

/** @typedef {{ name: string, rounds: number, cpu: () => Promise<number> }} Way */

/**
 * @param {string} name
 * @param {readonly (readonly string[])[]} words
 * @returns {Way}
 */
function commands(name, words) {
  return { name, rounds: COMMAND_ROUNDS, cpu: async () => cpuOfCommands(words) };
}

/**
 * CPU milliseconds of this process, all its threads.
 *
 * @param {() => Promise<unknown>} work
 */
async function cpuOf(work) {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** @param {readonly Way[]} ways */
async function medians(ways) {
  // Once for nothing: code gets compiled, memory gets mapped.
  for (const { rounds, cpu } of ways) if (rounds === ROUNDS) await cpu();
  const times = ways.map(() => /** @type {number[]} */ ([]));
  for (let round = 0; round < ROUNDS; round++) {
    for (let turn = 0; turn < ways.length; turn++) {
      // Each way in turn is first: nobody always comes after the same one.
      const i = (turn + round) % ways.length;
      const way = ways[i];
      if (way !== undefined && round < way.rounds) times[i]?.push(await way.cpu());
    }
  }
  return ways.map(({ name }, i) => ({ name, median: median(times[i] ?? []) }));
}

/** @param {number[]} values */
function median(values) {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** @param {readonly { name: string, median: number }[]} results */
function printTimes(results) {
  const own = results[0]?.median ?? Number.NaN;
  console.log(`  ${'CPU ms'.padStart(10)}  ${'of ours'.padStart(8)}`);
  for (const { name, median } of results) {
    console.log(`  ${median.toFixed(1).padStart(10)}  ${(median / own).toFixed(2).padStart(8)}  ${name}`);
  }
  const floor = results[1]?.median ?? Number.NaN;
  console.log(`  imgvar is ${(own / floor).toFixed(2)} of the floor`);
}

/**
 * Peak resident memory in MB of a process that makes the variants of this file several times.
 *
 * @param {string} file
 */
function memoryOf(file) {
  const { stdout, stderr, status } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), '--memory', file], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return stdout.trim();
}

/** @param {string} file */
async function printMemory(file) {
  configureImageLibrary();
  const bytes = await readFile(file);
  for (let i = 0; i < 10; i++) await ours(bytes);
  console.log(Math.round((await peakMemory()) / 1000));
}

/** In kB. What getrusage tells may be the parent's peak, which Linux hands down; the kernel's own figure is not. */
async function peakMemory() {
  const status = await readFile('/proc/self/status', 'utf8').catch(() => '');
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? process.resourceUsage().maxRSS);
}
