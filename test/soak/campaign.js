import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { watched } from './session.js';

const PROGRAM = fileURLToPath(new URL('../../bin/imgvar.js', import.meta.url));

/** Where it is killed, as a share of all originals. */
const KILLS = [0.25, 0.5, 0.75];

/** @typedef {import('./session.js').Sample & { session: number }} Seen */

/**
 * The main job from start to end, killed three times on the way and gone on with by the same command; then what there is,
 * looked at by `verify`, and once more by the command itself.
 *
 * @param {{ name: string, count: number, originals: string, variants: string, env: NodeJS.ProcessEnv }} job
 * @returns {Promise<{ name: string, count: number, seconds: number, seen: Seen[], kills: { done: number, leftAfter: number }[] }>}
 */
export async function campaign({ name, count, originals, variants, env }) {
  const words = ['reprocess', originals, variants, '--config', fileURLToPath(new URL('specs.json', import.meta.url))];
  /** @type {Seen[]} */
  const seen = [];
  const kills = [];
  let before = 0;
  for (let session = 0; session <= KILLS.length; session++) {
    const until = count * (KILLS[session] ?? Infinity);
    const { code, samples, seconds, screen } = await watched(words, env, ({ done, total }) => count - total + done >= until);
    if (session < KILLS.length ? code !== null : code !== 0) throw new Error(`${name}: ended with ${code}\n${screen.slice(-2000)}`);
    const previous = kills.at(-1);
    if (previous !== undefined) previous.leftAfter = samples[0]?.total ?? NaN;
    seen.push(...samples.map((sample) => ({ ...sample, seconds: before + sample.seconds, session })));
    before += seconds;
    const last = samples.at(-1);
    if (session === KILLS.length || last === undefined) break;
    kills.push({ done: count - last.total + last.done, leftAfter: NaN });
    console.log(`${name}: killed at ${kills.at(-1)?.done} of ${count}, after ${Math.round(before)} s`);
  }
  console.log(`${name}: all ${count} in ${Math.round(before)} s, ${(count / before).toFixed(1)} a second`);
  must(name, [...words, '--json'], env, ({ due }) => due === 0);
  must(name, ['verify', originals, variants, '--config', words[4] ?? '', '--strict', '--json'], env, ({ isRight }) => isRight === true);
  return { name, count, seconds: before, seen, kills };
}

/**
 * @param {string} name
 * @param {readonly string[]} words
 * @param {NodeJS.ProcessEnv} env
 * @param {(last: Record<string, unknown>) => boolean} holds of the last line
 */
function must(name, words, env, holds) {
  const began = performance.now();
  const { stdout, stderr, status } = spawnSync(process.execPath, [PROGRAM, ...words], { encoding: 'utf8', env: { ...process.env, ...env }, maxBuffer: 1e9 });
  const last = stdout.trim().split('\n').at(-1) ?? '';
  console.log(`${name}: imgvar ${words[0]}: exit ${status} after ${Math.round((performance.now() - began) / 1000)} s: ${last}`);
  if (status !== 0 || !holds(JSON.parse(last))) throw new Error(`${name}: ${words[0]} found something\n${stderr}`);
}
