import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { FunctionSettings } from '../lambda/server.js';
import { startCloud, type Cloud } from './fanout.js';
import { imgvar, summaryOf, workspace, type Ended } from './imgvar.js';

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
    const { o, v, name } = await cloud.filled(1, deployed);
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
    const { o, v, name } = await cloud.filled(2);
    const cwd = await workspace();
    await writeFile(path.join(cwd, 'c.json'), JSON.stringify({ specs: { ...SPECS, added: { width: 10 } } }));
    const ended = await imgvar(['reprocess', o.location, v.location, '--json', '-y', '--engine', 'lambda', '-c', 'c.json', '--function', name, '--only', 'added'], cwd, cloud.env);
    expect(ended.code).toBe(0);
    expect(ended.json()).toContainEqual(expect.objectContaining({ type: 'warning', code: 'function-lacks-spec' }));
    expect(await v.keys()).toEqual(['added/000.jpg', 'added/001.jpg']);
  });

  test('on this machine no changed spec is begun that live uploads are still written by in the old way; and what was deployed is asked only then', async () => {
    const { o, v, name } = await cloud.filled(2);
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
    const { o, v } = await cloud.filled(1);
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

  test('variants are priced by the storage class that the function writes with, whatever this config says', async () => {
    const { o, v, name } = await cloud.filled(1);
    const cwd = await workspace({ 'c.json': JSON.stringify({ ...CONFIG, s3: { storageClass: 'GLACIER_IR' } }) });
    const classOf = async (...args: string[]): Promise<unknown> => {
      const ended = await imgvar(['estimate', o.location, v.location, '--json', '-c', 'c.json', ...args], cwd, cloud.env);
      return ended.json().find(({ type }) => type === 'estimate')?.['assumptions'];
    };
    expect(await classOf('--engine', 'lambda', '--function', name)).toMatchObject({ variantsClass: 'STANDARD' });
    expect(await classOf('--engine', 'local')).toMatchObject({ variantsClass: 'GLACIER_IR' });
  });

  test('but a dry run goes without a function that is not there, and says so', async () => {
    const { args } = await cloud.filled(2);
    const ended = await imgvar([...args.slice(0, -1), 'none', '--engine', 'lambda', '--dry-run'], undefined, cloud.env);
    expect(ended.code).toBe(0);
    expect(ended.json()).toContainEqual(expect.objectContaining({ type: 'warning', code: 'function-unknown' }));
  });
});

describe('where the config says "engine": "lambda"', () => {
  /** Places of their own, with a config of them and imgvar for that. @param lambda what the config says of the function of this name */
  async function configured(lambda: (name: string) => object) {
    const { o, v, name } = await cloud.filled(2);
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
