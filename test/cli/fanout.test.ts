import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { CORPUS } from '../corpus/corpus.js';
import type { FunctionSettings } from '../lambda/server.js';
import { startCloud, type Cloud } from './fanout.js';
import { imgvar, start, summaryOf, workspace, type Ended } from './imgvar.js';
import { photo } from './pictures.js';
import type { Side } from './sides.js';

const SPECS = { small: { width: 40 }, square: { width: 24, height: 24, fit: 'cover' }, web: { width: 30, format: 'webp' } };
const CONFIG = { specs: SPECS, leaseSeconds: 5 };

/** Answers as no function of imgvar does, or as one of another protocol. */
const STRANGER = `export const handler = () => 'hello';`;
const FUTURE = `export const handler = () => ({ imgvar: 'description', protocol: 99, version: '9.9.9' });`;

let cloud: Cloud;
let strangers: string;
beforeAll(async () => {
  strangers = await workspace({ 'stranger.mjs': STRANGER, 'future.mjs': FUTURE, 'broken.mjs': 'throw new Error("no start");' }, afterAll);
  cloud = await startCloud(CONFIG);
});
afterEach(() => {
  cloud.onRequest = undefined;
  cloud.onInvoke = undefined;
});
afterAll(() => cloud.close());

const run = (args: readonly string[], ...more: string[]): Promise<Ended> => imgvar([...args, ...more], undefined, cloud.env);

async function filled(count: number, settings: Partial<FunctionSettings> = {}) {
  const place = cloud.place(settings);
  for (let i = 0; i < count; i++) await place.o.put(`${String(i).padStart(3, '0')}.jpg`, await photo(i));
  return place;
}

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
    const { args } = await filled(5);
    expect((await run(args, '--engine', 'lambda')).code).toBe(0);
    const { invocations } = cloud.lambda.counts;
    const again = summaryOf(await run(args, '--engine', 'lambda'));
    expect(again).toMatchObject({ due: 0, upToDate: 5, complete: true });
    expect(cloud.lambda.counts.invocations).toBe(invocations + 2);
  });

  test('has no more in flight than the system allows connections, beside those to the buckets', async () => {
    const { args } = await filled(2);
    const fewFiles = ['bash', '-c', 'ulimit -n 160; exec "$0" "$@"'];
    const ended = await start([...args, '--engine', 'lambda', '--concurrency', '500', '--dry-run'], undefined, cloud.env, fewFiles).ended;
    expect(ended.code).toBe(0);
    // 64 are for other files; of the rest a third each is for the originals, the variants and Lambda.
    expect(ended.json().find(({ type }) => type === 'estimate')).toMatchObject({ assumptions: { lambdaConcurrency: 32 } });
  });

  test.each([['lambda', 'local'], ['local', 'lambda']])('begun with %s, a run is ended with %s', async (first, second) => {
    const { args, v } = await filled(150);
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
    const { args } = await filled(60);
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
    const { args } = await filled(20);
    const ended = await run(args, '--engine', 'lambda', '--max-cost', '0.002');
    expect(ended.code).toBe(4);
    const summary = summaryOf(ended);
    expect(summary).toMatchObject({ stoppedBy: 'cost', complete: false });
    expect(Number(summary?.['usd'])).toBeLessThanOrEqual(0.002);
    const more = summaryOf(await run(args, '--engine', 'lambda', '--max-cost', '5'));
    expect(more).toMatchObject({ resumed: true, complete: true, failed: 0 });
  });

  test('one that crashes the function fails alone, for 8 invocations more at the most', async () => {
    const { args, v, name } = await filled(24, { concurrency: 1 });
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
    const { args, v } = await filled(100, { concurrency: 1 });
    const throttled = cloud.lambda.counts.throttled;
    const ended = await run(args, '--engine', 'lambda', '--concurrency', '20');
    expect(ended.code).toBe(0);
    expect(await v.keys()).toHaveLength(300);
    const { throttles } = summaryOf(ended)?.['invoked'] as { throttles: number };
    expect(throttles).toBe(cloud.lambda.counts.throttled - throttled);
  });

  test('--dry-run takes memory and architecture from the function; --sample has it measure, and writes nothing', async () => {
    const { args, v } = await filled(10);
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
    const { args } = await filled(10);
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

describe('a mistake is one sentence and exit 2, and nothing is sent', () => {
  const nothing = async (): Promise<string> => {
    const server = createServer(() => undefined);
    await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
    const address = server.address();
    await new Promise((resolve) => server.close(resolve));
    return typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : '';
  };
  const refusing = async (status: number, type: string): Promise<string> => {
    const server = createServer((_, response) => response.writeHead(status, { 'content-type': 'application/json', 'x-amzn-errortype': type }).end('{"message":"no"}'));
    await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
    onTestFinished(() => void server.close());
    const address = server.address();
    return typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : '';
  };

  test.each<[string, string, () => Promise<{ function?: string; deployed?: Partial<FunctionSettings>; url?: string; config?: object }>]>([
    ['a function that is not there', 'function-missing', async () => ({ function: 'none' })],
    ['no permission', 'function-forbidden', async () => ({ url: await refusing(403, 'AccessDeniedException') })],
    ['credentials that are not known', 'credentials-wrong', async () => ({ url: await refusing(403, 'UnrecognizedClientException') })],
    ['nobody who listens', 'endpoint-unreachable', async () => ({ url: await nothing() })],
    ['a function that answers garbage', 'function-foreign', async () => ({ deployed: { root: strangers, handler: 'stranger.handler' } })],
    ['another protocol', 'function-outdated', async () => ({ deployed: { root: strangers, handler: 'future.handler' } })],
    ['a function that cannot start', 'function-failing', async () => ({ deployed: { root: strangers, handler: 'broken.handler' } })],
    ['a function for other locations', 'function-elsewhere', async () => ({ deployed: { env: { IMGVAR_VARIANTS: 's3://variants/other/' } } })],
    ['a function in another region', 'region-wrong', async () => ({ deployed: { env: { AWS_REGION: 'eu-west-1' } } })],
    ['live uploads with another spec', 'function-outdated', async () => ({ config: { specs: { ...SPECS, small: { width: 41 } } } })],
    ['live uploads with another layout', 'function-outdated', async () => ({ config: { specs: SPECS, layout: '{path}/{variant}' } })],
    ['a function that may not write', 'location-unwritable', async () => ({ deployed: { env: { AWS_ACCESS_KEY_ID: 'reader' } } })],
    ['a function that may not read', 'location-unreadable', async () => ({ deployed: { env: { AWS_ACCESS_KEY_ID: 'stranger' } } })],
    ['no function', 'function-unnamed', async () => ({ function: '' })],
  ])('%s: %s', async (_, code, prepare) => {
    const { function: named, deployed, url, config } = await prepare();
    const { o, v, name } = await filled(1, deployed);
    const cwd = await workspace({ 'c.json': JSON.stringify(config ?? CONFIG) });
    const seen: object[] = [];
    cloud.onInvoke = (event) => seen.push(event as object);
    cloud.onRequest = ({ method, headers }) => {
      const isDenied = headers.authorization?.includes('Credential=stranger/') === true || (method === 'PUT' && headers.authorization?.includes('Credential=reader/') === true);
      return isDenied ? { kind: 'error', status: 403, code: 'AccessDenied' } : undefined;
    };
    const given = named === '' ? [] : ['--function', named ?? name];
    const env = { ...cloud.env, ...(url === undefined ? {} : { AWS_ENDPOINT_URL_LAMBDA: url }) };
    const ended = await imgvar(['reprocess', o.location, v.location, '--json', '-y', '--engine', 'lambda', '-c', path.join(cwd, 'c.json'), ...given], cwd, env);
    expect(ended.code).toBe(2);
    expect(ended.json()).toMatchObject([{ type: 'error', code }]);
    expect(ended.stderr.trim().split('\n')).toHaveLength(1);
    expect(seen.every((event) => !('jobs' in event))).toBe(true);
    expect(await v.keys()).toEqual([]);
    const held = [...(cloud.s3.buckets.get('variants')?.keys() ?? [])];
    expect(held.filter((key) => `s3://variants/${key}`.startsWith(`${v.location}/`))).toEqual([]);
  });

  test('a spec that the function does not know yet is a warning, and made', async () => {
    const { o, v, name } = await filled(2);
    const cwd = await workspace();
    await writeFile(path.join(cwd, 'c.json'), JSON.stringify({ specs: { ...SPECS, added: { width: 10 } } }));
    const ended = await imgvar(['reprocess', o.location, v.location, '--json', '-y', '--engine', 'lambda', '-c', 'c.json', '--function', name, '--only', 'added'], cwd, cloud.env);
    expect(ended.code).toBe(0);
    expect(ended.json()).toContainEqual(expect.objectContaining({ type: 'warning', code: 'function-lacks-spec' }));
    expect(await v.keys()).toEqual(['added/000.jpg', 'added/001.jpg']);
  });

  test('on this machine no changed spec is begun that live uploads are still written by in the old way; and what was deployed is asked only then', async () => {
    const { o, v, name } = await filled(2);
    const seen: object[] = [];
    cloud.onInvoke = (event) => seen.push(event as object);
    const cwd = await workspace();
    const local = async (width: number, deployed = name): Promise<Ended> => {
      await writeFile(path.join(cwd, 'imgvar.config.json'), JSON.stringify({ originals: o.location, variants: v.location, specs: { ...SPECS, small: { width } }, lambda: { function: deployed } }));
      return imgvar(['reprocess', '-y', '--json'], cwd, cloud.env);
    };
    expect((await local(40)).code).toBe(0);
    expect((await local(40)).code).toBe(0);
    expect(seen).toEqual([]);
    const ledger = await v.read('.imgvar/specs.json');
    const refused = await local(41);
    expect([refused.code, refused.json().at(-1)?.['code'], seen.length]).toEqual([2, 'function-outdated', 1]);
    expect(await v.read('.imgvar/specs.json')).toEqual(ledger);
    // Where nobody can be asked, it is for the person to know.
    const unasked = await local(41, 'none');
    expect(unasked.code).toBe(0);
    expect(unasked.json()).toContainEqual(expect.objectContaining({ type: 'warning', code: 'function-unknown' }));
  });

  test('on this machine nothing is kept from beginning by a function that another imgvar deployed, which may be for other places', async () => {
    const { o, v } = await filled(1);
    const { name } = cloud.place({ root: strangers, handler: 'future.handler' });
    const cwd = await workspace();
    const local = async (width: number): Promise<Ended> => {
      await writeFile(path.join(cwd, 'imgvar.config.json'), JSON.stringify({ originals: o.location, variants: v.location, specs: { small: { width } }, lambda: { function: name } }));
      return imgvar(['reprocess', '-y', '--json'], cwd, cloud.env);
    };
    expect((await local(40)).code).toBe(0);
    const changed = await local(41);
    expect(changed.code, changed.stderr).toBe(0);
    expect(changed.json()).toContainEqual(expect.objectContaining({ type: 'warning', code: 'function-unknown', message: expect.stringContaining('protocol 99') }));
    expect(summaryOf(changed)).toMatchObject({ made: 1 });
  });

  test('but a dry run goes without a function that is not there, and says so', async () => {
    const { args } = await filled(2);
    const ended = await run([...args.slice(0, -1), 'none'], '--engine', 'lambda', '--dry-run');
    expect(ended.code).toBe(0);
    expect(ended.json()).toContainEqual(expect.objectContaining({ type: 'warning', code: 'function-unknown' }));
  });
});

describe('where the config says "engine": "lambda"', () => {
  /** Places of their own, with a config of them and imgvar for that. @param lambda what the config says of the function of this name */
  async function configured(lambda: (name: string) => object) {
    const { o, v, name } = await filled(2);
    const cwd = await workspace();
    const configure = (width: number): Promise<void> =>
      writeFile(path.join(cwd, 'imgvar.config.json'), JSON.stringify({ originals: o.location, variants: v.location, specs: { ...SPECS, small: { width } }, engine: 'lambda', lambda: lambda(name) }));
    await configure(40);
    return { name, configure, here: (...args: string[]): Promise<Ended> => imgvar([...args, '--json'], cwd, cloud.env) };
  }

  test('imgvar verify invokes nothing, and tells what has changed before that is deployed; with --fix the function is asked', async () => {
    const { configure, here } = await configured((name) => ({ function: name }));
    expect((await here('reprocess', '-y')).code).toBe(0);
    const { invocations } = cloud.lambda.counts;
    expect((await here('verify')).code).toBe(0);
    await configure(41);
    const stale = await here('verify');
    expect([stale.code, stale.json().flatMap(({ type, code }) => (type === 'finding' ? [code] : []))]).toEqual([3, ['spec-changed', 'spec-changed']]);
    expect(cloud.lambda.counts.invocations).toBe(invocations);
    const refused = await here('verify', '--fix');
    expect([refused.code, refused.json().at(-1)?.['code']]).toEqual([2, 'function-outdated']);
  });

  test('--function alone says which one; with --engine local it says nothing', async () => {
    const { name, here } = await configured(() => ({}));
    expect((await here('reprocess', '-y')).json()).toMatchObject([{ type: 'error', code: 'function-unnamed' }]);
    const ended = await here('reprocess', '-y', '--limit', '1', '--function', name);
    expect(ended.code, ended.stderr).toBe(0);
    expect(ended.json()[0]).toMatchObject({ type: 'run', engine: 'lambda' });
    expect((await here('reprocess', '-y', '--engine', 'local', '--function', name)).json()[0]).toMatchObject({ type: 'run', engine: 'local' });
  });
});
