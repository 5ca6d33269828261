import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startS3, type S3Request, type S3Server } from '../s3/server.js';
import { imgvar, workspace, type Ended } from './imgvar.js';
import { photo } from './pictures.js';
import { bucketSide, folderSide, type Side } from './sides.js';
import { verifying } from './verifying.js';

let server: S3Server;
/** Requests for originals and variants themselves, not for listings and what imgvar keeps. */
let looked: string[] = [];
beforeAll(async () => {
  const note = ({ method, key, query }: S3Request): undefined => {
    if ((key !== '' || query.has('delete')) && !key.includes('.imgvar/')) looked.push(`${method} ${key}`);
  };
  server = await startS3({ buckets: ['originals', 'variants'], before: note });
});
afterAll(() => server.close());

let places = 0;
let cwd: string;
let o: Side;
let v: Side;
beforeEach(async () => {
  cwd = await workspace();
  places += 1;
  looked = [];
});

const SPECS = { small: { width: 20 }, web: { width: 30, format: 'webp' } };
const configure = (specs: object = SPECS, layout = '{variant}/{path}'): Promise<void> =>
  writeFile(path.join(cwd, 'imgvar.config.json'), JSON.stringify({ originals: o.location, variants: v.location, layout, specs }));
const run = (...args: string[]): Promise<Ended> => imgvar([...args, '--json'], cwd, { AWS_ENDPOINT_URL: server.url });
const findings = (ended: Ended, but: readonly string[] = []) =>
  ended.json().filter(({ type, kind }) => type === 'finding' && !but.includes(String(kind))).map(({ code, key, original }) => `${String(code)} ${String(key ?? original)}`).sort();
const verified = (ended: Ended) => ended.json().find(({ type }) => type === 'verified');

function sideOf(kind: 'folder' | 'bucket', name: string, folder: string): Side {
  return kind === 'folder' ? folderSide(path.join(folder, name)) : bucketSide(server, name, `verify ${places}/`);
}

async function filled(kind: 'folder' | 'bucket', count: number): Promise<void> {
  [o, v] = [sideOf(kind, 'originals', cwd), sideOf(kind, 'variants', cwd)];
  await configure();
  for (let i = 0; i < count; i++) await o.put(`${i}.jpg`, await photo(i % 16));
  expect((await run('reprocess', '-y')).code).toBe(0);
}

for (const kind of ['folder', 'bucket'] as const) {
  verifying(kind, async (cwd) => ({ o: sideOf(kind, 'originals', cwd), v: sideOf(kind, 'variants', cwd), env: { AWS_ENDPOINT_URL: server.url } }), () => looked);
}

describe('imgvar verify', () => {
  test('where nothing is remembered of how the variants were made, it says so', async () => {
    await filled('folder', 1);
    await rm(path.join(cwd, 'variants', '.imgvar'), { recursive: true });
    const ended = await run('verify');
    expect(ended.code).toBe(0);
    expect(ended.json()).toContainEqual(expect.objectContaining({ type: 'warning', code: 'adopted' }));
  });

  test('knows by metadata which spec and which content a variant was made from', async () => {
    await filled('bucket', 3);
    const objects = server.buckets.get('variants');
    for (const [key, object] of objects ?? []) {
      if (key.endsWith(`verify ${places}/small/0.jpg`)) object.headers['x-amz-meta-imgvar-spec'] = 'another';
      if (key.endsWith(`verify ${places}/small/1.jpg`)) object.headers['x-amz-meta-imgvar-source-etag'] = 'another';
    }
    expect(findings(await run('verify', '--deep'))).toEqual(['wrong-fingerprint small/0.jpg', 'wrong-original small/1.jpg']);
    expect((await run('verify', '--deep', '--only', 'web')).code).toBe(0);
  });

  test('says of how many variants nothing tells by what they were made', async () => {
    await filled('folder', 3);
    expect((await run('verify', '--deep')).json().at(-1)).toMatchObject({ type: 'verified', isRight: true, unproven: 6 });
    const { stdout } = await imgvar(['verify', '--deep'], cwd);
    expect(stdout).toContain('that was not checked');
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  test('of a changed spec tells that its variants are stale, and of one that is gone that they may go', async () => {
    await filled('bucket', 3);
    await configure({ small: { width: 21 } });
    expect(findings(await run('verify'))).toEqual(['spec-changed small/0.jpg', 'spec-changed small/1.jpg', 'spec-changed small/2.jpg', 'spec-gone web/0.jpg.webp', 'spec-gone web/1.jpg.webp', 'spec-gone web/2.jpg.webp']);
  });

  test('--sample reads no more than so many originals', async () => {
    await filled('bucket', 20);
    looked = [];
    const ended = await run('verify', '--deep', '--sample', '4');
    expect([ended.code, verified(ended)?.['read']]).toEqual([0, 4]);
    expect(looked.filter((one) => one.startsWith('GET'))).toHaveLength(4 * 3);
    expect((await run('verify', '--sample', '4')).code).toBe(2);
  });

  test('tells originals of which nothing can be made, and --fix is then exit 3', async () => {
    await filled('folder', 2);
    await o.put('bad.jpg', 'no picture');
    const ended = await run('verify', '--fix');
    expect(ended.code).toBe(3);
    expect(findings(ended)).toEqual(['missing small/bad.jpg', 'missing web/bad.jpg.webp']);
    expect(ended.json()).toContainEqual(expect.objectContaining({ type: 'outcome', result: 'failed', code: 'unsupported-format' }));
  });

  test('in other layouts as well', async () => {
    await filled('folder', 1);
    await configure(SPECS, '{dir}/{name}-{variant}.{ext}');
    v = folderSide(path.join(cwd, 'other variants'));
    await configure(SPECS, '{dir}/{name}-{variant}.{ext}');
    for (const key of ['a/1.jpg', 'a/1-b.jpg', 'a/2.png']) await o.put(key, await photo(1));
    expect((await run('reprocess')).code).toBe(0);
    await v.remove('a/1-small.jpg');
    await o.remove('a/1-b.jpg');
    await v.put('a/picture.jpg', 'x');
    expect(findings(await run('verify'))).toEqual(['foreign a/picture.jpg', 'missing a/1-small.jpg', 'original-gone a/1-b-small.jpg', 'original-gone a/1-b-web.jpg.webp']);
  });

  test('says in words what it found, and what to do', async () => {
    await filled('folder', 2);
    await v.remove('small/0.jpg');
    await o.remove('1.jpg');
    const { stdout, code } = await imgvar(['verify'], cwd);
    expect(code).toBe(3);
    for (const word of ['missing: small/0.jpg', 'original-gone', '--fix', 'imgvar prune']) expect(stdout).toContain(word);
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });
});
