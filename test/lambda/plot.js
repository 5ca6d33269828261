/**
 * Draws docs/fan-out.svg: npm run plot:lambda
 *
 * The scenario through the real engine, over a simulated Lambda: an account of 1,000 that is shared with live uploads.
 */
import * as Plot from '@observablehq/plot';
import { build } from 'esbuild';
import { parseHTML } from 'linkedom';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ORIGINALS = 300_000;
const LIVE = 150;

const root = fileURLToPath(new URL('../..', import.meta.url));
// Beside the packages that it imports.
const compiled = path.join(root, 'node_modules/.cache/imgvar-plot/samples.mjs');
mkdirSync(path.dirname(compiled), { recursive: true });
await build({ absWorkingDir: root, entryPoints: ['test/lambda/samples.ts'], outfile: compiled, bundle: true, format: 'esm', platform: 'node', packages: 'external' });
const { samplesOf } = await import(pathToFileURL(compiled).href);

/** @type {readonly { seconds: number, inFlight: number, concurrency: number, originals: number, throttles: number }[]} */
const samples = await samplesOf(ORIGINALS, null, LIVE);
const { document } = parseHTML('<!doctype html><html><body></body></html>');
const end = samples.at(-1)?.seconds ?? 0;

/** @param {string} label @param {readonly Plot.Markish[]} marks */
function panel(label, marks) {
  return Plot.plot({ document, width: 760, height: 190, marginLeft: 60, x: { label: 'seconds', domain: [0, end] }, y: { label, grid: true, zero: true }, marks: [Plot.ruleY([0]), ...marks] });
}

const panels = [
  panel('invocations: in flight (filled), allowed (line)', [
    Plot.areaY(samples, { x: 'seconds', y: 'inFlight', fill: '#9ecae1' }),
    Plot.lineY(samples, { x: 'seconds', y: 'concurrency', stroke: '#08519c' }),
  ]),
  panel('originals done, a second', [Plot.lineY(samples, { x: 'seconds', y: 'originals', stroke: '#238b45' })]),
  panel('throttles, a second', [Plot.ruleX(samples, { x: 'seconds', y1: 0, y2: 'throttles', stroke: '#cb181d', strokeWidth: 2 })]),
];
const drawn = panels.map((svg, i) => {
  svg.setAttribute('y', String(i * 195));
  return svg.outerHTML;
});
const file = path.join(root, 'docs/fan-out.svg');
writeFileSync(file, `<svg xmlns="http://www.w3.org/2000/svg" width="760" height="585" viewBox="0 0 760 585">\n<rect width="760" height="585" fill="white"/>\n${drawn.join('\n')}\n</svg>\n`);
console.log(`${path.relative(process.cwd(), file)}: ${samples.length} samples of ${end} s`);
