/**
 * Draws docs/fan-out.svg: npm run plot:lambda
 *
 * The scenario through the real engine, over a simulated Lambda: an account of 1,000 that is shared with live uploads.
 */
import * as Plot from '@observablehq/plot';
import { build } from 'esbuild';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { writePanels } from '../plots.js';

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
const end = samples.at(-1)?.seconds ?? 0;
const file = path.join(root, 'docs/fan-out.svg');
writePanels(file, { label: 'seconds', domain: [0, end] }, [
  {
    label: 'invocations: in flight (filled), allowed (line)',
    marks: [
      Plot.areaY(samples, { x: 'seconds', y: 'inFlight', fill: '#9ecae1' }),
      Plot.lineY(samples, { x: 'seconds', y: 'concurrency', stroke: '#08519c' }),
    ],
  },
  { label: 'originals done, a second', marks: [Plot.lineY(samples, { x: 'seconds', y: 'originals', stroke: '#238b45' })] },
  { label: 'throttles, a second', marks: [Plot.ruleX(samples, { x: 'seconds', y1: 0, y2: 'throttles', stroke: '#cb181d', strokeWidth: 2 })] },
]);
console.log(`${path.relative(process.cwd(), file)}: ${samples.length} samples of ${end} s`);
