/** One run of the built program in a terminal of its own, watched as a person would watch it, until it ends or is killed. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../../bin/imgvar.js', import.meta.url));
const EVERY_MS = 1000;

/**
 * What was seen at one moment. `left` is what the program told, in seconds; memory is what is resident, in MB.
 *
 * @typedef {{ seconds: number, done: number, total: number, rate: number, left: number | null, coordinator: number, workers: number, largestWorker: number }} Sample
 */

/**
 * @param {readonly string[]} words of the command line
 * @param {NodeJS.ProcessEnv} env
 * @param {(sample: Sample) => boolean} isEnough whether it is to be killed now, by SIGKILL
 * @returns {Promise<{ code: number | null, samples: Sample[], seconds: number, screen: string }>} code null: killed
 * @throws where a worker outlives the program
 */
export async function watched(words, env, isEnough) {
  const command = [process.execPath, PROGRAM, ...words].map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
  const began = performance.now();
  // `script` gives it a terminal; exec, so that its only child is the program itself.
  const child = spawn('script', ['-qfec', `stty cols 120; exec ${command}`, '/dev/null'], { env: { ...process.env, ...env, SHELL: '/bin/sh' }, stdio: ['ignore', 'pipe', 'inherit'] });
  let screen = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (screen = (screen + text).slice(-20_000)));
  /** @type {Sample[]} */
  const samples = [];
  let killed = false;
  /** @type {readonly number[]} */
  let workers = [];
  const timer = setInterval(() => {
    const sample = sampleOf(child.pid, screen, (performance.now() - began) / 1000);
    if (sample === null) return;
    samples.push(sample);
    const [program] = childrenOf(child.pid);
    workers = childrenOf(program);
    if (!killed && isEnough(sample)) {
      killed = true;
      if (program !== undefined) process.kill(program, 'SIGKILL');
    }
  }, EVERY_MS);
  const [code] = await once(child, 'close');
  clearInterval(timer);
  await sleep(2000);
  const left = workers.filter((pid) => readOr(`/proc/${pid}/stat`, '') !== '');
  if (left.length > 0) throw new Error(`workers outlived the program: ${left.join(', ')}`);
  return { code: killed ? null : code, samples, seconds: (performance.now() - began) / 1000, screen };
}

/**
 * @param {number | undefined} terminal
 * @param {string} screen
 * @param {number} seconds
 * @returns {Sample | null}
 */
function sampleOf(terminal, screen, seconds) {
  const shown = [...screen.matchAll(/([\d,]+)\/([\d,]+) originals {2}([\d.,]+)\/s {2}([\d.hmins ]+) left/g)].at(-1);
  const [coordinator] = childrenOf(terminal);
  if (shown === undefined || coordinator === undefined) return null;
  const workers = childrenOf(coordinator).map(residentMb);
  const [done, total, rate] = shown.slice(1, 4).map((text) => Number(text.replaceAll(',', '')));
  return {
    seconds,
    done: done ?? 0,
    total: total ?? 0,
    rate: rate ?? 0,
    left: secondsOf(shown[4] ?? ''),
    coordinator: residentMb(coordinator),
    workers: workers.reduce((a, b) => a + b, 0),
    largestWorker: Math.max(0, ...workers),
  };
}

/**
 * @param {string} text as the program shows durations: `1 h 5 min`, `33 min 29 s`, `4.2 s`
 * @returns {number | null}
 */
function secondsOf(text) {
  const units = { h: 3600, min: 60, s: 1 };
  const parts = [...text.matchAll(/([\d.]+) (h|min|s)\b/g)];
  return parts.length === 0 ? null : parts.reduce((sum, [, count, unit]) => sum + Number(count) * units[/** @type {keyof typeof units} */ (unit)], 0);
}

/**
 * Processes that this one has started and that are there still.
 *
 * @param {number | undefined} pid
 * @returns {number[]}
 */
function childrenOf(pid) {
  return readOr(`/proc/${pid}/task/${pid}/children`, '').split(' ').filter((word) => word !== '').map(Number);
}

/** @param {number} pid */
function residentMb(pid) {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readOr(`/proc/${pid}/status`, ''))?.[1] ?? 0) / 1000;
}

/**
 * @param {string} file
 * @param {string} otherwise
 */
function readOr(file, otherwise) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return otherwise;
  }
}
