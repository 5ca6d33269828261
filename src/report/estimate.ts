import type { Estimated } from '../model/events.js';
import type { DueCounts, EstimateLine, Interval } from '../model/estimate.js';
import type { DueReason } from '../model/job.js';
import { boundText, itemText, liftText, shortBoundText, uncountedText, wayText } from './bill-wording.js';
import { plural, showBytes, showCount, showDuration, showKey, showQuantity, showUsd } from './format.js';
import { reasonText } from './wording.js';

/** The widest that a line is made. */
const WIDTH = 78;

/** What a dry run found, what it would cost, how long it would take, and what else one could choose; 80 columns. */
export function estimateLines(estimate: Estimated): string[] {
  if (estimate.variants === 0) return [];
  const inBuckets = 'pricesDate' in estimate.assumptions;
  return [
    '',
    ...dueLines(estimate.due),
    '',
    ...(inBuckets ? [...costLines(estimate), ''] : ['Cost   nothing: folders are not billed']),
    ...timeLines(estimate),
    ...measuredLines(estimate),
    ...(inBuckets && estimate.alternatives.length > 0 ? ['', ...alternativeLines(estimate)] : []),
    ...(inBuckets ? ['', ...assumptionLines(estimate)] : []),
  ];
}

function dueLines(due: DueCounts): string[] {
  const byReason = new Map<string, string[]>();
  const sums = new Map<string, number>();
  for (const [spec, reasons] of Object.entries(due)) {
    for (const [reason, count] of Object.entries(reasons)) {
      byReason.set(reason, [...(byReason.get(reason) ?? []), `${showKey(spec)} ${showCount(count)}`]);
      sums.set(reason, (sums.get(reason) ?? 0) + count);
    }
  }
  return [...byReason].flatMap(([reason, specs]) => {
    const name = reasonText(reason as DueReason);
    return wrapped(`  ${name.padEnd(20)}${showCount(sums.get(reason) ?? 0).padStart(9)}  `, specs);
  });
}

function costLines({ lines, usd, originals, storage, assumptions }: Estimated): string[] {
  const regions = [...new Set([assumptions['originalsRegion'], assumptions['variantsRegion']])].filter((region) => region !== undefined);
  return [
    `Cost   by list prices of ${regions.join(' and ')} (${assumptions['pricesDate']})`,
    ...billLines(lines),
    total('total', usd),
    total('for one original', usd / originals),
    ...(storage.usdPerMonth === 0 ? [] : [`  and for storage, ${showBytes(storage.bytes)} more: ${showUsd(storage.usdPerMonth)} a month`]),
  ];
}

/** What is billed, how much of it, the price of one, and what that comes to. */
export function billLines(lines: readonly EstimateLine[]): string[] {
  return lines.map(({ item, quantity, unit, unitPrice, usd }) =>
    `  ${itemText(item).padEnd(32)}${showQuantity(quantity).padStart(11)} ${unit.padEnd(10)} ${`$${plain(unitPrice)}`.padStart(11)}${showUsd(usd).padStart(12)}`,
  );
}

export function total(name: string, usd: number): string {
  return `  ${name.padEnd(65)}${showUsd(usd).padStart(12)}`;
}

/** A unit price as it is listed, without an exponent. */
function plain(price: number): string {
  return price.toFixed(12).replace(/0+$/, '').replace(/\.$/, '');
}

function timeLines({ seconds, boundBy, way, assumptions }: Estimated): string[] {
  const cores = boundBy === 'cores' && way === 'local' ? ` here (${assumptions['cores']})` : '';
  const lift = liftText(boundBy);
  return [`Time   about ${showDuration(seconds)}, bound by ${boundText(boundBy)}${cores}${lift === '' ? '' : `;`}`, ...(lift === '' ? [] : [`       ${lift}${lift.endsWith('would') ? ' shorten it' : ''}`])];
}

function measuredLines({ measured, alternatives }: Estimated): string[] {
  // What copies are like is known.
  if (alternatives.length === 0) return [];
  const { basis, originals, cpuSeconds, outputBytes } = measured;
  const figures = `${showDuration(cpuSeconds.value)} of one core, ${showBytes(outputBytes.value)} of variants`;
  if (basis === 'default') return [`By     the model of work: ${figures}`, '       --sample 50 measures some of your originals in its place'];
  if (basis === 'history') return [`By     the last runs of these variants (${plural(originals, 'original')}):`, `       ${figures}`];
  return [
    `By     ${plural(originals, 'original')} measured: ${figures}`,
    `       with 90% probability ${between(cpuSeconds, showDuration)}, and ${between(outputBytes, showBytes)}`,
  ];
}

function between({ low, high }: Interval, show: (value: number) => string): string {
  return `${show(low)} to ${show(high)}`;
}

function alternativeLines({ way, alternatives, all, usd, seconds, variants }: Estimated): string[] {
  const row = (name: string, money: string, time: string, bound: string): string =>
    `  ${name.padEnd(28)}${money.padStart(10)}${time.padStart(14)}  ${bound}`.trimEnd();
  const rows = alternatives.map((other) => {
    const name = `${wayText(other.way)}${other.way === way ? ' *' : ''}`;
    if ('why' in other) return row(name, '?', '', 'no price; see --prices');
    return row(name, showUsd(other.usd), showDuration(other.seconds), shortBoundText(other.boundBy));
  });
  const modes =
    all === null
      ? []
      : ['', row('only what is due *', showUsd(usd), showDuration(seconds), plural(variants, 'variant')), row('--mode all', showUsd(all.usd), showDuration(all.seconds), plural(all.variants, 'variant'))];
  return [row('Ways', 'cost', 'time', 'bound by'), ...rows, ...modes];
}

function assumptionLines({ way, assumptions, uncounted }: Estimated): string[] {
  const said: string[] = [];
  const { downloadsGoOut, variantsClass, billedAsStandard, freeTier, kms, lambdaMemoryMb, lambdaArchitecture, lambdaConcurrency } = assumptions;
  // In functions none goes out; that is about this machine, which stands among the other ways.
  if (downloadsGoOut === true) said.push(`${way === 'local' ? '' : 'to this machine '}downloads go out to the internet (--in-region: not)`);
  if (downloadsGoOut === false) said.push('downloads stay in the region');
  if (variantsClass !== undefined) said.push(`variants are stored as ${variantsClass}`);
  if (billedAsStandard !== undefined) said.push(`originals in ${showKey(String(billedAsStandard))} are billed as Standard`);
  said.push(freeTier === true ? 'the free tier is unused' : 'no free tier');
  said.push(kms === true ? 'each GET and PUT asks KMS' : 'no KMS');
  said.push(`Lambda ${lambdaMemoryMb} MB ${lambdaArchitecture}, ${lambdaConcurrency} at a time`);
  said.push('nothing fails');
  return [...wrapped('Assumed  ', said), ...wrapped('Not in   ', uncounted.map(uncountedText))];
}

/** Words behind a beginning, in as many lines as they take, each as far in as the first. */
function wrapped(beginning: string, words: readonly string[]): string[] {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length + 2 <= WIDTH) lines[lines.length - 1] = `${last}, ${word}`;
    else lines.push((last === undefined ? beginning : ' '.repeat(beginning.length)) + word);
  }
  return lines;
}
