/** Draws docs/soak.svg from soak.json: npm run plot:soak */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as Plot from '@observablehq/plot';
import { writePanels } from '../plots.js';

/** @typedef {Awaited<ReturnType<typeof import('./campaign.js').campaign>>} Campaign */

/** As many points as there are pixels are enough. */
const POINTS = 700;

/** @type {readonly Campaign[]} */
const campaigns = JSON.parse(readFileSync('soak.json', 'utf8'));
for (const [i, campaign] of campaigns.entries()) {
  const file = fileURLToPath(new URL(`../../docs/soak${i === 0 ? '' : '-bucket'}.svg`, import.meta.url));
  draw(file, campaign);
  console.log(`${path.relative(process.cwd(), file)}: ${campaign.name}, ${campaign.seen.length} seconds seen`);
  console.log(honesty(campaign));
}

/** @param {string} file @param {Campaign} campaign */
function draw(file, { seen, seconds }) {
  const every = Math.ceil(seen.length / POINTS);
  const samples = seen.filter((_, i) => i % every === 0).map((sample) => ({
    ...sample,
    seconds: sample.seconds / 60,
    told: sample.left === null ? null : sample.left / 60,
    really: (seconds - sample.seconds) / 60,
  }));
  const kills = seen.filter((sample, i) => i > 0 && sample.session !== seen[i - 1]?.session).map((sample) => sample.seconds / 60);
  const killed = Plot.ruleX(kills, { stroke: '#cb181d', strokeDasharray: '3,3' });
  const line = { x: 'seconds', z: 'session' };
  writePanels(file, { label: 'minutes (dashed: killed, and gone on with)', domain: [0, seconds / 60] }, [
    { label: 'originals a second', marks: [killed, Plot.lineY(samples, { ...line, y: 'rate', stroke: '#238b45' })] },
    {
      label: 'minutes left: told (line), really (dotted)',
      max: (seconds / 60) * 1.5,
      marks: [killed, Plot.lineY(samples, { ...line, y: 'really', stroke: '#999', strokeDasharray: '2,3' }), Plot.lineY(samples, { ...line, y: 'told', stroke: '#08519c' })],
    },
    {
      label: 'resident MB: coordinator (dark), largest worker',
      marks: [killed, Plot.lineY(samples, { ...line, y: 'coordinator', stroke: '#54278f' }), Plot.lineY(samples, { ...line, y: 'largestWorker', stroke: '#bcbddc' })],
    },
  ]);
}

/** How far the time left that was told was from what it really took, while there was at least a minute to go. @param {Campaign} campaign */
function honesty({ seen, seconds, kills }) {
  const ratios = seen.flatMap(({ left, seconds: at }) => (left === null || seconds - at < 60 ? [] : [left / (seconds - at)])).sort((a, b) => a - b);
  const at = (/** @type {number} */ share) => (ratios[Math.floor(share * (ratios.length - 1))] ?? NaN).toFixed(2);
  const most = (/** @type {'coordinator' | 'largestWorker'} */ which) => Math.round(Math.max(...seen.map((sample) => sample[which])));
  return [
    `  told of really: median ${at(0.5)}, nine tenths between ${at(0.05)} and ${at(0.95)}`,
    `  memory: coordinator at most ${most('coordinator')} MB, a worker at most ${most('largestWorker')} MB`,
    ...kills.map(({ done, leftAfter }) => `  killed at ${done}; left afterwards: ${leftAfter}`),
  ].join('\n');
}
