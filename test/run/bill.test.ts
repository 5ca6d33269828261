import { expect, test } from 'vitest';
import { NO_SUMS, type Sums } from '../../src/checkpoint/sums.js';
import { LIST_PRICES } from '../../src/cost/list-prices.js';
import { fromUsd } from '../../src/cost/money.js';
import { copyingTrade } from '../../src/cost/trade.js';
import { addWorkload, type Workload } from '../../src/cost/workload.js';
import { NOTHING_INVOKED } from '../../src/model/invoked.js';
import { NO_REQUESTS } from '../../src/model/requests.js';
import { NO_TRAFFIC } from '../../src/model/traffic.js';
import { billOf, spentOn } from '../../src/run/bill.js';
import { Tally } from '../../src/run/tally.js';
import { billing, GIB, work } from '../cost/support.js';
import { runParts } from './run-parts.js';

const USED = { traffic: NO_TRAFFIC, invoked: NOTHING_INVOKED, bytesRead: 10 * GIB, bytesWritten: 0 };

function sums(workload: Workload): Sums {
  return { ...NO_SUMS, workload };
}

test('archived originals, which fail unread, take no part of what was retrieved from others', () => {
  const planned = addWorkload(work(10, { bytes: GIB, storageClass: 'STANDARD_IA' }), work(10, { bytes: 2 * GIB, storageClass: 'GLACIER' }));
  const read = sums(planned);
  const terms = billing('us-east-1');
  // 10 GB x 0.01.
  expect(spentOn(USED, read, terms)).toBe(fromUsd(0.1));
  const bill = billOf(USED, read, terms, runParts().pricing, false);
  expect(bill?.lines.find(({ item }) => item === 'retrieval')).toMatchObject({ estimated: { quantity: 10 }, actual: { quantity: 10 } });
});

test('of the looks that copying takes, half are at the target, at its price: in what was expected and in what was done', () => {
  const trade = copyingTrade('bring-back');
  const tally = new Tally(undefined, trade);
  const workload = work(10, { storageClass: 'GLACIER_IR' });
  for (let i = 0; i < 10; i++) tally.addResult({ original: `${i}`, due: [], outcomes: [], bytesRead: 0, requests: { ...NO_REQUESTS, head: 2, put: 1 }, cpuSeconds: 0 });
  const { traffic } = tally.spent(NO_TRAFFIC);
  const bill = billOf({ ...USED, traffic, bytesRead: 0 }, sums(workload), billing('us-east-1'), { ...runParts().pricing, trade }, false);
  const linesOf = (item: string) => bill?.lines.filter((line) => line.item === item);
  expect(linesOf('head')).toMatchObject([{ unitPrice: 0.00001, estimated: { quantity: 10 }, actual: { quantity: 10 } }]);
  expect(linesOf('look-up')).toMatchObject([{ unitPrice: 0.0000004, estimated: { quantity: 10 }, actual: { quantity: 10 } }]);
});

test('where all originals are of classes without a price, what was read is billed as Standard', () => {
  const known = LIST_PRICES.regions['us-east-1'];
  const standard = { put: 0, get: 0, retrievalPerGb: 0.02, storagePerGbMonth: [{ upTo: null, price: 0.01 }], minimumBytes: 0 };
  const prices = { ...LIST_PRICES, regions: { 'us-east-1': { ...known, s3: { list: 0, classes: { STANDARD: standard } } } } };
  // 10 GB x 0.02.
  expect(spentOn(USED, sums(work(10, { bytes: GIB, storageClass: 'ODD' })), billing('us-east-1', { prices }))).toBe(fromUsd(0.2));
});
