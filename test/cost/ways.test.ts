import { describe, expect, test } from 'vitest';
import { LIST_PRICES } from '../../src/cost/list-prices.js';
import { uncountedIn } from '../../src/cost/uncounted.js';
import { billedSeconds, costOf, costOrWhyNot, plannedInvocations } from '../../src/cost/ways.js';
import { WAYS, type Way } from '../../src/model/estimate.js';
import { billing, codeOf, GIB, traffic, undertaking, usd, work } from './support.js';

const FOLDERS = { places: { originals: null, variants: null }, inRegion: false };

/** 10,000 originals that take 7,200 s of a core, and no request, so that the time can be seen. */
const compute = (region: string) => undertaking({ workload: work(10_000), cpuSeconds: 7_200, billing: billing(region) });

describe('the ways', () => {
  test('local, within the region: what S3 bills', () => {
    const all = undertaking({ workload: work(1_000, { bytes: GIB }), traffic: traffic({ originals: { get: 1_000 } }), billing: billing('eu-central-1') });
    expect(usd(costOf('local', all).lines)).toEqual({ get: 0.00043 });
  });

  test('local, somewhere else: and the way out', () => {
    const all = undertaking({ workload: work(1_000, { bytes: GIB }), traffic: traffic({ originals: { get: 1_000 } }), billing: billing('sa-east-1', { inRegion: false }) });
    expect(usd(costOf('local', all).lines)).toEqual({ get: 0.00056, 'transfer-out': 150 }); // 1,000 GB x 0.15
  });

  test('all others work in the region, wherever this machine is', () => {
    const all = undertaking({ workload: work(1_000, { bytes: GIB }), billing: billing('us-east-1', { inRegion: false }) });
    expect(WAYS.filter((way) => 'transfer-out' in usd(costOf(way, all).lines))).toEqual(['local']);
  });

  test('one machine: 7,200 s and 5% beside them on two cores, 1.05 hours x 0.085', () => {
    const { lines, time } = costOf('machine', compute('us-east-1'));
    expect(usd(lines)).toEqual({ machine: 0.08925 });
    expect(time).toEqual({ boundBy: 'cores', seconds: 3_780 });
  });

  test('a queue: four such machines, each 300 s more, and three requests for ten originals', () => {
    const { lines, time } = costOf('queue', compute('us-east-1'));
    // 7,560 / 8 = 945 s; (945 + 300) x 4 / 3,600 = 1.38333 hours x 0.085; 3,000 requests x 0.0000004.
    expect(usd(lines)).toEqual({ queue: 0.0012, machine: 0.117583333 });
    expect(time.seconds).toBe(945);
  });

  test.each([
    ['us-east-1', 0.0000133334, 0.0000002],
    ['eu-central-1', 0.0000133334, 0.0000002],
    ['af-south-1', 0.00001768, 0.00000027],
  ])('lambda, %s: two originals to an invocation of two seconds', (region, gbSecond, request) => {
    // 0.72 s of a core and 0.06 s of waiting: 2 / 0.78 = 2 originals, 5,000 invocations, 1,000 cold starts of 0.6 s.
    const all = { ...compute(region), fanout: { memoryMb: 1_769, architecture: 'arm64' as const, concurrency: 1_000 } };
    expect(plannedInvocations(all)).toBe(5_000);
    const { invocations, compute: seconds } = usd(costOf('lambda', all).lines);
    expect(invocations).toBeCloseTo(5_000 * request, 9);
    expect(seconds).toBeCloseTo((1_769 / 1_024) * (10_000 * 0.78 + 600) * gbSecond, 8);
  });

  test('S3 Batch Operations: one original to an invocation, $0.25 and a millionth of a dollar for each', () => {
    const cost = usd(costOf('s3-batch', compute('us-east-1')).lines);
    expect(cost).toMatchObject({ 'batch-job': 0.25, 'batch-objects': 0.01, invocations: 0.002 });
  });

  test('the units of what no store bills', () => {
    const units = (way: Way) => costOf(way, compute('us-east-1')).lines.map(({ item, unit }) => `${item}: ${unit}`);
    expect(units('queue')).toEqual(['queue: requests', 'machine: hours']);
    expect(units('s3-batch')).toEqual(['invocations: requests', 'compute: GB-seconds', 'logs: GB', 'batch-job: jobs', 'batch-objects: objects']);
  });

  test('however light, 33 originals to an invocation: each waits for 0.06 of its two seconds', () => {
    expect(plannedInvocations(undertaking({ workload: work(1_000), billing: billing('us-east-1') }))).toBe(31); // 1,000 / 33
  });

  test('a request takes CPU wherever it is sent from', () => {
    // Eight requests: 8 x 0.0024 s, and 0.1 s of a core, and 0.06 s of waiting.
    expect(billedSeconds({ cpuSeconds: 0.1, gets: 2, puts: 6 }, 1, 1_769)).toBeCloseTo(0.1792, 12);
    const all = undertaking({
      workload: work(1_000),
      cpuSeconds: 100,
      traffic: traffic({ originals: { get: 1_000, head: 1_000 }, variants: { put: 6_000 } }),
      here: { cores: 2, connections: 1_000 },
      billing: billing('us-east-1'),
    });
    expect(costOf('local', all).time.seconds).toBeCloseTo((100 * 1.05 + 8_000 * 0.0024) / 2, 9);
    // Those of the work to where it goes as well, as copies are looked for.
    const copies = { ...all, traffic: traffic({ originals: { head: 3_000 }, variants: { head: 2_000, put: 1_000 } }), lookUps: 2_000 };
    expect(costOf('local', copies).time.seconds).toBeCloseTo((100 * 1.05 + 6_000 * 0.0024) / 2, 9);
  });
});

describe('how long it takes here', () => {
  const here = { cores: 4, connections: 50 };

  test('cores: no original is worked on by two', () => {
    const all = (originals: number) => undertaking({ workload: work(originals), cpuSeconds: 100, here, billing: billing('x', FOLDERS) });
    expect(costOf('local', all(100)).time).toEqual({ boundBy: 'cores', seconds: 26.25 });
    expect(costOf('local', all(1)).time).toEqual({ boundBy: 'cores', seconds: 105 });
  });

  test.each([
    [true, 1_000, 0.6], // 1,000 x 0.03 s / 50
    [false, 1_000, 1.6], // 0.08 s
  ])('connections, in the region: %s', (inRegion, get, seconds) => {
    const all = undertaking({ workload: work(get), traffic: traffic({ originals: { get } }), here: { cores: 64, connections: 50 }, billing: billing('us-east-1', { inRegion }) });
    const { time } = costOf('local', all);
    expect(time.boundBy).toBe('connections');
    expect(time.seconds).toBeCloseTo(seconds, 9);
  });

  test('connections: the workers of a queue have four times as many, in the region', () => {
    const all = undertaking({ workload: work(1_000), traffic: traffic({ originals: { get: 400, head: 400 }, variants: { put: 200 } }), here: { cores: 1, connections: 1 }, billing: billing('us-east-1', { inRegion: false }) });
    expect(costOf('queue', all).time).toEqual({ boundBy: 'connections', seconds: expect.closeTo(7.5, 9) }); // 1,000 x 0.03 s / 4
    expect(costOf('machine', all).time).toEqual({ boundBy: 'connections', seconds: expect.closeTo(30, 9) });
  });

  test.each([{ originals: null }, { variants: null }])('connections count where one side is a bucket: %j', (places) => {
    const all = undertaking({ workload: work(1_000), traffic: traffic({ originals: { get: 1_000 } }), here: { cores: 64, connections: 50 }, billing: billing('us-east-1', { places }) });
    expect(costOf('local', all).time.boundBy).toBe('connections');
  });

  test('folders wait for no connection', () => {
    const all = undertaking({ workload: work(1_000), traffic: traffic({ originals: { get: 1_000 } }), here: { cores: 64, connections: 1 }, billing: billing('x', FOLDERS) });
    expect(costOf('local', all).time).toEqual({ boundBy: 'cores', seconds: expect.closeTo(0.0375, 9) }); // 1,000 x 0.0024 s / 64
  });

  test('the rate of a bucket', () => {
    const all = undertaking({ workload: work(1_000), traffic: traffic({ variants: { put: 7_000 } }), here: { cores: 1_000, connections: 100_000 }, billing: billing('us-east-1') });
    expect(costOf('local', all).time).toEqual({ boundBy: 'put-rate', seconds: 2 });
  });

  test('nothing', () => {
    const nothing = undertaking({ billing: billing('us-east-1') });
    expect(costOf('local', nothing).time).toEqual({ boundBy: 'nothing', seconds: 0 });
    expect(plannedInvocations(nothing)).toBe(0);
  });
});

describe('what cannot be', () => {
  test('folder to folder costs nothing, and cannot be done in the cloud', () => {
    const all = undertaking({ workload: work(10, { bytes: GIB }), cpuSeconds: 10, billing: billing('mars-1', FOLDERS) });
    expect(costOf('local', all)).toMatchObject({ lines: [], total: 0 });
    for (const way of WAYS.filter((other) => other !== 'local')) expect(Object.keys(costOrWhyNot(way, all))).toEqual(['way', 'why']);
  });

  test.each([{ originals: null }, { variants: null }])('neither where one side is a folder: %j', (places) => {
    const all = undertaking({ workload: work(10), billing: billing('us-east-1', { places }) });
    const [side] = Object.keys(places);
    for (const way of WAYS.filter((other) => other !== 'local')) {
      expect(codeOf(() => costOf(way, all))).toBe('price-missing');
      expect(costOrWhyNot(way, all)).toMatchObject({ why: expect.stringMatching(new RegExp(`^${side} in a folder cannot be reached`, 'i')) });
    }
    expect(codeOf(() => costOf('local', all))).toBe('nothing was wrong');
  });

  test('a price that is not known is told instead of the cost', () => {
    const all = compute('eu-central-1');
    expect(costOrWhyNot('machine', all)).toMatchObject({ why: expect.stringContaining('regions.eu-central-1.machine') });
    expect(costOrWhyNot('queue', all)).toMatchObject({ why: expect.stringContaining('regions.eu-central-1.') });
    const region = Object.fromEntries(Object.entries(LIST_PRICES.regions['us-east-1'] ?? {}).filter(([name]) => name !== 'queue'));
    const noQueue = { ...all, billing: billing('us-east-1', { prices: { ...LIST_PRICES, regions: { 'us-east-1': region } } }) };
    expect(costOrWhyNot('queue', noQueue)).toMatchObject({ why: expect.stringContaining('regions.us-east-1.queue') });
    expect(costOrWhyNot('s3-batch', all)).toMatchObject({ why: expect.stringContaining('regions.eu-central-1.batch') });
  });
});

describe('what is not counted', () => {
  const replaced = { ...work(10), due: { small: { 'spec-changed': 10 } } };
  const added = { ...work(10), due: { small: { missing: 10 } } };

  test.each<[Way, string, object, object, readonly string[]]>([
    ['local', 'us-east-1', {}, replaced, []],
    ['machine', 'us-east-1', {}, replaced, ['machine-start']],
    ['queue', 'us-east-1', {}, replaced, ['machine-start']],
    ['lambda', 'us-east-1', {}, replaced, []],
    ['lambda', 'eu-central-1', {}, replaced, ['logs']],
    ['local', 'eu-central-1', {}, replaced, []],
    ['lambda', 'eu-central-1', { originals: null }, replaced, []],
    ['s3-batch', 'eu-central-1', {}, replaced, ['logs', 'batch-pace']],
    ['local', 'us-east-1', { variantsClass: 'STANDARD_IA' }, replaced, ['early-deletion']],
    ['local', 'us-east-1', { variantsClass: 'ONEZONE_IA' }, replaced, ['early-deletion']],
    ['local', 'us-east-1', { variantsClass: 'GLACIER_IR' }, replaced, ['early-deletion']],
    ['local', 'us-east-1', { variantsClass: 'STANDARD_IA' }, added, []],
    ['local', 'us-east-1', { variants: null, variantsClass: 'STANDARD_IA' }, replaced, []],
    ['local', 'us-east-1', {}, added, []],
    ['local', 'us-east-1', { variantsClass: 'INTELLIGENT_TIERING' }, added, ['monitoring']],
    ['local', 'us-east-1', { variantsClass: 'INTELLIGENT_TIERING' }, replaced, []],
    ['local', 'us-east-1', { variants: null, variantsClass: 'INTELLIGENT_TIERING' }, added, []],
  ])('%s, %s, %j', (way, region, places, workload, expected) => {
    const all = undertaking({ workload: { ...work(10), ...workload }, billing: billing(region, { places }) });
    expect(uncountedIn(way, all)).toEqual(expected);
  });
});
