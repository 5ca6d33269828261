import { MAKING } from '../../src/cost/trade.js';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadPrices } from '../../src/config/prices-file.js';
import { DEFAULTS } from '../../src/cost/expected.js';
import { COLD_START_SECONDS, ENVIRONMENTS_PER_SECOND, FREE, lambdaTime, LOG_BYTES, MB_OF_ONE_VCPU, REQUESTS_PER_CONCURRENCY } from '../../src/cost/lambda.js';
import { LIST_PRICES } from '../../src/cost/list-prices.js';
import { LEVELS, scenarioColumns } from '../../src/cost/scenario.js';
import { FREE_INTERNET_GB } from '../../src/cost/store-lines.js';
import { GETS_PER_SECOND, PUTS_PER_SECOND } from '../../src/cost/wall-time.js';
import { BESIDE, INVOCATION, LATENCY_SECONDS, QUEUE, REQUEST_CPU_SECONDS, WAITING_SECONDS } from '../../src/cost/ways.js';
import { UNCOUNTED, WAYS, type Bound, type Item } from '../../src/model/estimate.js';
import { NO_WORK } from '../../src/cost/workload.js';
import { NO_TRAFFIC } from '../../src/model/traffic.js';
import type { Pricing } from '../../src/run/pricing.js';
import { undertakingOf } from '../../src/run/undertaking.js';
import { inFolder } from '../config/support.js';
import { spec } from '../support.js';
import { billing, lineNamed } from './support.js';

const text = readFileSync(path.join(import.meta.dirname, '..', '..', 'docs', 'cost-model.md'), 'utf8');

/** As it is read, whatever its lines. */
const flat = text.replaceAll(/\s+/g, ' ');

/** Cells of the rows of the table under a heading of whatever level. */
function rowsUnder(heading: string): string[][] {
  const [, section = ''] = text.split(new RegExp(`^#+ ${heading}$`, 'm'));
  const [own = ''] = section.split(/^#/m);
  return [...own.matchAll(/^\| (.*) \|$/gm)].map(([, cells = '']) => cells.split(/ *\| */)).slice(2);
}

const codesIn = (cell = ''): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);

/** Its numbers, as a person reads them. */
const numberIn = (cell = ''): number => Number(cell.replaceAll(',', ''));

describe('docs/cost-model.md', () => {
  test('what is assumed is what the code assumes', () => {
    const assumed: Record<string, number> = {
      COLD_START_SECONDS,
      WAITING_SECONDS,
      REQUEST_CPU_SECONDS,
      BESIDE,
      'LATENCY_SECONDS.inRegion': LATENCY_SECONDS.inRegion,
      'LATENCY_SECONDS.away': LATENCY_SECONDS.away,
      'INVOCATION.seconds': INVOCATION.seconds,
      'INVOCATION.originals': INVOCATION.originals,
      'LOG_BYTES.invocation': LOG_BYTES.invocation,
      'LOG_BYTES.original': LOG_BYTES.original,
      MB_OF_ONE_VCPU,
      ENVIRONMENTS_PER_SECOND,
      REQUESTS_PER_CONCURRENCY,
      PUTS_PER_SECOND,
      GETS_PER_SECOND,
      'FREE.requests': FREE.requests,
      'FREE.gbSeconds': FREE.gbSeconds,
      FREE_INTERNET_GB,
      'QUEUE.workers': QUEUE.workers,
      'QUEUE.idleSeconds': QUEUE.idleSeconds,
      'QUEUE.messagesPerRequest': QUEUE.messagesPerRequest,
      'QUEUE.requestsPerMessage': QUEUE.requestsPerMessage,
    };
    const told = rowsUnder('What else is assumed or measured').map(([name, value]) => [codesIn(name).join(), Number(value)]);
    expect(Object.fromEntries(told)).toEqual(assumed);
  });

  test('requests for what imgvar keeps', () => {
    const pricing: Pricing = { trade: MAKING, way: 'local', prices: LIST_PRICES, region: null, inRegion: false, freeTier: false, kms: false, variantsClass: 'STANDARD', here: { cores: 2, connections: 50 }, fanout: { memoryMb: 1_769, architecture: 'arm64', concurrency: 1_000 } };
    const own = (cpuSeconds: number) => undertakingOf({ ...NO_WORK, cpuSeconds }, NO_TRAFFIC, billing('us-east-1'), pricing).traffic.own;
    expect(flat).toContain('8 LIST, 6 GET and 10 PUT for a run, and while it lasts a PUT every 3 seconds, and one more PUT and a LIST every 20.');
    expect(own(0)).toMatchObject({ list: 8, get: 6, put: 10, head: 0 });
    // A minute on two cores.
    expect(own(120)).toMatchObject({ list: 8 + 3, get: 6, put: 10 + 20 + 3, head: 0 });
  });

  test('the formulas have the same figures', () => {
    expect(text).toContain(`seconds               = ${DEFAULTS.secondsPerOriginal} + `);
    expect(text).toContain(`(seconds of a core + ${REQUEST_CPU_SECONDS} x its requests) x max(1, ${MB_OF_ONE_VCPU} / MB) + ${WAITING_SECONDS}`);
    expect(text).toContain(`originals x those seconds + cold starts x ${COLD_START_SECONDS})`);
    expect(text).toContain(`ramp = environments / ${ENVIRONMENTS_PER_SECOND} + ${COLD_START_SECONDS}`);
    expect(text).toContain(`(seconds of a core x ${1 + BESIDE} + ${REQUEST_CPU_SECONDS} x requests) / cores`);
    expect(text).toContain(`requests x ${LATENCY_SECONDS.inRegion} (in the region) or ${LATENCY_SECONDS.away} / connections`);
  });

  test('what work is expected to take', () => {
    const FORMATS = ['jpeg', 'webp', 'avif', 'png', 'tiff'];
    const { bytesPerPixel, bytesPerPixelElse, readNanoseconds, readNanosecondsElse, writeNanoseconds, writtenBytesPerPixel } = DEFAULTS;
    const each = (figures: Readonly<Record<string, number>>, other: number) => [...FORMATS.map((format) => figures[format] ?? other), other];
    expect(rowsUnder('What the work is expected to take').map((cells) => cells.slice(1).filter((cell) => cell !== '').map(Number))).toEqual([
      each(bytesPerPixel, bytesPerPixelElse),
      each(readNanoseconds, readNanosecondsElse),
      Object.values(writeNanoseconds),
      Object.values(writtenBytesPerPixel),
    ]);
    expect(Object.keys(writeNanoseconds)).toEqual(FORMATS.slice(0, 4));
    expect(Object.keys(writtenBytesPerPixel)).toEqual(FORMATS.slice(0, 4));
    expect(Object.keys(bytesPerPixel).every((format) => FORMATS.includes(format))).toBe(true);
  });

  test('every line is there', () => {
    const every: Record<Item, true> = {
      list: true, get: true, head: true, put: true, 'look-up': true, 'own-get': true, 'own-put': true, retrieval: true, 'transfer-out': true, 'transfer-between': true,
      kms: true, invocations: true, compute: true, logs: true, 'batch-job': true, 'batch-objects': true, queue: true, machine: true,
    };
    expect(rowsUnder('What is counted').flatMap(([items]) => codesIn(items)).sort()).toEqual(Object.keys(every).sort());
  });

  test('and every way, every bound, and all that is left out', () => {
    const bounds: Record<Exclude<Bound, 'nothing'>, true> = { cores: true, connections: true, compute: true, 'invocation-rate': true, 'put-rate': true, 'get-rate': true };
    expect(rowsUnder('The ways').map(([way]) => codesIn(way).join())).toEqual([...WAYS]);
    expect(rowsUnder('How long it takes').flatMap(([bound]) => codesIn(bound)).sort()).toEqual(Object.keys(bounds).sort());
    expect(rowsUnder('What is not counted').map(([code]) => codesIn(code).join())).toEqual([...UNCOUNTED]);
  });

  test('how long 300,000 images take', () => {
    const fanout = { memoryMb: 1_769, architecture: 'arm64', concurrency: 1_000, originalsPerInvocation: 1 } as const;
    const seconds = (secondsPerOriginal: number, gets: number, puts: number) => Math.round(lambdaTime({ originals: 300_000, secondsPerOriginal, gets, puts }, fanout).seconds - 10.6);
    expect(text).toContain(`| compute, at 150, 250 and 500 ms | ${seconds(0.15, 0, 0)}, ${seconds(0.25, 0, 0)} and ${seconds(0.5, 0, 0)} s |`);
    expect(text).toContain(`| invocation rate | ${seconds(0, 0, 0)} s |`);
    expect(text).toContain(`| GET | ${seconds(0, 300_000, 0)} s |`);
    expect(text).toContain(`| PUT of one variant | ${seconds(0, 300_000, 300_000)} s |`);
    expect(text).toContain(`| PUT of seven variants | ${seconds(0, 300_000, 2_100_000)} s |`);
  });

  test('the $27.50 by hand is what the scenario computes', () => {
    const [asItWas] = scenarioColumns(LEVELS, LIST_PRICES, [spec('a')]);
    const rows = rowsUnder('The \\$27.50 by hand');
    expect(rows.pop()?.at(-1)).toBe(((asItWas?.total ?? NaN) / 1e9).toFixed(4));
    expect(rows.map(([item]) => item)).toEqual(asItWas?.lines.map(({ item }) => item));
    for (const [item, quantity, unitPrice, usd] of rows) {
      const line = lineNamed(asItWas?.lines ?? [], item as Item);
      expect([numberIn(quantity), Number(unitPrice), usd]).toEqual([line.quantity, line.unitPrice, line.usd.toFixed(4)]);
    }
  });

  test('its prices file is one', async () => {
    const [, example = ''] = /```json\n([^]*?)```/.exec(text) ?? [];
    await inFolder(async (folder) => {
      await writeFile(path.join(folder, 'prices.json'), example);
      const { date, source, regions } = await loadPrices('prices.json', folder);
      expect(date).toBe('2026-11-20');
      expect(source).toContain("our contract, and AWS's price list");
      expect(regions['eu-central-1']).toMatchObject({
        s3: { list: 0.0000054, classes: { STANDARD: { put: 0.000005, get: 0.00000043, storagePerGbMonth: [{ upTo: null, price: 0.0225 }] } } },
        lambda: { request: 0.0000002, gbSecond: { arm64: [{ upTo: null, price: 0.0000133334 }], x86_64: [{ upTo: 6e9 }, { upTo: 15e9 }, { upTo: null }] } },
        machine: { name: 'c7g.large', cores: 2, hour: 0.0825 },
      });
      expect(regions['us-east-1']).toEqual(LIST_PRICES.regions['us-east-1']);
    });
  });

  test('when the list prices were put together', () => {
    expect(flat).toContain(`put together on ${LIST_PRICES.date}`);
  });

  test('what is not known is what it says', () => {
    const regions = Object.entries(LIST_PRICES.regions);
    const names = (lacking: (region: (typeof regions)[number][1]) => boolean) => regions.filter(([, region]) => lacking(region)).map(([name]) => name);
    expect(names(({ lambda }) => lambda === undefined)).toEqual(['ap-east-2', 'ap-southeast-6', 'ap-southeast-7', 'mx-central-1']);
    expect(names(({ lambda }) => lambda !== undefined && lambda.gbSecond.arm64 === undefined)).toEqual(['ap-south-2', 'ca-west-1', 'eu-south-2', 'il-central-1', 'us-gov-east-1', 'us-gov-west-1']);
    expect(names(({ kms, logs, queue, batch, machine }) => [kms, logs, queue, batch, machine].some((figure) => figure !== undefined))).toEqual(['us-east-1']);
    expect(flat).toContain('Lambda in ap-east-2, ap-southeast-6, ap-southeast-7 and mx-central-1');
    expect(flat).toContain('Lambda in ap-south-2, ca-west-1, eu-south-2, il-central-1, us-gov-east-1, us-gov-west-1');
  });
});
