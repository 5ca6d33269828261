import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { showBytes, showCount } from '../format.js';
import { html, Html } from './html.js';

const ACCENT = 'var(--accent)';
const BAD = 'var(--bad)';

/** What happened between two points of a run, a second. */
export interface Rate {
  /** Of work, at its end. */
  readonly seconds: number;
  readonly originals: number;
  readonly failed: number;
}

export function throughputChart(intervals: readonly Rate[]): Html {
  const unit = timeUnit(intervals);
  const rates = fromStart(intervals);
  return figure('Originals a second, over the time of work', {
    x: { label: `${unit.name} of work`, domain: unit.domain },
    y: { label: 'originals a second', grid: true, zero: true },
    marks: [
      Plot.areaY(rates, { x: unit.of, y: 'originals', fill: ACCENT, fillOpacity: 0.25, curve: 'step-before' }),
      Plot.lineY(rates, { x: unit.of, y: 'originals', stroke: ACCENT, curve: 'step-before' }),
      Plot.ruleY([0]),
    ],
  });
}

export function failuresChart(intervals: readonly Rate[]): Html {
  const unit = timeUnit(intervals);
  const rates = fromStart(intervals);
  return figure('Failures a second, over the time of work', {
    x: { label: `${unit.name} of work`, domain: unit.domain },
    y: { label: 'variants failed a second', grid: true, zero: true },
    marks: [Plot.areaY(rates, { x: unit.of, y: 'failed', fill: BAD, fillOpacity: 0.3, curve: 'step-before' }), Plot.lineY(rates, { x: unit.of, y: 'failed', stroke: BAD, curve: 'step-before' }), Plot.ruleY([0])],
  });
}

export function bytesChart(specs: readonly { readonly name: string; readonly bytes: number }[]): Html {
  return figure('Bytes written, by spec', {
    height: 60 + 32 * specs.length,
    marginLeft: 120,
    x: { label: null, grid: true, tickFormat: (bytes: number) => showBytes(bytes), ticks: 4 },
    y: { label: null },
    marks: [Plot.barX(specs, { x: 'bytes', y: 'name', fill: ACCENT, sort: { y: '-x' } }), Plot.ruleX([0])],
  });
}

export function failureCodesChart(codes: readonly { readonly code: string; readonly count: number }[]): Html {
  return figure('Failures, by code', {
    height: 60 + 32 * codes.length,
    marginLeft: 160,
    x: { label: null, grid: true, tickFormat: (count: number) => (Number.isInteger(count) ? showCount(count) : ''), ticks: 4 },
    y: { label: null },
    marks: [Plot.barX(codes, { x: 'count', y: 'code', fill: BAD, sort: { y: '-x' } }), Plot.ruleX([0])],
  });
}

function figure(caption: string, options: Plot.PlotOptions): Html {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const drawn = Plot.plot({ document, width: 620, height: 240, marginLeft: 60, style: { background: 'transparent', fontSize: '12px' }, ariaLabel: caption, ...options });
  drawn.setAttribute('role', 'img');
  return html`<figure>${new Html(drawn.outerHTML)}<figcaption>${caption}</figcaption></figure>`;
}

/** The first interval begins when the work does. */
function fromStart(intervals: readonly Rate[]): Rate[] {
  const [first] = intervals;
  return first === undefined ? [] : [{ ...first, seconds: 0 }, ...intervals];
}

/** A long run is not told in seconds. */
function timeUnit(rates: readonly Rate[]): { readonly name: string; readonly of: (rate: Rate) => number; readonly domain: [number, number] } {
  const longest = rates.at(-1)?.seconds ?? 0;
  const [name, long] = longest > 4 * 3600 ? ['hours', 3600] : longest > 240 ? ['minutes', 60] : ['seconds', 1];
  return { name, of: ({ seconds }) => seconds / long, domain: [0, longest / long] };
}
