import { writeFileSync } from 'node:fs';
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';

const WIDTH = 760;
const HEIGHT = 190;
const GAP = 5;

/**
 * Writes plots that share the time on their x axis as one SVG, one below the other.
 *
 * @param {string} file
 * @param {{ readonly label: string, readonly domain: readonly [number, number] }} time
 * @param {readonly { readonly label: string, readonly marks: readonly Plot.Markish[], readonly max?: number }[]} panels
 */
export function writePanels(file, time, panels) {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const drawn = panels.map(({ label, marks, max }, i) => {
    const y = { label, grid: true, zero: true, ...(max === undefined ? {} : { domain: [0, max], clamp: true }) };
    const svg = Plot.plot({ document, width: WIDTH, height: HEIGHT, marginLeft: 60, x: { label: time.label, domain: [...time.domain] }, y, marks: [Plot.ruleY([0]), ...marks] });
    svg.setAttribute('y', String(i * (HEIGHT + GAP)));
    return svg.outerHTML;
  });
  const height = panels.length * (HEIGHT + GAP);
  writeFileSync(file, `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}">\n<rect width="${WIDTH}" height="${height}" fill="white"/>\n${drawn.join('\n')}\n</svg>\n`);
}
