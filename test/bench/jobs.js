/**
 * The whole job, from a folder of originals to a folder of seven variants of each: imgvar, and what people use in its place.
 * `test/bench/install.sh` fetches the others and the photographs. Interleaved, each with all cores; CPU is that of all processes.
 *
 *     npm run bench                      three mixes, as JPEG and as WebP: forty to sixty minutes on two quiet cores
 *     npm run bench -- small jpeg        one mix, one format
 */
import { link, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import process from 'node:process';
import { measured } from './measure.js';
import { filesOf, MIXES } from './mixes.js';
import { outputsOf } from './outputs.js';
import { peers } from './peers.js';
import { SEVEN } from './specs.js';

const FORMATS = /** @type {const} */ (['jpeg', 'webp']);
/** So many originals are looked at, as to how alike the variants are; that takes longer than making them. */
const LOOKED = 1;

const wanted = process.argv.slice(2);
const ways = peers();
console.log(`Node ${process.version}, ${cpus()[0]?.model ?? 'unknown CPU'}, ${availableParallelism()} cores`);
for (const { name, version } of ways) if (version !== '') console.log(`${name}: ${version}`);
for (const mix of MIXES) {
  if (wanted.some((word) => MIXES.some(({ name }) => name === word)) && !wanted.includes(mix.name)) continue;
  const files = await filesOf(mix);
  for (const format of FORMATS) {
    if (wanted.some((word) => FORMATS.some((name) => name === word)) && !wanted.includes(format)) continue;
    await compare(mix, files.slice(0, mix[format]), format);
  }
}

/** @typedef {import('./peers.js').Peer} Peer */
/** @typedef {Awaited<ReturnType<typeof measured>> & { count: number }} Pass */

/**
 * @param {import('./mixes.js').Mix} mix
 * @param {readonly string[]} files
 * @param {'jpeg' | 'webp'} format
 */
async function compare(mix, files, format) {
  const scratch = await mkdtemp(join(tmpdir(), 'imgvar-bench-'));
  try {
    const all = await given(scratch, 'all', files, format);
    const few = await given(scratch, 'few', files.slice(0, mix.few), format);
    /** @type {Map<Peer, { passes: Pass[], outputs: Awaited<ReturnType<typeof outputsOf>> | undefined }>} */
    const results = new Map(ways.map((way) => [way, { passes: [], outputs: undefined }]));
    for (let round = 0; round < Math.max(...ways.map(({ rounds }) => rounds)); round++) {
      for (const [way, result] of results) {
        if (round >= way.rounds) continue;
        const job = { ...(way.isSlow ? few : all), out: join(scratch, 'out'), format };
        for (const { name } of SEVEN) await mkdir(join(job.out, name), { recursive: true });
        const pass = await measured(way.script(job));
        result.passes.push({ ...pass, count: job.files.length });
        console.error(`${mix.name}, ${format}: ${way.name} took ${pass.seconds.toFixed(1)} s for ${job.files.length}`);
        result.outputs ??= await outputsOf(job.out, job.files, job.files.slice(0, LOOKED));
        await rm(job.out, { recursive: true });
      }
    }
    print(mix, files.length, format, [...results].map(([{ name }, { passes, outputs }]) => ({ name, pass: middle(passes), outputs })));
  } finally {
    await rm(scratch, { recursive: true });
  }
}

/**
 * The same files for everyone, in one folder, and as a list.
 *
 * @param {string} scratch
 * @param {string} name
 * @param {readonly string[]} originals
 * @param {'jpeg' | 'webp'} format
 */
async function given(scratch, name, originals, format) {
  const folder = join(scratch, name);
  await mkdir(folder);
  const files = originals.map((file) => join(folder, basename(file)));
  for (const [i, file] of files.entries()) await link(originals[i] ?? '', file);
  const list = join(scratch, `${name}.txt`);
  await writeFile(list, files.map((file) => `${file}\n`).join(''));
  const config = join(scratch, `${name}.json`);
  const specs = SEVEN.map((spec) => [spec.name, { width: spec.width, height: spec.width, fit: spec.fit, ...(format === 'jpeg' ? {} : { format }) }]);
  await writeFile(config, JSON.stringify({ specs: Object.fromEntries(specs) }));
  return { files, list, config };
}

/** @param {Pass[]} passes */
function middle(passes) {
  return [...passes].sort((a, b) => a.cpu - b.cpu)[Math.floor(passes.length / 2)];
}

/**
 * @param {import('./mixes.js').Mix} mix
 * @param {number} count
 * @param {string} format
 * @param {readonly { name: string, pass: Pass | undefined, outputs: Awaited<ReturnType<typeof outputsOf>> | undefined }[]} results
 */
function print({ name, about }, count, format, results) {
  const own = results[0]?.pass;
  console.log(`\n${name} (${about}), ${count} originals, to ${format}`);
  console.log(`${'originals/s'.padStart(12)}${'ours is'.padStart(9)}${'CPU ms'.padStart(9)}${'of ours'.padStart(9)}${'memory MB'.padStart(11)}${'kB out'.padStart(8)}${'SSIM'.padStart(8)}${'least'.padStart(8)}`);
  for (const { name: way, pass, outputs } of results) {
    if (pass === undefined || own === undefined || outputs === undefined) continue;
    const [rate, ownRate] = [pass, own].map((one) => one.count / one.seconds);
    const [cpu, ownCpu] = [pass, own].map((one) => (one.cpu / one.count) * 1000);
    const cells = [
      rate?.toFixed(2).padStart(12), ((ownRate ?? NaN) / (rate ?? NaN)).toFixed(2).padStart(9), cpu?.toFixed(1).padStart(9), ((cpu ?? NaN) / (ownCpu ?? NaN)).toFixed(2).padStart(9),
      pass.peakMb.toFixed(0).padStart(11), (outputs.bytes / 1000).toFixed(0).padStart(8), outputs.mean.toFixed(4).padStart(8), outputs.least.toFixed(4).padStart(8),
    ];
    console.log(`${cells.join('')}  ${way}`);
  }
}
