import { html, Html } from './html.js';

/** Nothing is fetched and nothing is run, whatever is in the page. */
const POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

const STYLE = new Html(`
:root{color-scheme:light dark;--ink:#1b1f24;--soft:#59636e;--paper:#fff;--card:#f6f8fa;--line:#d1d9e0;--accent:#0a5fb4;--good:#1a7f37;--bad:#c0262d}
@media (prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#9198a1;--paper:#0d1117;--card:#161b22;--line:#30363d;--accent:#6cb0ff;--good:#56d364;--bad:#ff7b72}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
.skip{position:absolute;left:-999px}.skip:focus{left:1rem;top:1rem;background:var(--paper);padding:.5rem}
header,main,footer{max-width:76rem;margin:0 auto;padding:1.25rem}
h1{font-size:1.6rem;line-height:1.2;margin:.2rem 0}h2{font-size:1.2rem;margin:2.2rem 0 .8rem}h3{font-size:1rem;margin:1.4rem 0 .5rem;overflow-wrap:anywhere}h1.key{font-size:1.4rem}caption{text-align:left;padding:.3rem 0}
p{margin:.4rem 0}.soft,figcaption{color:var(--soft)}.good{color:var(--good)}.bad{color:var(--bad)}code,.key{font:.9em ui-monospace,monospace;overflow-wrap:anywhere}
nav a{margin-right:1rem;display:inline-block}a{color:var(--accent)}:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr));gap:.8rem;margin:0}
.tiles div{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:.7rem .9rem}.tiles dt{color:var(--soft);font-size:.85rem}.tiles dd{margin:0;font-size:1.3rem;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}th,td{padding:.35rem .6rem;border-bottom:1px solid var(--line);text-align:right;white-space:nowrap}th:first-child,td:first-child{text-align:left}thead th{color:var(--soft);font-weight:600;font-size:.85rem}tfoot td,tfoot th{font-weight:600;border-bottom:0}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,30rem),1fr));gap:1.2rem}figure{margin:0;min-width:0}.charts figure{overflow-x:auto}.charts svg{width:100%;min-width:30rem;max-width:42rem;height:auto;display:block}
details{border:1px solid var(--line);border-radius:.5rem;margin:.5rem 0;padding:.4rem .8rem}summary{cursor:pointer}details ul{margin:.4rem 0;padding-left:1.2rem}
.strip{display:flex;gap:.8rem;overflow-x:auto;padding:.2rem 0 .6rem;align-items:flex-end}.strip figure{flex:0 0 auto;max-width:min(20rem,80vw)}
.pair{display:flex;gap:.8rem;flex-wrap:wrap;align-items:flex-start}.pair figure{flex:1 1 20rem;max-width:100%}
img{max-width:100%;height:auto;display:block;border:1px solid var(--line);border-radius:.3rem;background:repeating-conic-gradient(#8883 0 25%,transparent 0 50%) 0 0/16px 16px}
figcaption{font-size:.85rem;margin-top:.25rem;overflow-wrap:anywhere}.none{border:1px dashed var(--line);border-radius:.3rem;padding:1.2rem;color:var(--soft)}
@media (max-width:30rem){th,td{padding:.3rem .35rem;font-size:.85rem}}
@media print{details::details-content{content-visibility:visible;block-size:auto}nav,.skip{display:none}details{break-inside:avoid}.strip{flex-wrap:wrap;overflow:visible}h2{break-after:avoid}figure,tr{break-inside:avoid}body{font-size:11px}}
`);

/** What this begins with tells that imgvar wrote it, and may write it anew. */
export const MARK = '<!-- imgvar report -->';

/** A page by itself: no script, and nothing from outside. */
export function page(title: string, head: Html, sections: readonly Section[], footer: Html): string {
  const shown = sections.filter(({ body }) => body !== null);
  return `<!doctype html>\n${MARK}\n${
    html`<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer"><meta http-equiv="Content-Security-Policy" content="${POLICY}"><title>${title}</title><link rel="icon" href="data:,"><style>${STYLE}</style></head>
<body><a class="skip" href="#content">To the content</a><header>${head}<nav aria-label="Sections">${shown.map(({ id, name }) => html`<a href="#${id}">${name}</a>`)}</nav></header>
<main id="content">${shown.map(({ id, name, body }) => html`<section id="${id}" aria-labelledby="${id}-name"><h2 id="${id}-name">${name}</h2>${body}</section>
`)}</main><footer class="soft">${footer}</footer></body></html>`.text
  }\n`;
}

export interface Section {
  readonly id: string;
  readonly name: string;
  /** Null where there is nothing to tell. */
  readonly body: Html | null;
}

/** Figures that are looked at first. */
export function tiles(figures: readonly (readonly [name: string, value: string, tone?: 'good' | 'bad'])[]): Html {
  return html`<dl class="tiles">${figures.map(([name, value, tone]) => html`<div><dt>${name}</dt><dd class="${tone ?? ''}">${value}</dd></div>`)}</dl>`;
}

/** @param foot a last row of sums */
export function table(caption: string, head: readonly string[], rows: readonly (readonly string[])[], foot?: readonly string[]): Html {
  const cells = (row: readonly string[]): Html[] => row.map((cell, i) => (i === 0 ? html`<th scope="row">${cell}</th>` : html`<td>${cell}</td>`));
  return html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0"><table><caption class="soft">${caption}</caption><thead><tr>${head.map((cell) => html`<th scope="col">${cell}</th>`)}</tr></thead><tbody>${rows.map((row) => html`<tr>${cells(row)}</tr>`)}</tbody>${foot !== undefined && html`<tfoot><tr>${cells(foot)}</tr></tfoot>`}</table></div>`;
}
