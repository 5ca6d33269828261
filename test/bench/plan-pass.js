/** One run over made-up originals, with an engine that only says that it did the work. Prints what it took as JSON. */
import { LIST_PRICES } from '../../dist/cost/list-prices.js';
import { MAKING } from '../../dist/cost/trade.js';
import { readFile } from 'node:fs/promises';
import process from 'node:process';
import { newRecord, saveRecord } from '../../dist/checkpoint/run-record.js';
import { fingerprintOf } from '../../dist/model/fingerprint.js';
import { parseLayout } from '../../dist/model/layout.js';
import { NO_REQUESTS } from '../../dist/model/requests.js';
import { reprocess } from '../../dist/run/reprocess.js';
import { EVERYTHING } from '../../dist/source/filter.js';
import { memoryStore } from '../../dist/store/memory.js';
import { SEVEN } from './specs.js';

const [count = 0, mode = 'due', from = 0] = [Number(process.argv[2]), process.argv[3], Number(process.argv[4])];
const PAGE = 1000;
const WRITTEN = Date.now() - 10_000;

/** @param {number} i */
const keyAt = (i) => `${String(i).padStart(10, '0')}.jpg`;

let listed = 0;
let largest = 0;

/**
 * A store whose objects follow from their number.
 *
 * @param {string} name
 * @param {number} lastModified
 * @param {(n: number) => void} onListed
 */
function endless(name, lastModified, onListed = () => undefined) {
  const memory = memoryStore(name);
  return {
    ...memory,
    /**
     * @param {string} prefix
     * @param {{ after?: string }} [options]
     */
    async *list(prefix, { after = '' } = {}) {
      const folder = prefix.includes('/') ? prefix.slice(0, prefix.indexOf('/') + 1) : '';
      const start = after === '' ? 0 : Number.parseInt(after.slice(folder.length), 10) + 1;
      for (let i = start; i < count; i += PAGE) {
        const page = [];
        for (let k = i; k < Math.min(count, i + PAGE); k++) page.push({ key: folder + keyAt(k), size: 100_000, lastModified, etag: 'e' });
        onListed(page.length);
        yield page;
        await Promise.resolve();
      }
    },
  };
}

const originals = endless('originals', WRITTEN - 10_000, (n) => (listed += n));
const variants = endless('variants', WRITTEN);
const write = variants.own.write;
variants.own.write = async (/** @type {string} */ name, /** @type {Uint8Array} */ bytes) => {
  if (name.startsWith('runs/')) largest = Math.max(largest, bytes.length);
  return write(name, bytes);
};
const identity = {
  command: 'reprocess', originals: 'originals', variants: 'variants', layout: '{variant}/{path}', mode,
  specs: Object.fromEntries(SEVEN.map((spec) => [spec.name, fingerprintOf(spec)])), filter: { prefix: '', include: [], exclude: [] },
};
const began = performance.now();
if (from > 0) {
  const record = newRecord('20260101T000000Z-000000', /** @type {never} */ (identity), Date.now());
  await saveRecord(variants.own, { ...record, state: 'running', ranges: [{ after: keyAt(Math.floor(count * from) - 1), upTo: null }] });
}

/** @type {number | null} */
let firstJob = null;
/** @type {import('../../dist/engine/engine.js').Engine} */
const engine = {
  name: 'local',
  mostTries: 1,
  async *run(jobs) {
    for await (const { original, due } of jobs) {
      firstJob ??= (performance.now() - began) / 1000;
      const outcomes = due.map(({ spec, key, reason }) => ({ result: /** @type {const} */ ('made'), original: original.key, variant: spec.name, key, bytes: 1, width: 1, height: 1, reason }));
      yield { original: original.key, due: due.map(({ spec }) => spec.name), outcomes, bytesRead: 1, requests: NO_REQUESTS, cpuSeconds: 0 };
    }
  },
};
const specs = SEVEN;
/** @type {import('../../dist/run/pricing.js').Pricing} */
const pricing = {
  trade: MAKING,
  way: 'local', prices: LIST_PRICES, region: null, inRegion: false, freeTier: false, kms: false, variantsClass: 'STANDARD',
  here: { cores: 1, connections: 8 }, fanout: { memoryMb: 1769, architecture: 'arm64', concurrency: 1000 },
};
const layout = parseLayout('{variant}/{path}', specs.map(({ name }) => name));
const writing = { variants: 'variants', originals: 'originals', layout: layout.template, all: specs, chosen: specs, deliberate: true, adopt: false };
const summary = await reprocess(
  { originals, variants, engine, trial: engine, pricing, layout, specs, lanes: 1, manifest: null, checkpoint: variants.own, leaseSeconds: 60, fresh: false, writing },
  mode === 'all' ? 'all' : 'due',
  EVERYTHING,
  { dryRun: false, limit: null, maxCost: null, sample: null, maxFailures: { percent: 100 }, onEvent: () => undefined, signal: new AbortController().signal },
);
const seconds = (performance.now() - began) / 1000;
const status = await readFile('/proc/self/status', 'utf8').catch(() => '');
const rss = Math.round(Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? process.resourceUsage().maxRSS) / 1000);
console.log(JSON.stringify({ seconds, planned: summary.originals, rss, checkpoint: largest, firstJob, listed }));
