/**
 * A whole run over mixed originals: from folder to folder, against a bare loop over the same work; through S3 on this
 * machine; and against what people put together from tools. CPU is that of all processes that take part, without the
 * server's.
 *
 *     npm run bench:run              2,000 originals: some ten minutes on two cores
 *     npm run bench:run -- 300       fewer
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { installed } from './commands.js';
import { corpus } from './corpus.js';

const count = Number(process.argv[2] ?? 2000);
const cores = availableParallelism();
const originals = await corpus(count);
const scratch = await mkdtemp(join(tmpdir(), 'imgvar-bench-run-'));
const processes = [...new Set([1, cores])];

try {
  console.log(`${count} originals, six variants each, ${cores} cores`);
  /** @type {Map<number, Result>} */
  const bare = new Map();
  heading('folder to folder');
  for (const workers of processes) {
    const loops = await bareLoops(workers);
    bare.set(workers, loops);
    tell(`${plural(workers, 'bare loop')}`, loops);
    tell(`imgvar, ${plural(workers, 'worker')}`, await pass(workers, 'imgvar', originals, fresh()), loops);
  }

  const server = await startServer(originals);
  heading('S3 on this machine, bucket to bucket');
  for (const workers of processes) {
    const loops = bare.get(workers) ?? { cpu: Number.NaN };
    const result = await pass(workers, 'imgvar', 's3://originals', `s3://variants-${workers}`, server.url);
    tell(`imgvar, ${plural(workers, 'worker')}`, result, loops);
    const requests = result.cpu - result.coordinator - loops.cpu;
    console.log(`    of its CPU: images ${percent(loops.cpu, result.cpu)}, requests ${percent(requests, result.cpu)}, coordinator ${percent(result.coordinator, result.cpu)}`);
  }
  alternative(server.url);
  server.stop();
} finally {
  await rm(scratch, { recursive: true });
}

/** @typedef {{ seconds: number, cpu: number, coordinator: number }} Result */

/**
 * As many loops at once, each over its part: two threads of one core share it, so that each takes longer than alone.
 *
 * @param {number} loops
 * @returns {Promise<Result>}
 */
async function bareLoops(loops) {
  const to = fresh();
  const parts = await Promise.all(Array.from({ length: loops }, (_, i) => pass(loops, 'bare', originals, to, '', `${i}/${loops}`)));
  return {
    seconds: Math.max(...parts.map(({ seconds }) => seconds)),
    cpu: parts.reduce((sum, { cpu }) => sum + cpu, 0),
    coordinator: 0,
  };
}

/**
 * One way over all originals, in a process of its own.
 *
 * @param {number} workers
 * @param {'bare' | 'imgvar'} way
 * @param {string} from
 * @param {string} to
 * @param {string} [endpoint]
 * @param {string} [part]
 * @returns {Promise<Result>}
 */
async function pass(workers, way, from, to, endpoint = '', part = '0/1') {
  const program = fileURLToPath(new URL('run-pass.js', import.meta.url));
  const words = [process.execPath, program, way, from, to, part];
  // On one core there is one worker.
  const [command = '', ...args] = workers === cores ? words : ['taskset', '-c', '0', ...words];
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'], env: environment(endpoint) });
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
  const status = await new Promise((resolve) => child.on('close', resolve));
  if (status !== 0) throw new Error(`${way} ended with ${status}`);
  return JSON.parse(stdout);
}

/** @param {string} endpoint */
function environment(endpoint) {
  const keys = { AWS_ACCESS_KEY_ID: 'bench', AWS_SECRET_ACCESS_KEY: 'bench', AWS_REGION: 'us-east-1', AWS_EC2_METADATA_DISABLED: 'true', AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };
  return { ...process.env, ...keys, ...(endpoint === '' ? {} : { AWS_ENDPOINT_URL: endpoint }) };
}

function fresh() {
  return join(scratch, Math.random().toString(36).slice(2));
}

/**
 * The same test server that the tests have, in a process of its own.
 *
 * @param {string} folder
 */
async function startServer(folder) {
  const program = fileURLToPath(new URL('run-server.js', import.meta.url));
  const child = spawn(process.execPath, [program, folder, ...processes.map((n) => `variants-${n}`)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const url = String(await new Promise((resolve) => child.stdout.once('data', resolve))).trim();
  return { url, stop: () => child.kill() };
}

/**
 * What people put together: the originals are copied down, each size is made by a tool with all cores, and the variants
 * are copied up.
 *
 * @param {string} endpoint
 */
function alternative(endpoint) {
  const aws = installed(['aws'], 'aws-cli');
  const thumbnail = installed(['vipsthumbnail'], 'vips');
  heading(`aws s3 cp down, vipsthumbnail on ${cores} cores, aws s3 cp up`);
  if (aws === undefined || thumbnail === undefined) return void console.log('  not installed, skipped');
  const down = fresh();
  const up = fresh();
  const sizes = [['2048x2048>', ''], ['1280x1280>', ''], ['800x800>', ''], ['400x400>', ''], ['500x500', 'centre'], ['150x150', 'centre']];
  const script = [
    `aws s3 cp --only-show-errors --recursive s3://originals '${down}'`,
    ...sizes.flatMap(([size, crop], i) => [
      `mkdir -p '${up}/${i}'`,
      `find '${down}' -type f -print0 | xargs -0 -n 50 -P ${cores} ${thumbnail.program} -s '${size}' ${crop === '' ? '' : `--smartcrop ${crop}`} -o '${up}/${i}/%s.jpg[Q=80,optimize_coding,strip]'`,
    ]),
    `aws s3 cp --only-show-errors --recursive '${up}' s3://variants-1/alternative`,
    'times',
  ].join(' &&\n');
  const began = performance.now();
  const { stdout, stderr, status } = spawnSync('bash', ['-c', script], { encoding: 'utf8', env: { ...environment(endpoint), VIPS_CONCURRENCY: '1' } });
  if (status !== 0) throw new Error(stderr);
  const [, children = ''] = stdout.trim().split('\n').slice(-2);
  const cpu = [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds), 0);
  tell('all three', { seconds: (performance.now() - began) / 1000, cpu, coordinator: 0 });
}

/**
 * @param {number} count
 * @param {string} noun
 */
function plural(count, noun) {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** @param {string} text */
function heading(text) {
  console.log(`\n${text}`);
}

/**
 * @param {string} name
 * @param {Result} result
 * @param {{ cpu: number }} [bare]
 */
function tell(name, { seconds, cpu, coordinator }, bare) {
  const against = bare === undefined ? '' : `, ${(cpu / bare.cpu).toFixed(2)} of the bare loops'; coordinator ${percent(coordinator, cpu)}`;
  console.log(`  ${name}: ${seconds.toFixed(1)} s, ${(count / seconds).toFixed(1)} originals/s, ${((cpu / count) * 1000).toFixed(1)} ms CPU each${against}`);
}

/**
 * @param {number} part
 * @param {number} whole
 */
function percent(part, whole) {
  return `${((part / whole) * 100).toFixed(1)}%`;
}

if ((await readdir(originals)).length !== count) throw new Error('the originals changed meanwhile');
