/**
 * Listing a huge bucket whose every page takes a while: one page after the other, and by many lanes. The server is one of
 * the tests', in a process of its own; CPU is that of the listing process alone.
 *
 *     npm run bench:list              1,000,000 keys, 50 ms and 500 ms a page: some minutes
 *     npm run bench:list -- 100000    fewer
 */
import { spawn } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const count = Number(process.argv[2] ?? 1_000_000);
const LANES = 48;
/** A lane has a page under way while it gives out another, and looks for where to divide. */
const CONNECTIONS = LANES * 4;
/** A listing one page after the other takes the same time for each, so ten seconds tell of the rest. */
const MEASURED_SECONDS = 10;

Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'bench', AWS_SECRET_ACCESS_KEY: 'bench', AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' });
const { s3Store } = await import('../../dist/store/s3.js');
const { DEFAULT_S3 } = await import('../../dist/store/s3-settings.js');
const { sharded } = await import('../../dist/source/shards.js');

console.log(`${count} keys, ${LANES} lanes`);
for (const delay of [50, 500]) {
  const server = await startServer(delay);
  console.log(`\n${delay} ms a page`);
  for (const bucket of ['hashes', 'dated', 'skewed']) {
    const open = () => s3Store(bucket, '', { ...DEFAULT_S3, endpoint: server.url, connections: CONNECTIONS, region: 'us-east-1' });
    const one = await measure(open(), (store) => store.list(''), MEASURED_SECONDS);
    const share = one.keys / count;
    const alone = one.seconds / share;
    console.log(`  ${bucket}`);
    tell(share < 1 ? `one by one, estimated from ${(100 * share).toFixed(0)} %` : 'one by one', { ...one, seconds: alone, list: one.list / share });
    const many = await measure(open(), (store) => sharded({ store, prefix: '', lanes: LANES }, ({ originals }) => originals), Infinity);
    if (many.keys !== count) throw new Error(`${many.keys} of ${count} keys came`);
    tell(`${LANES} lanes, ${(alone / many.seconds).toFixed(1)} times as fast`, many);
  }
  server.stop();
}

/**
 * @param {import('../../dist/store/store.js').Store} store
 * @param {(store: import('../../dist/store/store.js').Store) => AsyncIterable<readonly unknown[]>} list
 * @param {number} longest in seconds
 */
async function measure(store, list, longest) {
  const began = performance.now();
  const cpu = process.cpuUsage();
  let keys = 0;
  let pages = 0;
  const secondsNow = () => (performance.now() - began) / 1000;
  for await (const page of list(store)) {
    keys += page.length;
    pages += 1;
    if (secondsNow() > longest) break;
  }
  const { user, system } = process.cpuUsage(cpu);
  return { keys, pages, seconds: secondsNow(), list: store.requests.list, cpuMs: (user + system) / 1000 };
}

/**
 * @param {string} what
 * @param {{ seconds: number, list: number, pages: number, cpuMs: number }} result
 */
function tell(what, { seconds, list, pages, cpuMs }) {
  console.log(`    ${what.padEnd(44)} ${seconds.toFixed(1).padStart(7)} s ${String(Math.round(list)).padStart(6)} requests ${(cpuMs / pages).toFixed(1).padStart(6)} ms CPU a page`);
}

/** @param {number} delay */
async function startServer(delay) {
  const program = fileURLToPath(new URL('list-server.js', import.meta.url));
  const child = spawn(process.execPath, [program, String(count), String(delay)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const url = String(await new Promise((resolve) => child.stdout.once('data', resolve))).trim();
  return { url, stop: () => child.kill() };
}
