import type { Summary } from '../model/events.js';
import { itemText } from './bill-wording.js';
import { showQuantity, showUsd } from './format.js';

/** What a run has cost, beside what was to be expected, line by line. */
export function billedLines({ bill }: Summary): string[] {
  if (bill === null) return [];
  const row = (name: string, estimated: string, wasSent: string, expected: string, actual: string): string =>
    `  ${name.padEnd(32)}${estimated.padStart(11)}${wasSent.padStart(11)}${expected.padStart(11)}${actual.padStart(11)}`;
  return [
    '',
    row('cost, by list prices', 'estimated', 'actual', 'estimated', 'actual'),
    ...bill.lines.map(({ item, estimated, actual }) =>
      row(itemText(item), showQuantity(estimated.quantity), showQuantity(actual.quantity), showUsd(estimated.usd), showUsd(actual.usd)),
    ),
    row('total', '', '', showUsd(bill.estimatedUsd), showUsd(bill.usd)),
  ];
}
