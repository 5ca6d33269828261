import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { CORPUS } from '../corpus/corpus.js';
import { startCloud, type Cloud } from './fanout.js';
import { imgvar, start, summaryOf, type Ended } from './imgvar.js';
import type { Side } from './sides.js';

const SPECS = { small: { width: 40 }, square: { width: 24, height: 24, fit: 'cover' }, web: { width: 30, format: 'webp' } };

let cloud: Cloud;
beforeAll(async () => void (cloud = await startCloud({ specs: SPECS, leaseSeconds: 5 })));
afterEach(() => {
  cloud.onRequest = undefined;
  cloud.onInvoke = undefined;
});
afterAll(() => cloud.close());

const run = (args: readonly string[], ...more: string[]): Promise<Ended> => imgvar([...args, ...more], undefined, cloud.env);

async function contentOf(side: Side): Promise<Record<string, string>> {
  return Object.fromEntries(await Promise.all((await side.keys()).map(async (key) => [key, (await side.read(key)).toString('base64')])));
}

describe('imgvar reprocess --engine lambda', () => {
  test('makes byte for byte what --engine local makes, of every original of the corpus, and counts the same', async () => {
    const [here, there] = [cloud.place(), cloud.place()];
    for (const { name, make } of CORPUS) {
      const content = await make();
      await here.o.put(name, content);
      await there.o.put(name, content);
    }
    const [local, lambda] = [await run(here.args, '--engine', 'local'), await run(there.args, '--engine', 'lambda')];
    expect(lambda.code, lambda.stderr).toBe(local.code);
    const outcomesOf = (ended: Ended) =>
      ended.json().filter(({ type }) => type === 'outcome').map(({ original, variant, result, code, bytes }) => JSON.stringify([original, variant, result, code, bytes])).sort();
    expect(outcomesOf(lambda)).toEqual(outcomesOf(local));
    expect(await contentOf(there.v)).toEqual(await contentOf(here.v));
    const [a, b] = [summaryOf(local), summaryOf(lambda)];
    for (const field of ['originals', 'due', 'made', 'failed', 'bytesRead', 'bytesWritten']) expect([field, b?.[field]]).toEqual([field, a?.[field]]);
    expect(lambda.json()[0]).toMatchObject({ type: 'run', engine: 'lambda' });
  });

  test('finds nothing to do when it runs again, and then invokes nothing but to ask what is deployed, and whether it can work', async () => {
    const { args } = await cloud.filled(5);
    expect((await run(args, '--engine', 'lambda')).code).toBe(0);
    const { invocations } = cloud.lambda.counts;
    const again = summaryOf(await run(args, '--engine', 'lambda'));
    expect(again).toMatchObject({ due: 0, upToDate: 5, complete: true });
    expect(cloud.lambda.counts.invocations).toBe(invocations + 2);
  });

  test('has no more in flight than the system allows connections, beside those to the buckets', async () => {
    const { args } = await cloud.filled(2);
    const fewFiles = ['bash', '-c', 'ulimit -n 160; exec "$0" "$@"'];
    const ended = await start([...args, '--engine', 'lambda', '--concurrency', '500', '--dry-run'], undefined, cloud.env, fewFiles).ended;
    expect(ended.code).toBe(0);
    // 64 are for other files; of the rest a third each is for the originals, the variants and Lambda.
    expect(ended.json().find(({ type }) => type === 'estimate')).toMatchObject({ assumptions: { lambdaConcurrency: 32 } });
  });

  test.each([['lambda', 'local'], ['local', 'lambda']])('begun with %s, a run is ended with %s', async (first, second) => {
    const { args, v } = await cloud.filled(150);
    const begun = start([...args, '--engine', first, '--concurrency', '1'], undefined, cloud.env);
    await new Promise((resolve) => begun.child.stdout?.on('data', (text: string) => text.includes('"outcome"') && resolve(undefined)));
    begun.child.kill('SIGINT');
    const interrupted = await begun.ended;
    expect(interrupted.code).toBe(130);
    const ended = await run(args, '--engine', second);
    expect(ended.code).toBe(0);
    expect(ended.json()[0]).toMatchObject({ resumed: true, engine: second });
    expect(summaryOf(ended)).toMatchObject({ originals: 150, failed: 0, complete: true, resumed: true });
    expect(await v.keys()).toHaveLength(450);
    // What Lambda did in the other half of the run is billed with it.
    const { invoked, bill } = summaryOf(ended) as { invoked: { invocations: number }; bill: { lines: { item: string; actual: { quantity: number } }[] } };
    expect(invoked.invocations).toBeGreaterThan(0);
    expect(bill.lines.find(({ item }) => item === 'invocations')?.actual.quantity).toBe(invoked.invocations);
  });

  test('bills what Lambda reports, beside what was to be expected', async () => {
    const { args } = await cloud.filled(60);
    const before = cloud.lambda.counts.invocations;
    const ended = await run(args, '--engine', 'lambda');
    const { usd, bill, invoked } = summaryOf(ended) as { usd: number; bill: { usd: number; lines: { item: string; estimated: { usd: number }; actual: { quantity: number; usd: number } }[] }; invoked: { invocations: number; coldStarts: number; gbSeconds: { arm64: number; x86_64: number } } };
    const line = (item: string) => bill.lines.find((one) => one.item === item);
    // Also those that ask what is deployed, and whether it can work.
    expect(invoked.invocations).toBe(cloud.lambda.counts.invocations - before);
    expect(line('invocations')?.actual.quantity).toBe(invoked.invocations);
    expect(line('compute')?.actual.quantity).toBeCloseTo(invoked.gbSeconds.arm64 + invoked.gbSeconds.x86_64, 6);
    for (const item of ['invocations', 'compute', 'logs', 'get', 'put']) expect([item, line(item)?.actual.usd]).not.toEqual([item, 0]);
    expect(line('transfer-out')).toBeUndefined();
    expect(usd).toBe(bill.usd);
  });

  test('--max-cost is a hard cap on what Lambda bills as well', async () => {
    const { args } = await cloud.filled(20);
    const ended = await run(args, '--engine', 'lambda', '--max-cost', '0.002');
    expect(ended.code).toBe(4);
    const summary = summaryOf(ended);
    expect(summary).toMatchObject({ stoppedBy: 'cost', complete: false });
    expect(Number(summary?.['usd'])).toBeLessThanOrEqual(0.002);
    const more = summaryOf(await run(args, '--engine', 'lambda', '--max-cost', '5'));
    expect(more).toMatchObject({ resumed: true, complete: true, failed: 0 });
  });

  test('one that crashes the function fails alone, for 8 invocations more at the most', async () => {
    const { args, v, name } = await cloud.filled(24, { concurrency: 1 });
    cloud.onRequest = ({ method, key }) => {
      if (method === 'GET' && key.endsWith('/013.jpg')) cloud.lambda.kill(name);
      return undefined;
    };
    const before = cloud.lambda.counts.invocations;
    const ended = await run(args, '--engine', 'lambda', '--concurrency', '1');
    expect(ended.code).toBe(3);
    expect(ended.json().filter(({ result }) => result === 'failed')).toMatchObject([{ original: '013.jpg', variant: null, code: 'function-error' }]);
    expect(await v.keys()).toHaveLength(23 * 3);
    expect(cloud.lambda.counts.invocations - before).toBeLessThanOrEqual(2 + 1 + 8);
  });

  test('waits where the function may not run as often as it wants to', async () => {
    const { args, v } = await cloud.filled(100, { concurrency: 1 });
    const throttled = cloud.lambda.counts.throttled;
    const ended = await run(args, '--engine', 'lambda', '--concurrency', '20');
    expect(ended.code).toBe(0);
    expect(await v.keys()).toHaveLength(300);
    const { throttles } = summaryOf(ended)?.['invoked'] as { throttles: number };
    expect(throttles).toBe(cloud.lambda.counts.throttled - throttled);
  });

  test('--dry-run takes memory and architecture from the function; --sample has it measure, and writes nothing', async () => {
    const { args, v } = await cloud.filled(10);
    const estimate = (ended: Ended) => ended.json().find(({ type }) => type === 'estimate') as { assumptions: Record<string, unknown>; measured: Record<string, unknown> };
    const seen: { dryRun?: boolean; jobs?: unknown[] }[] = [];
    cloud.onInvoke = (event) => seen.push(event as { dryRun?: boolean });
    const plain = estimate(await run(args, '--engine', 'lambda', '--dry-run'));
    expect(plain.assumptions).toMatchObject({ lambdaMemoryMb: 1769, lambdaArchitecture: process.arch === 'arm64' ? 'arm64' : 'x86_64' });
    expect(seen).toMatchObject([{ imgvar: 'describe' }, { imgvar: 'check', access: 'read' }]);
    const sampled = estimate(await run(args, '--engine', 'lambda', '--dry-run', '--sample', '4'));
    expect(sampled.measured).toMatchObject({ basis: 'sample', originals: 4 });
    const measuring = seen.filter(({ jobs }) => jobs !== undefined);
    expect(measuring).toHaveLength(8);
    expect(measuring.every(({ dryRun, jobs }) => dryRun === true && jobs?.length === 1)).toBe(true);
    expect(await v.keys()).toEqual([]);
  });

  test('what a dry run costs itself is told: listings, the sample, and what Lambda bills', async () => {
    const { args } = await cloud.filled(10);
    const { invocations } = cloud.lambda.counts;
    const plain = summaryOf(await run(args, '--engine', 'lambda', '--dry-run'));
    const sampled = summaryOf(await run(args, '--engine', 'lambda', '--dry-run', '--sample', '4'));
    expect([plain, sampled]).toMatchObject([{ invoked: { invocations: 2 } }, { invoked: { invocations: 2 + 8 }, requests: { put: 0 } }]);
    expect(cloud.lambda.counts.invocations - invocations).toBe(12);
    const getsOf = (summary: object | undefined) => (summary as { requests: { get: number } }).requests.get;
    expect(getsOf(sampled) - getsOf(plain)).toBe(8);
    expect(Number(plain?.['usd'])).toBeGreaterThan(0);
    // 8 invocations at $0.20 a million, and the seconds that they took.
    expect(Number(sampled?.['usd']) - Number(plain?.['usd'])).toBeGreaterThan(8 * 2e-7);
  });
});
