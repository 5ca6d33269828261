import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { imageMagick, installed, vipsThumbnail } from './commands.js';
import { SHARP_CLI } from './sources.js';
import { QUALITY, SEVEN } from './specs.js';

/**
 * A way to do the whole job, as a shell script. Variants are written to `OUT/NAME-OF-SPEC/`. A slow one gets a few of the files.
 *
 * @typedef {{ name: string, version: string, isSlow: boolean, rounds: number, script: (job: Job) => string }} Peer
 * @typedef {{ files: readonly string[], list: string, config: string, out: string, format: 'jpeg' | 'webp' }} Job
 */

const CORES = availableParallelism();
const BIN = fileURLToPath(new URL('../../bin/imgvar.js', import.meta.url));
const OWN_SCRIPT = fileURLToPath(new URL('sharp-script.js', import.meta.url));

/** How often what is fast is measured; the others take long and vary little. */
const ROUNDS = 3;

/**
 * imgvar, and what people use in its place, as far as it is installed; each with as many processes at a time as there are cores.
 *
 * @returns {Peer[]}
 */
export function peers() {
  const node = process.execPath;
  const magick = imageMagick();
  const graphics = installed(['gm'], 'graphicsmagick', 'version');
  const thumbnail = vipsThumbnail();
  const parallel = installed(['parallel'], 'gnu parallel') !== undefined;
  const sharpCli = existsSync(SHARP_CLI) ? installed([SHARP_CLI], '') : undefined;
  const mogrify = magick === undefined ? undefined : join(dirname(magick.program), magick.program.replace('convert', 'mogrify'));
  /** @type {(Peer | false | undefined)[]} */
  const all = [
    {
      name: 'imgvar', version: '', isSlow: false, rounds: ROUNDS,
      script: ({ files, config, out }) => `${quoted(node, BIN, 'reprocess', commonFolder(files), out, '--config', config, '--quiet')} >/dev/null`,
    },
    { name: 'a sharp script, one pipeline for each variant', version: '', isSlow: false, rounds: ROUNDS, script: ({ list, out, format }) => quoted(node, OWN_SCRIPT, list, out, format) },
    parallel && sharpCli && {
      name: 'sharp-cli', ...sharpCli, isSlow: false, rounds: 1,
      script: ({ list, out, format }) => inTurn(({ name, width, fit }) =>
        `parallel -q -j ${CORES} -X -a ${list} ${SHARP_CLI} -i {} -o ${out}/${name}/ -f ${format} --quality ${QUALITY} --autoOrient resize ${width} ${width} --fit ${fit} --withoutEnlargement >/dev/null`),
    },
    parallel && thumbnail && {
      name: 'GNU parallel and vipsthumbnail', ...thumbnail, isSlow: false, rounds: 1,
      script: ({ list, out, format }) => inTurn(({ name, width, fit }) => {
        const shape = fit === 'cover' ? `-s ${width}x${width} --smartcrop centre` : `-s '${width}x${width}>'`;
        const options = format === 'webp' ? `.webp[Q=${QUALITY},strip]` : `.jpg[Q=${QUALITY},optimize_coding,strip]`;
        return `parallel -q -j ${CORES} -X -a ${list} ${thumbnail.program} ${shape} -o '${out}/${name}/%s${options}' {}`;
      }),
    },
    parallel && magick && mogrify !== undefined && {
      name: 'ImageMagick, mogrify', ...magick, isSlow: true, rounds: 1,
      script: ({ list, out, format }) => inTurn((spec) => `parallel -q -j ${CORES} -X -a ${list} ${mogrify} -path ${out}/${spec.name} -format ${extension(format)} -auto-orient ${shapeOf(spec)} -strip -quality ${QUALITY} {}`),
    },
    parallel && magick && mogrify !== undefined && {
      name: 'ImageMagick, mogrify, told the size for the decoder', ...magick, isSlow: true, rounds: 1,
      script: ({ list, out, format }) => inTurn((spec) => `parallel -q -j ${CORES} -X -a ${list} ${mogrify} -define jpeg:size=${spec.width * 2}x${spec.width * 2} -path ${out}/${spec.name} -format ${extension(format)} -auto-orient ${shapeOf(spec)} -strip -quality ${QUALITY} {}`),
    },
    parallel && magick && {
      name: 'ImageMagick, convert, decoded once', ...magick, isSlow: true, rounds: 1,
      script: ({ list, out, format }) => {
        const each = SEVEN.map((spec) => `'(' +clone ${shapeOf(spec)} -write ${out}/${spec.name}/{/.}.${extension(format)} +delete ')'`).join(' ');
        return `parallel -q -j ${CORES} -a ${list} ${magick.program} {} -auto-orient -strip -quality ${QUALITY} ${each} null:`;
      },
    },
    parallel && graphics && {
      name: 'GraphicsMagick, mogrify', ...graphics, isSlow: true, rounds: 1,
      // It appends the whole name of a file to the folder that it writes to.
      script: ({ files, list, out, format }) => `cd ${commonFolder(files)} &&\n` + inTurn((spec) => `parallel -q -j ${CORES} -X -a ${list} ${graphics.program} mogrify -output-directory ${out}/${spec.name} -format ${extension(format)} -auto-orient ${shapeOf(spec)} +profile '*' -quality ${QUALITY} {/}`),
    },
  ];
  return all.filter((peer) => typeof peer === 'object');
}

/** One thread each, as many processes as cores. */
export const ENVIRONMENT = { VIPS_CONCURRENCY: '1', MAGICK_THREAD_LIMIT: '1', OMP_NUM_THREADS: '1' };

/** @param {(spec: { name: string, width: number, fit: string }) => string} command */
function inTurn(command) {
  return SEVEN.map(({ name, width, fit }) => command({ name, width: width ?? 0, fit })).join(' &&\n');
}

/** @param {{ width: number | null, fit: string }} spec as ImageMagick and its like have it */
function shapeOf({ width, fit }) {
  return fit === 'cover' ? `-resize '${width}x${width}^' -gravity center -extent ${width}x${width}` : `-resize '${width}x${width}>'`;
}

/** @param {'jpeg' | 'webp'} format */
function extension(format) {
  return format === 'webp' ? 'webp' : 'jpg';
}

/** @param {readonly string[]} files */
function commonFolder(files) {
  const folders = files.map((file) => dirname(file));
  const [first = ''] = folders;
  return folders.every((folder) => folder === first) ? first : dirname(first);
}

/** @param {readonly string[]} words */
function quoted(...words) {
  return words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
}
