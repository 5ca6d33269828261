import type { RunReport, Saving, SheetRow, Shown } from '../../model/report.js';
import { itemText } from '../bill-wording.js';
import { plural, showBytes, showCount, showDuration, showQuantity, showRate, showUsd } from '../format.js';
import { failureAdvice, failureMessage } from '../wording.js';
import { bytesChart, failureCodesChart, failuresChart, throughputChart } from './charts.js';
import { dataUri, html, type Html } from './html.js';
import { page, table, tiles } from './page.js';

/** A run as one page that needs nothing else. */
export function runReportPage(report: RunReport): string {
  const { run } = report;
  const head = html`<p class="soft">imgvar ${run.command}</p><h1>Run ${run.id}</h1>
<p><span class="key">${run.originals}</span> to <span class="key">${run.variants}</span></p>
<p class="soft">${run.state}, mode ${run.mode}, ${plural(run.specs.length, 'spec')}; begun ${run.startedAt.slice(0, 19).replace('T', ' ')} UTC, ${showDuration(run.seconds)} of work</p>`;
  return page(`imgvar ${run.id}`, head, [
    { id: 'numbers', name: 'The numbers', body: numbers(report) },
    { id: 'cost', name: 'Cost', body: cost(report) },
    { id: 'course', name: 'How it went', body: course(report) },
    { id: 'failures', name: 'Failures', body: failures(report) },
    { id: 'specs', name: 'Specs', body: specs(report) },
    { id: 'look', name: 'To look at', body: sheet(report.sheet) },
  ], html`Made by imgvar from what it remembers of the run. The page fetches nothing and runs nothing.`);
}

function numbers({ run, usd, cpuSeconds }: RunReport): Html {
  const { originals, made, failed, upToDate, bytesRead, bytesWritten } = run.sums;
  const worked = originals - upToDate;
  return tiles([
    ['originals', showCount(originals)],
    ['up to date already', showCount(upToDate)],
    ['made', showCount(made), 'good'],
    failed > 0 ? ['failed', showCount(failed), 'bad'] : ['failed', '0'],
    ['read', showBytes(bytesRead)],
    ['written', showBytes(bytesWritten)],
    ['originals a second', run.seconds > 0 ? showRate(worked / run.seconds) : ''],
    ['time of all cores', showDuration(cpuSeconds)],
    ['cost', usd === null ? 'no prices known' : usd === 0 ? 'nothing' : showUsd(usd)],
  ]);
}

function cost({ bill }: RunReport): Html | null {
  if (bill === null) return null;
  const rows = bill.lines.map(({ item, estimated, actual }) => [itemText(item), showQuantity(estimated.quantity), showUsd(estimated.usd), showQuantity(actual.quantity), showUsd(actual.usd)]);
  return table('By list prices in USD: what was to be expected of the plan if nothing had failed, and what it was', ['line', 'expected', 'USD', 'actual', 'USD'], rows, ['total', '', showUsd(bill.estimatedUsd), '', showUsd(bill.usd)]);
}

function course({ rates, failures }: RunReport): Html | null {
  if (rates.length < 3) return html`<p class="soft">It took so little time that there is nothing to draw.</p>`;
  return html`<div class="charts">${throughputChart(rates)}${failures.length > 0 && failuresChart(rates)}</div>`;
}

function failures({ failures: found }: RunReport): Html {
  if (found.length === 0) return html`<p class="good">Nothing failed.</p>`;
  const lists = found.map(({ code, count, first }) => html`<details><summary><strong>${code}</strong>, ${showCount(count)}: ${failureAdvice(code)}</summary><ul>${first.map(
    ({ original, variant, detail }) => html`<li><span class="key">${original}</span>${variant !== null && html` [${variant}]`}: ${failureMessage({ code, detail })}</li>`,
  )}</ul>${count > first.length && html`<p class="soft">and ${showCount(count - first.length)} more; <code>imgvar failures</code> lists them all</p>`}</details>`);
  return html`<div class="charts">${failureCodesChart(found)}</div>${lists}`;
}

function specs({ specs: all, sampled }: RunReport): Html | null {
  if (all.every(({ made }) => made === 0)) return null;
  const rows = all.map(({ name, made, bytes, savings }) => [name, showCount(made), showBytes(bytes), made === 0 ? '' : showBytes(Math.round(bytes / made)), savingText(savings, 'webp'), savingText(savings, 'avif')]);
  const note = sampled === 0 ? '' : `; webp and avif measured on ${plural(sampled, 'original')}, at their usual quality`;
  return html`<div class="charts">${bytesChart(all)}</div>${table(`What was made of each spec${note}`, ['spec', 'made', 'bytes', 'on average', 'as webp', 'as avif'], rows)}`;
}

function savingText(savings: readonly Saving[], format: Saving['format']): string {
  const found = savings.find((saving) => saving.format === format);
  if (found === undefined) return '';
  const percent = Math.round((found.ratio - 1) * 100);
  return percent > 0 ? `+${percent}%` : `${percent}%`;
}

function sheet(rows: readonly SheetRow[]): Html | null {
  if (rows.length === 0) return null;
  return html`<p class="soft">Some originals and their variants as they are now, made small for this page.</p>${rows.map(
    ({ original, variants }) => html`<h3 class="key">${original.key}</h3><div class="strip" role="group" tabindex="0" aria-label="${original.key} and its variants">${[original, ...variants].map(shownFigure)}</div>`,
  )}`;
}

function shownFigure({ name, key, bytes, image, trouble }: Shown): Html {
  const label = name === '' ? 'original' : name;
  const picture = image !== null ? html`<img src="${dataUri('image/webp', image)}" alt="${label} of ${key}">` : html`<div class="none">${trouble ?? (bytes === null ? 'missing' : 'no picture')}</div>`;
  return html`<figure>${picture}<figcaption>${label}${bytes !== null && `, ${showBytes(bytes)}`}</figcaption></figure>`;
}
