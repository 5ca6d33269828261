import { spawnSync } from 'node:child_process';
import { QUALITY, SEVEN } from './specs.js';

/** One thread each, as our own way has. */
const ENV = { ...process.env, VIPS_CONCURRENCY: '1', MAGICK_THREAD_LIMIT: '1', OMP_NUM_THREADS: '1' };

/**
 * The first of these programs that is installed and says of itself that it is the right one.
 *
 * @param {readonly string[]} names
 * @param {string} says
 * @param {string} [asked] how it is asked
 * @returns {{ program: string, version: string } | undefined}
 */
export function installed(names, says, asked = '--version') {
  for (const program of names) {
    const { stdout, status } = spawnSync(program, [asked], { encoding: 'utf8' });
    const [version = ''] = (stdout ?? '').split('\n', 1);
    if (status === 0 && version.toLowerCase().includes(says)) return { program, version: version.replace(/ https?:.*/, '') };
  }
  return undefined;
}

export const imageMagick = () => installed(['convert-im7.q16', 'convert-im6.q16', 'magick', 'convert'], 'imagemagick');
export const vipsThumbnail = () => installed(['vipsthumbnail'], 'vips');

/** @typedef {'jpeg' | 'webp'} Format */

/**
 * @param {string} program
 * @param {string} file
 * @param {string} folder
 * @param {Format} format
 */
export function imageMagickCommands(program, file, folder, format) {
  return SEVEN.map(({ name, width, fit }) => {
    const box = `${width}x${width}`;
    const shape = fit === 'cover' ? ['-resize', `${box}^`, '-gravity', 'center', '-extent', box] : ['-resize', `${box}>`];
    return [program, file, '-auto-orient', ...shape, '-strip', '-quality', `${QUALITY}`, `${folder}/${name}.${format}`];
  });
}

/**
 * @param {string} program
 * @param {string} file
 * @param {string} folder
 * @param {Format} format
 */
export function vipsThumbnailCommands(program, file, folder, format) {
  const optimized = format === 'jpeg' ? ',optimize_coding' : '';
  return SEVEN.map(({ name, width, fit }) => {
    const shape = fit === 'cover' ? ['-s', `${width}x${width}`, '--smartcrop', 'centre'] : ['-s', `${width}x${width}>`];
    return [program, file, ...shape, '-o', `${folder}/${name}.${format}[Q=${QUALITY}${optimized},strip]`];
  });
}

/**
 * CPU milliseconds (user and system) that these commands take together, one after the other, as the shell counts them.
 *
 * @param {readonly (readonly string[])[]} commands
 */
export function cpuOfCommands(commands) {
  const lines = commands.map((words) => `${words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ')} || exit 1`);
  // The second line of `times` is that of the children. bash counts milliseconds, a plain shell hundredths of a second.
  const script = [...lines, 'times'].join('\n');
  const bash = spawnSync('bash', ['-c', script], { env: ENV, encoding: 'utf8' });
  const { stdout, stderr, status } = bash.error === undefined ? bash : spawnSync('sh', ['-c', script], { env: ENV, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  const [, children = ''] = stdout.trim().split('\n').slice(-2);
  return [...children.matchAll(/(\d+)m([\d.,]+)s/g)]
    .map(([, minutes, seconds]) => Number(minutes) * 60_000 + Number(seconds?.replace(',', '.')) * 1000)
    .reduce((a, b) => a + b, 0);
}
