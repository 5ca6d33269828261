import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startS3, type Fault, type S3Request, type S3Server } from '../s3/server.js';
import { filesIn, imgvar, root, summaryOf, workspace, type Ended } from './imgvar.js';
import { photo } from './pictures.js';

/** 5,000 with `npm run test:cost`. */
const COUNT = Number(process.env['IMGVAR_COST_ORIGINALS'] ?? 900);

let server: S3Server;
let cwd: string;
let cleanUp: () => Promise<void> = async () => undefined;
let fault: (request: S3Request) => Fault | undefined = () => undefined;
/** Of originals and variants themselves. */
const image = { get: 0, head: 0, put: 0 };
let lists = 0;
/** HEADs of variants, which a plan by listings needs none of. */
let lookUps = 0;

function note(request: S3Request): Fault | undefined {
  const { method, key, query } = request;
  // What is tried to see whether a location can be used counts as imgvar's own.
  const isCheck = key === '' && query.get('max-keys') === '1' && !query.has('start-after');
  const isOwn = isCheck || key.includes('.imgvar/') || (query.get('prefix') ?? '').includes('.imgvar/');
  if (isOwn) return fault(request);
  if (key === '') lists += 1;
  else if (method === 'GET') image.get += 1;
  else if (method === 'HEAD' && request.bucket === 'variants') lookUps += 1;
  else if (method === 'HEAD') image.head += 1;
  else if (method === 'PUT') image.put += 1;
  return fault(request);
}

beforeAll(async () => {
  server = await startS3({ buckets: ['originals', 'variants'], before: note });
  const pictures = await Promise.all(Array.from({ length: 16 }, (_, i) => photo(i)));
  for (let i = 0; i < COUNT; i++) server.put('originals', `${String(i).padStart(5, '0')}.jpg`, pictures[i % 16] ?? Buffer.of());
  cwd = await workspace({}, (clean) => void (cleanUp = clean));
  await configure({});
});
afterAll(async () => {
  await cleanUp();
  await server.close();
});

const configure = (fields: object): Promise<void> =>
  writeFile(path.join(cwd, 'imgvar.config.json'), JSON.stringify({ specs: { small: { width: 20 }, web: { width: 30, format: 'webp' } }, s3: { timeoutSeconds: 1 }, ...fields }));

const run = (...args: string[]): Promise<Ended> => imgvar([...args, '--json'], cwd, { AWS_ENDPOINT_URL: server.url });
const reprocess = (...args: string[]): Promise<Ended> => run('reprocess', 's3://originals', 's3://variants', ...args);
const estimateOf = (ended: Ended) => ended.json().find(({ type }) => type === 'estimate') as Estimate | undefined;

interface Row {
  item: string;
  quantity: number;
  usd: number;
}
interface Estimate {
  usd: number;
  seconds: number;
  lines: Row[];
  due: Record<string, Record<string, number>>;
  all: { variants: number } | null;
  alternatives: { way: string; usd?: number; why?: string }[];
}
interface Compared {
  item: string;
  estimated: { quantity: number; usd: number };
  actual: { quantity: number; usd: number };
}

/** Forgets all variants but those of every third original. */
function damage(): number {
  let left = 0;
  for (const key of [...(server.buckets.get('variants')?.keys() ?? [])]) {
    if (key.startsWith('.imgvar/')) continue;
    if (Number(/(\d+)\.jpg/.exec(key)?.[1]) % 3 === 0) left += 1;
    else server.remove('variants', key);
  }
  return left;
}

const quantity = (lines: readonly Row[] | undefined, item: string): number => lines?.find((line) => line.item === item)?.quantity ?? 0;

test('imgvar estimate of some missing and some stale, then the run: every request is what was foreseen, and what the server counted', async () => {
  expect((await reprocess('--yes')).code).toBe(0);
  damage();
  await configure({ specs: { small: { width: 20, quality: 60 }, web: { width: 30, format: 'webp' } } });
  const dry = await run('estimate', 's3://originals', 's3://variants');
  expect(dry.code).toBe(0);
  const expected = estimateOf(dry);
  const kept = Math.ceil(COUNT / 3);
  expect(expected?.due).toEqual({ small: { missing: COUNT - kept, 'spec-changed': kept }, web: { missing: COUNT - kept } });
  expect(expected?.all?.variants).toBe(2 * COUNT);

  Object.assign(image, { get: 0, head: 0, put: 0 });
  lists = lookUps = 0;
  const ended = await reprocess('--yes');
  expect(ended.code).toBe(0);
  expect({ get: quantity(expected?.lines, 'get'), head: quantity(expected?.lines, 'head'), put: quantity(expected?.lines, 'put') }).toEqual(image);
  expect(Math.abs(quantity(expected?.lines, 'list') - lists)).toBeLessThanOrEqual(Math.max(1, lists / 10));

  const bill = summaryOf(ended)?.['bill'] as { usd: number; estimatedUsd: number; lines: Compared[] };
  const actual = Object.fromEntries(bill.lines.map((line) => [line.item, line.actual.quantity]));
  expect(actual).toMatchObject({ ...image, list: lists });
  expect(actual['look-up'] ?? 0).toBe(lookUps);
  // The checks of both locations, ledger, lock and checkpoint.
  expect((actual['own-get'] ?? 0) + (actual['own-put'] ?? 0)).toBeGreaterThan(5);
  const cents = (usd: number): number => Math.round(usd * 1e9);
  expect(bill.lines.reduce((sum, line) => sum + cents(line.actual.usd), 0)).toBe(cents(bill.usd));
  expect(summaryOf(ended)?.['usd']).toBe(bill.usd);
}, 240_000);

test('with faults, actual is what the server counted, and more than was estimated', async () => {
  damage();
  Object.assign(image, { get: 0, head: 0, put: 0 });
  lists = lookUps = 0;
  fault = ({ count, key }) => (!key.includes('.imgvar/') && count % 20 === 0 ? { kind: 'error', status: 503, code: 'SlowDown' } : undefined);
  const ended = await reprocess('--yes');
  fault = () => undefined;
  expect(ended.code).toBe(0);
  const bill = summaryOf(ended)?.['bill'] as { usd: number; estimatedUsd: number; lines: Compared[] };
  for (const item of ['get', 'head', 'put'] as const) expect(bill.lines.find((line) => line.item === item)?.actual.quantity).toBe(image[item]);
  expect(bill.lines.find(({ item }) => item === 'list')?.actual.quantity).toBe(lists);
  expect(bill.usd).toBeGreaterThan(bill.estimatedUsd);
}, 240_000);

test('--max-cost at half of the estimate stops below it, exit 4; the same command without it ends the work, and the sums are whole', async () => {
  damage();
  const usd = estimateOf(await reprocess('--dry-run'))?.usd ?? 0;
  const cap = usd / 2;
  const stopped = await reprocess('--max-cost', cap.toFixed(6));
  const halted = summaryOf(stopped);
  expect(stopped.code).toBe(4);
  expect(halted).toMatchObject({ complete: false, stoppedBy: 'cost' });
  expect(Number(halted?.['made'])).toBeGreaterThan(0);
  expect(Number(halted?.['usd'])).toBeLessThanOrEqual(cap);
  const ended = summaryOf(await reprocess('--yes'));
  expect(ended).toMatchObject({ originals: COUNT, complete: true, failed: 0, resumed: true });
  expect([...(server.buckets.get('variants')?.keys() ?? [])].filter((key) => !key.startsWith('.imgvar/'))).toHaveLength(2 * COUNT);
  // What was spent before counts as well.
  expect(Number(ended?.['usd'])).toBeGreaterThan(Math.max(Number(halted?.['usd']), 0.95 * usd));
}, 240_000);

test('--max-cost of almost nothing: nothing is made, exit 4', async () => {
  damage();
  const ended = await reprocess('--max-cost', '0.001');
  expect(ended.code).toBe(4);
  expect(summaryOf(ended)).toMatchObject({ made: 0, stoppedBy: 'cost' });
  expect((await reprocess('--yes')).code).toBe(0);
}, 120_000);

test('a run that is expected to cost more than is agreed does not begin where nobody can answer', async () => {
  damage();
  await configure({ confirmAbove: 0 });
  const puts = server.counts.put;
  const ended = await reprocess();
  expect(ended.code).toBe(2);
  expect(ended.json().at(-1)).toMatchObject({ type: 'error', code: 'cost-unconfirmed' });
  expect(server.counts.put).toBe(puts);
  await configure({});
  expect((await reprocess('--limit', '2')).code).toBe(0);
}, 120_000);

describe('a dry run', () => {
  test('--sample measures originals and writes nothing anywhere', async () => {
    damage();
    const { put, delete: removed, get } = server.counts;
    const dry = await reprocess('--dry-run', '--sample', '6');
    expect(estimateOf(dry)).toMatchObject({ measured: { basis: 'sample', originals: 6 } });
    expect(server.counts).toMatchObject({ put, delete: removed });
    expect(server.counts.get).toBeGreaterThan(get + 5);
    expect(await filesIn(cwd)).toEqual(['imgvar.config.json']);
  });

  test('compares the ways, and tells where a price is missing', async () => {
    const ways = estimateOf(await reprocess('--dry-run', '--price-region', 'eu-central-1'))?.alternatives ?? [];
    expect(ways.map(({ way }) => way)).toEqual(['local', 'machine', 'queue', 'lambda', 's3-batch']);
    expect(ways.find(({ way }) => way === 'machine')).toHaveProperty('why');
    expect(ways.find(({ way }) => way === 'lambda')?.usd).toBeGreaterThan(0);
  });

  test('--engine lambda is estimated, and not run', async () => {
    const expected = estimateOf(await reprocess('--dry-run', '--engine', 'lambda'));
    expect(expected?.lines.map(({ item }) => item)).toEqual(expect.arrayContaining(['invocations', 'compute']));
  });

  test.each<[string, string[], string]>([
    ['a region without prices', ['--price-region', 'mars-1'], 'price-missing'],
    ['a prices file that is not there', ['--prices', 'none.json'], 'prices-invalid'],
    ['a negative price', ['--prices', 'negative.json'], 'prices-invalid'],
    ['a wrong field', ['--prices', 'wrong.json'], 'prices-invalid'],
  ])('%s: one sentence, exit 2', async (_, args, code) => {
    const file = (region: object): string => JSON.stringify({ date: '2026-11-25', source: 'us', regions: { 'us-east-1': region } });
    await writeFile(path.join(cwd, 'negative.json'), file({ s3: { list: -1 } }));
    await writeFile(path.join(cwd, 'wrong.json'), file({ s3: { lists: 1 } }));
    const ended = await reprocess('--dry-run', ...args);
    expect(ended.code).toBe(2);
    expect(ended.json().at(-1)).toMatchObject({ type: 'error', code });
    expect(ended.stderr.trim().split('\n')).toHaveLength(1);
  });
});

describe('imgvar estimate --scenario levels', () => {
  const scenario = (...args: string[]): Promise<Ended> => imgvar(['estimate', '--scenario', 'levels', ...args], cwd);

  test('is the golden file', async () => {
    const golden = path.join(root, 'test/cli/scenario-levels.txt');
    expect((await scenario()).stdout).toBe(await readFile(golden, 'utf8'));
  });

  test('fits 80 columns', async () => {
    for (const line of (await scenario('--count', '20000000')).stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  test.each<[string, string[], string[]]>([
    ['what only a scenario goes by', ['estimate', '--count', '2000000'], ['--count', '--scenario levels']],
    ['all of that', ['estimate', 'o', 'v', '--per-original', '2', '--avg-bytes', '1MB', '--memory', '512', '--arch', 'arm64', '--duration', '1'], ['--per-original, --avg-bytes, --memory, --arch, --duration']],
    ['locations of a scenario', ['estimate', 'o', 'v', '--scenario', 'levels'], ['the locations']],
    ['one location of a scenario', ['estimate', 'o', '--scenario', 'levels'], ['the locations']],
    ['a mode and a sample of a scenario', ['estimate', '--scenario', 'levels', '--mode', 'all', '--sample', '5'], ['--mode', '--sample']],
    ['even the usual mode', ['estimate', '--scenario', 'levels', '--mode', 'due'], ['--mode']],
    ['all else that is about a bucket', ['estimate', '--scenario', 'levels', '--prefix', 'a', '-c', 'x.json', '--engine', 'lambda', '--in-region', '--invalidate'], ['--prefix', '--config', '--engine', '--in-region', '--invalidate']],
  ])('%s would be passed over: one sentence, exit 2', async (_, args, names) => {
    const { code, stdout, stderr } = await imgvar(args, cwd);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    for (const name of names) expect(stderr).toContain(name);
    expect((await imgvar([...args, '--json'], cwd)).json()).toMatchObject([{ type: 'error', code: 'usage' }]);
  });

  test('answers "what if"', async () => {
    const [was] = (await scenario('--json', '--count', '1000', '--per-original', '2', '--memory', '1024', '--arch', 'arm64', '--duration', '1', '--region', 'eu-central-1')).json();
    const [column] = was?.['columns'] as { usd: number }[];
    // 1000 x (GET 0.00000043 + 2 PUT 0.0000054 + 1 invocation 0.0000002 + 1 GB-s 0.0000133334)
    expect(column?.usd).toBeCloseTo(1000 * (0.00000043 + 2 * 0.0000054 + 0.0000002 + 0.0000133334), 9);
  });
});

describe('an archived original, whose class has no price', () => {
  let archive: S3Server;
  let gets = 0;
  const withArchive = (...args: string[]): Promise<Ended> => imgvar([...args, 's3://originals', 's3://variants'], cwd, { AWS_ENDPOINT_URL: archive.url });

  beforeAll(async () => {
    const before = ({ method, bucket, key }: S3Request): Fault | undefined => {
      if (method === 'GET' && bucket === 'originals' && key !== '') gets += 1;
      return method === 'GET' && key === 'b.jpg' ? { kind: 'error', status: 403, code: 'InvalidObjectState' } : undefined;
    };
    archive = await startS3({ buckets: ['originals', 'variants'], before });
    for (const key of ['a.jpg', 'b.jpg', 'c.jpg']) archive.put('originals', key, await photo(1));
    Object.assign(archive.buckets.get('originals')?.get('b.jpg')?.headers ?? {}, { 'x-amz-storage-class': 'GLACIER' });
  });
  afterAll(() => archive.close());
  afterEach(async () => {
    await configure({});
    for (const key of [...(archive.buckets.get('variants')?.keys() ?? [])]) archive.remove('variants', key);
  });

  test('is in the estimate as one of Standard, which says so', async () => {
    const dry = await withArchive('estimate');
    expect(dry.code, dry.stderr).toBe(0);
    expect(dry.stdout).toMatch(/GET of originals +3 requests/);
    expect(dry.stdout).toContain('originals in GLACIER are billed as Standard');
  });

  test('keeps no dear run from being asked about', async () => {
    await configure({ confirmAbove: 0 });
    const ended = await withArchive('reprocess', '--json');
    expect(ended.code).toBe(2);
    expect(ended.json().at(-1)).toMatchObject({ type: 'error', code: 'cost-unconfirmed' });
    expect(archive.buckets.get('variants')?.size).toBe(0);
  });

  test.each<[string, string[]]>([['that nobody has to be asked about', []], ['with --max-cost', ['--max-cost', '1']]])('is a failure of its own in a run %s, and in the bill', async (_, args) => {
    gets = 0;
    const ended = await withArchive('reprocess', '--json', ...args);
    expect(ended.json().filter(({ result }) => result === 'failed')).toMatchObject([{ original: 'b.jpg', variant: null, code: 'original-archived' }]);
    expect(ended.code, ended.stderr).toBe(3);
    expect(summaryOf(ended)).toMatchObject({ made: 4, failed: 2, complete: true });
    const bill = summaryOf(ended)?.['bill'] as { usd: number; lines: Compared[] };
    expect(bill.lines.find(({ item }) => item === 'get')?.actual).toMatchObject({ quantity: gets });
    expect(summaryOf(ended)?.['usd']).toBe(bill.usd);
  });
});
