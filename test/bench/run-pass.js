/** One pass over all originals, and what it took as JSON: seconds, CPU seconds of all processes, and of this one. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { loadConfig } from '../../dist/config/load.js';
import { configureImageLibrary } from '../../dist/image/configure.js';
import { renderVariants } from '../../dist/image/render.js';
import { reprocess } from '../../dist/index.js';
import { DEFAULT_LIMITS } from '../../dist/model/limits.js';

const [way, from = '', to = '', part = '0/1'] = process.argv.slice(2);
// Before anything else: a process takes some time to come up, which belongs to none of the two.
const before = performance.now();
const own = process.cpuUsage();
if (way === 'bare') await bareLoop();
else await imgvar();
const seconds = (performance.now() - before) / 1000;
const { user, system } = process.cpuUsage(own);
const coordinator = (user + system) / 1e6;
console.log(JSON.stringify({ seconds, cpu: coordinator + (await childrenCpu()), coordinator }));

/** What nobody can do without: read, make, write. No listing, no plan, no other process. */
async function bareLoop() {
  configureImageLibrary();
  const { specs } = await loadConfig({ preset: 'levels', cwd: '/' });
  for (const { name } of specs) await mkdir(join(to, name), { recursive: true });
  const [index = 0, parts = 1] = part.split('/').map(Number);
  const names = (await readdir(from)).filter((_, i) => i % parts === index);
  for (const name of names) {
    for await (const { specs: served, result } of renderVariants(await readFile(join(from, name)), specs, DEFAULT_LIMITS)) {
      if (!('bytes' in result)) throw result;
      for (const spec of served) await writeFile(join(to, spec.name, name), result.bytes);
    }
  }
}

async function imgvar() {
  if (!to.startsWith('s3://')) await mkdir(dirname(to), { recursive: true });
  const summary = await reprocess({ originals: from, variants: to, preset: 'levels' });
  if (summary.failed > 0 || summary.made === 0) throw new Error(JSON.stringify(summary));
}

/** Seconds of children that have ended; on Linux. */
async function childrenCpu() {
  if (way === 'bare') return 0;
  await new Promise((resolve) => setTimeout(resolve, 500));
  const [, fields = ''] = readFileSync('/proc/self/stat', 'utf8').split(') ');
  const [user = 0, system = 0] = fields.split(' ').slice(13, 15).map(Number);
  // In ticks, of which Linux has 100 in a second.
  return (user + system) / 100;
}
