import { lineInUsd } from '../cost/lines.js';
import { toUsd } from '../cost/money.js';
import type { Prices } from '../cost/prices.js';
import type { Scenario, ScenarioColumn } from '../cost/scenario.js';
import type { Item } from '../model/estimate.js';
import { boundText, itemText } from './bill-wording.js';
import { plural, showBytes, showCount, showDuration, showUsd } from './format.js';

const NAMES: Record<ScenarioColumn['name'], string> = { 'as-it-was': 'as it was', 'today-all': 'today, all', 'today-added': 'today, added' };

/** The scenario in a table of 80 columns: one column for each way, one row for what is billed. */
export function scenarioLines({ count, averageBytes, region }: Scenario, prices: Prices, columns: readonly ScenarioColumn[]): string[] {
  const items = [...new Set(columns.flatMap(({ lines }) => lines.map(({ item }) => item)))];
  const row = (name: string, cell: (column: ScenarioColumn) => string): string => `  ${name.padEnd(26)}${columns.map((column) => cell(column).padStart(16)).join('')}`;
  return [
    `${plural(count, 'original')} of ${showBytes(averageBytes)} on average; list prices of ${region} (${prices.date})`,
    '',
    row('', ({ name }) => NAMES[name]),
    row('variants of each', ({ perOriginal }) => showCount(perOriginal)),
    row('function', ({ memoryMb, architecture }) => `${showCount(memoryMb)} MB ${architecture}`),
    row('billed for each', ({ seconds }) => `${seconds.toFixed(3)} s`),
    '',
    ...items.map((item) => row(itemText(item), (column) => costOf(item, column))),
    row('total', ({ total }) => showUsd(toUsd(total))),
    row('for one original', ({ total }) => showUsd(toUsd(total) / count)),
    row('time', ({ time }) => (time === null ? '' : showDuration(time.seconds))),
    '',
    ...notes(columns),
  ];
}

function costOf(item: Item, { lines }: ScenarioColumn): string {
  const line = lines.find((one) => one.item === item);
  return line === undefined ? '-' : showUsd(toUsd(line.amount));
}

function notes(columns: readonly ScenarioColumn[]): string[] {
  const [was, all, added] = columns.map(({ total }) => total);
  const less = (total: number | undefined): string => (was === undefined || total === undefined ? '' : `${Math.round((1 - total / was) * 100)}%`);
  const bound = columns.find(({ name }) => name === 'today-all')?.time?.boundBy;
  return [
    `Today all of them cost ${less(all)} less, and only what was added ${less(added)} less: arm64 and`,
    'one decode take a fraction of the compute, and what exists is not written again.',
    'What is left is mostly PUTs.',
    ...(bound === undefined ? [] : [`The time is bound by ${boundText(bound)}.`]),
  ];
}

/** As one JSON line. */
export function scenarioJson(scenario: Scenario, prices: Prices, columns: readonly ScenarioColumn[]) {
  return {
    type: 'scenario',
    ...scenario,
    pricesDate: prices.date,
    columns: columns.map(({ lines, total, time, ...column }) => ({ ...column, usd: toUsd(total), time, lines: lines.map(lineInUsd) })),
  };
}
