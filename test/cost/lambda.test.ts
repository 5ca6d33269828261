import { describe, expect, test } from 'vitest';
import { coldStartsFor, invocationsFor, invokedLines, lambdaLines, lambdaTime, secondsInFunction, type Fanout } from '../../src/cost/lambda.js';
import { lineInUsd } from '../../src/cost/lines.js';
import { LIST_PRICES } from '../../src/cost/list-prices.js';
import { chargeTiers } from '../../src/cost/tiers.js';
import { codeOf, lineNamed, usd } from './support.js';

const fanout = (fields: Partial<Fanout> = {}): Fanout => ({ memoryMb: 1024, architecture: 'arm64', concurrency: 1000, originalsPerInvocation: 1, ...fields });
const work = (originals: number, secondsPerOriginal: number, { gets = 0, puts = 0 } = {}) => ({ originals, secondsPerOriginal, gets, puts });
const billed = (region: string, freeTier = false) => ({ prices: LIST_PRICES, region, freeTier });

describe('what Lambda bills', () => {
  // 1,000,000 invocations of a second, and 1,000 cold starts of 0.6 s, at 1 GB: 1,000,600 GB-seconds.
  test.each([
    ['us-east-1', 'arm64', 0.2, 13.34140004], // 0.0000002; 0.0000133334
    ['us-east-1', 'x86_64', 0.2, 16.67670002], // 0.0000166667
    ['eu-central-1', 'arm64', 0.2, 13.34140004],
    ['eu-central-1', 'x86_64', 0.2, 16.67670002],
    ['af-south-1', 'arm64', 0.27, 17.690608], // 0.00000027; 0.00001768
    ['af-south-1', 'x86_64', 0.27, 22.11326], // 0.0000221
  ] as const)('%s, %s', (region, architecture, invocations, compute) => {
    expect(usd(lambdaLines(work(1_000_000, 1), fanout({ architecture }), billed(region)))).toMatchObject({ invocations, compute });
  });

  test('a GB is 1,024 MB', () => {
    // 512 MB: 0.5 x (1,000 x 2 s + 10 x 0.6 s) = 1,003 GB-seconds x 0.0000133334 = 0.0133734002.
    const lines = lambdaLines(work(1_000, 2), fanout({ memoryMb: 512, concurrency: 10 }), billed('us-east-1'));
    expect(lineNamed(lines, 'compute')).toEqual({ item: 'compute', quantity: 1_003, unit: 'GB-seconds', unitPrice: 0.0000133334, usd: 0.0133734 });
  });

  test('an environment starts cold once, and there are no more of them than run side by side', () => {
    expect(coldStartsFor(300_000, fanout())).toBe(1_000);
    expect(coldStartsFor(7, fanout())).toBe(7);
    // 7 x 0.6 s and 7 x 1 s.
    expect(lineNamed(lambdaLines(work(7, 1), fanout(), billed('us-east-1')), 'compute').quantity).toBeCloseTo(11.2, 9);
  });

  test('several originals to an invocation', () => {
    expect(invocationsFor(101, { originalsPerInvocation: 50 })).toBe(3);
    const lines = lambdaLines(work(1_000_000, 0.04), fanout({ originalsPerInvocation: 50 }), billed('us-east-1'));
    expect(usd(lines)['invocations']).toBe(0.004); // 20,000 x 0.0000002
  });

  test('logs where their price is known: 400 bytes an invocation, 300 an original', () => {
    // 700 MB x 0.5 a GB.
    expect(usd(lambdaLines(work(1_000_000, 1), fanout(), billed('us-east-1')))['logs']).toBe(0.35);
    expect(usd(lambdaLines(work(1_000_000, 1), fanout(), billed('eu-central-1')))).not.toHaveProperty('logs');
  });

  test('the free tier, where it counts: 1,000,000 requests and 400,000 GB-seconds', () => {
    // (1,000,600 - 400,000) x 0.0000133334 = 8.00804004.
    expect(usd(lambdaLines(work(1_000_000, 1), fanout(), billed('eu-central-1', true)))).toEqual({ invocations: 0, compute: 8.00804004 });
    expect(usd(lambdaLines(work(1_000, 1), fanout(), billed('eu-central-1', true)))).toEqual({ invocations: 0, compute: 0 });
  });

  test.each([
    ['ap-east-2', 'arm64', 'lambda'], // nothing of Lambda is known
    ['ap-south-2', 'arm64', 'lambda.gbSecond.arm64'], // x86_64 alone
    ['us-gov-west-1', 'x86_64', 'lambda.request'],
  ] as const)('what is not known is said: %s, %s', (region, architecture, named) => {
    const priced = () => lambdaLines(work(1, 1), fanout({ architecture }), billed(region));
    expect(codeOf(priced)).toBe('price-missing');
    expect(priced).toThrow(`as regions.${region}.${named} `);
  });

  test('what was done by functions of both architectures', () => {
    const done = { invocations: 10, gbSeconds: { arm64: 100, x86_64: 1_000 }, logBytes: 2e9 };
    expect(invokedLines(done, billed('us-east-1')).map(lineInUsd)).toEqual([
      { item: 'invocations', quantity: 10, unit: 'requests', unitPrice: 0.0000002, usd: 0.000002 },
      { item: 'compute', quantity: 100, unit: 'GB-seconds', unitPrice: 0.0000133334, usd: 0.00133334 },
      { item: 'compute', quantity: 1_000, unit: 'GB-seconds', unitPrice: 0.0000166667, usd: 0.0166667 },
      { item: 'logs', quantity: 2, unit: 'GB', unitPrice: 0.5, usd: 1 },
    ]);
  });

  test('the free tier is one for both architectures', () => {
    const compute = (arm64: number, x86_64: number) => invokedLines({ invocations: 1, gbSeconds: { arm64, x86_64 }, logBytes: 0 }, billed('us-east-1', true)).slice(1, 3).map(({ amount }) => amount / 1e9);
    expect(compute(300_000, 300_000)).toEqual([0, 3.33334]); // 200,000 x 0.0000166667
    expect(compute(500_000, 1_000)).toEqual([1.33334, 0.0166667]); // 100,000 x 0.0000133334; all of it
  });

  test('nothing, where nothing was called, whatever is known', () => {
    expect(invokedLines({ invocations: 0, gbSeconds: { arm64: 0, x86_64: 0 }, logBytes: 0 }, billed('mars-1'))).toEqual([]);
  });

  test('x86_64 where arm64 is not known', () => {
    expect(usd(lambdaLines(work(1_000_000, 1), fanout({ architecture: 'x86_64' }), billed('ap-south-2')))['compute']).toBe(16.67670002);
  });
});

describe('steps', () => {
  const tiers = (region: string, architecture: 'arm64' | 'x86_64') => LIST_PRICES.regions[region]?.lambda?.gbSecond[architecture] ?? [];

  test.each([
    [5.9e9, 98_333.53], // 5.9 billion x 0.0000166667
    [6e9, 100_000.2],
    [6.1e9, 101_500.2], // and 0.1 billion x 0.000015
    [15e9, 235_000.2], // 9 billion x 0.000015 = 135,000
    [16e9, 248_333.6], // 1 billion x 0.0000133334
  ])('x86_64, us-east-1: %d GB-seconds', (quantity, cost) => {
    expect(chargeTiers(quantity, tiers('us-east-1', 'x86_64')) / 1e9).toBe(cost);
  });

  test.each([
    [7.4e9, 98_667.16], // x 0.0000133334
    [7.5e9, 100_000.5],
    [7.6e9, 101_200.51], // and 0.1 billion x 0.0000120001
    [18.75e9, 235_001.625], // 11.25 billion x 0.0000120001 = 135,001.125
    [19.75e9, 245_668.325], // 1 billion x 0.0000106667
  ])('arm64, us-east-1: %d GB-seconds', (quantity, cost) => {
    expect(chargeTiers(quantity, tiers('us-east-1', 'arm64')) / 1e9).toBe(cost);
  });

  test('where only the first step is known it holds for any amount', () => {
    // 6.1 billion x 0.0000166667: dearer than in steps, never cheaper.
    expect(chargeTiers(6.1e9, tiers('eu-central-1', 'x86_64')) / 1e9).toBe(101_666.87);
    expect(chargeTiers(6.1e9, tiers('af-south-1', 'x86_64')) / 1e9).toBe(134_810); // x 0.0000221
  });

  test('a line of several steps: 6.1 billion seconds of 1 GB, one cold start', () => {
    const line = lineNamed(lambdaLines(work(6.1e9, 1), fanout({ architecture: 'x86_64', concurrency: 1 }), billed('us-east-1')), 'compute');
    expect(line).toMatchObject({ unitPrice: 0.0000166667, usd: 101_500.200009 }); // 0.6 x 0.000015
  });

  test('nothing costs nothing', () => {
    expect(chargeTiers(0, tiers('us-east-1', 'arm64'))).toBe(0);
    expect(lambdaLines(work(0, 0), fanout(), billed('us-east-1')).every(({ amount }) => amount === 0)).toBe(true);
  });
});

describe('less than a vCPU takes longer', () => {
  test.each([
    [1_769, 0.1],
    [10_240, 0.1],
    [1_024, 0.172_753_906_25], // 1,769 / 1,024
    [128, 1.382_031_25],
  ])('0.1 s of a core at %i MB', (memoryMb, seconds) => {
    expect(secondsInFunction(0.1, memoryMb)).toBeCloseTo(seconds, 12);
  });
});

/** 1,000 environments are there after 10 s, and work after another 0.6 s. */
const RAMP = 10.6;

describe('how long 300,000 images take', () => {
  test.each([
    ['compute', 45, work(300_000, 0.15)],
    ['compute', 75, work(300_000, 0.25)],
    ['compute', 150, work(300_000, 0.5)],
    ['invocation-rate', 30, work(300_000, 0.05)], // 300,000 / (10 x 1,000)
    ['get-rate', 54.545, work(300_000, 0.15, { gets: 300_000 })], // / 5,500
    ['put-rate', 85.714, work(300_000, 0.25, { gets: 300_000, puts: 300_000 })], // / 3,500
    ['put-rate', 600, work(300_000, 0.5, { gets: 300_000, puts: 2_100_000 })],
  ])('bound by %s: %d s', (boundBy, seconds, all) => {
    const time = lambdaTime(all, fanout());
    expect(time.boundBy).toBe(boundBy);
    expect(time.seconds).toBeCloseTo(seconds + RAMP, 2);
  });

  test('a new account, ten at a time: two hours and five minutes', () => {
    expect(lambdaTime(work(300_000, 0.25), fanout({ concurrency: 10 }))).toEqual({ boundBy: 'compute', seconds: 7_500.7 });
  });

  test('however many run side by side, one invocation takes its time', () => {
    expect(lambdaTime(work(1, 2), fanout()).seconds).toBeCloseTo(2 + 0.01 + 0.6, 9);
    expect(lambdaTime(work(3, 2), fanout({ originalsPerInvocation: 50 })).seconds).toBeCloseTo(6 + 0.01 + 0.6, 9);
  });

  test('nothing takes no time', () => {
    expect(lambdaTime(work(0, 0), fanout())).toEqual({ boundBy: 'nothing', seconds: 0 });
  });
});
