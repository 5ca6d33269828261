import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import process from 'node:process';
import { ENVIRONMENT } from './peers.js';

const LOOK_EVERY_MS = 200;

/**
 * Runs a shell script in a session of its own.
 *
 * @param {string} script
 * @returns {Promise<{ seconds: number, cpu: number, peakMb: number }>} CPU seconds of all its processes, and the most that they
 *   had in memory together, without what is mapped from files, as programs are
 * @throws where it fails
 */
export async function measured(script) {
  const began = performance.now();
  // The second line of `times` is that of the children.
  const child = spawn('bash', ['-c', `set -e\n${script}\ntimes`], { detached: true, env: { ...process.env, ...ENVIRONMENT }, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
  let peak = 0;
  const timer = setInterval(() => (peak = Math.max(peak, memoryOf(child.pid ?? 0))), LOOK_EVERY_MS);
  const [code] = await once(child, 'close');
  const seconds = (performance.now() - began) / 1000;
  clearInterval(timer);
  if (code !== 0) throw new Error(`${script}\nended with ${code}: ${stderr}`);
  const [, children = ''] = stdout.trim().split('\n').slice(-2);
  const cpu = [...children.matchAll(/(\d+)m([\d.,]+)s/g)].reduce((sum, [, minutes, rest]) => sum + Number(minutes) * 60 + Number(rest?.replace(',', '.')), 0);
  return { seconds, cpu, peakMb: peak };
}

/**
 * MB of all processes of a session, by counters that the kernel has anyhow: to have it look through their pages (`smaps`) stops
 * them meanwhile, and those with much memory the longest.
 *
 * @param {number} session
 */
function memoryOf(session) {
  let kb = 0;
  for (const pid of readdirSync('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    try {
      const [, fields = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
      if (Number(fields.split(' ')[3]) !== session) continue;
      kb += Number(/^RssAnon:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
    } catch {
      // It has ended meanwhile.
    }
  }
  return kb / 1000;
}
