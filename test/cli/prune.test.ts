import { setTimeout as sleep } from 'node:timers/promises';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startS3, type Fault, type S3Request, type S3Server } from '../s3/server.js';
import { imgvar, start, workspace, type Ended } from './imgvar.js';
import { photo } from './pictures.js';
import { bucketSide, folderSide, type Side } from './sides.js';

let server: S3Server;
let before: (request: S3Request) => Fault | undefined | Promise<Fault | undefined> = () => undefined;
beforeAll(async () => {
  server = await startS3({ buckets: ['originals', 'variants'], before: (request) => before(request) });
});
afterAll(() => server.close());

let places = 0;
let cwd: string;
let o: Side;
let v: Side;
beforeEach(async () => {
  before = () => undefined;
  cwd = await workspace();
  places += 1;
});

const use = (kind: 'folder' | 'bucket'): void => {
  const side = (name: string): Side => (kind === 'folder' ? folderSide(path.join(cwd, name)) : bucketSide(server, name, `prune ${places}/`));
  [o, v] = [side('originals'), side('variants')];
};
const configure = (fields: object): Promise<void> =>
  writeFile(path.join(cwd, 'imgvar.config.json'), JSON.stringify({ originals: o.location, variants: v.location, leaseSeconds: 2, ...fields }));
const env = (): NodeJS.ProcessEnv => ({ AWS_ENDPOINT_URL: server.url });
const run = (...args: string[]): Promise<Ended> => imgvar([...args, '--json'], cwd, env());
const prune = (...args: string[]): Promise<Ended> => run('prune', ...args);
const removed = (ended: Ended, result = 'removed') => ended.json().filter((line) => line['type'] === 'removal' && line['result'] === result).map(({ key }) => key).sort();
const errorOf = (ended: Ended) => [ended.code, ended.json().at(-1)?.['code']];

/** Eleven originals and their variants, of which one original goes, and a file that is no variant. */
async function filled(kind: 'folder' | 'bucket', count = 11): Promise<void> {
  use(kind);
  await configure({ specs: { small: { width: 20 }, web: { width: 30, format: 'webp' } } });
  const content = await photo(1);
  for (let i = 0; i < count; i++) await o.put(`d/${i}.jpg`, content);
  expect((await run('reprocess', '-y')).code).toBe(0);
  await o.remove('d/3.jpg');
  await v.put('small/readme', 'x');
  await v.put('d/0.jpg', 'x');
  // What is as new as the prune itself stays, and buckets have whole seconds.
  await sleep(1_100);
}
const GONE = ['small/d/3.jpg', 'web/d/3.jpg.webp'];

describe.each(['folder', 'bucket'] as const)('imgvar prune, %s', (kind) => {
  test('shows what would go, then removes exactly that, and writes it down', async () => {
    await filled(kind);
    const keys = await v.keys();
    const dry = await prune('--dry-run');
    expect([dry.code, removed(dry, 'planned')]).toEqual([0, [...GONE, 'small/readme'].sort()]);
    expect(await v.keys()).toEqual(keys);
    expect(dry.json().at(-1)).toMatchObject({ type: 'pruned', removed: 0, dryRun: true });

    const ended = await prune('--yes', '--max-delete', '3');
    expect([ended.code, removed(ended)]).toEqual([0, [...GONE, 'small/readme'].sort()]);
    expect(await v.keys()).toEqual(keys.filter((key) => !GONE.includes(key) && key !== 'small/readme'));
    const { journal } = ended.json().at(-1) as { journal: string };
    const lines = (await v.read(`.imgvar/${journal}000001.jsonl`)).toString().trim().split('\n').map((line) => JSON.parse(line) as { key: string; code: string });
    expect(lines.map(({ key }) => key).sort()).toEqual(removed(ended));
    expect(lines[0]).toMatchObject({ bytes: expect.any(Number), etag: expect.any(String), lastModified: expect.any(Number), code: 'original-gone' });
    expect((await run('reprocess', '--dry-run')).json().at(-1)).toMatchObject({ due: 0 });
    expect((await prune('--yes')).json().at(-1)).toMatchObject({ removed: 0, journal: null });
  });

  test('a spec that is gone, and an earlier format, can go; a foreign file stays', async () => {
    await filled(kind);
    await configure({ specs: { small: { width: 20, format: 'webp' } } });
    expect((await run('reprocess', '-y')).code).toBe(0);
    const ended = await prune('--yes', '--max-delete', '100%');
    expect(ended.code).toBe(0);
    expect(await v.keys()).toEqual(['d/0.jpg', ...Array.from({ length: 11 }, (_, i) => `small/d/${i}.jpg.webp`).filter((key) => !key.includes('/3.'))].sort());
  });
});

describe('imgvar prune refuses', () => {
  test('where more than a tenth would go, unless that is allowed', async () => {
    await filled('folder', 5);
    expect(errorOf(await prune('--yes'))).toEqual([2, 'too-many-removals']);
    expect((await prune('--dry-run')).json()).toContainEqual(expect.objectContaining({ type: 'prunable', exceeds: true }));
    expect(errorOf(await prune('--yes', '--max-delete', '2'))).toEqual([2, 'too-many-removals']);
    expect(await v.keys()).toContain('small/d/3.jpg');
    expect((await prune('--yes', '--max-delete', '30%')).code).toBe(0);
  });

  test('where there are no originals', async () => {
    await filled('bucket', 5);
    for (const key of await o.keys()) await o.remove(key);
    expect(errorOf(await prune('--yes', '--max-delete', '100%'))).toEqual([2, 'originals-empty']);
    expect(await v.keys()).toHaveLength(12);
  });

  test('where nobody has chosen the specs, or there are none', async () => {
    await filled('folder', 5);
    const elsewhere = await workspace();
    const args = ['prune', o.location, v.location, '--yes', '--max-delete', '100%', '--json'];
    expect(errorOf(await imgvar(args, elsewhere))).toEqual([2, 'specs-unchosen']);
    await configure({ specs: {} });
    expect(errorOf(await prune('--yes', '--max-delete', '100%'))).toEqual([2, 'config-invalid']);
    expect(await v.keys()).toHaveLength(12);
  });

  test('where nobody can answer', async () => {
    await filled('folder');
    expect(errorOf(await prune('--max-delete', '3'))).toEqual([2, 'removal-unconfirmed']);
    expect(await v.keys()).toContain('small/d/3.jpg');
  });

  test('with another layout, or other originals, than the variants were made with', async () => {
    await filled('folder');
    await configure({ specs: { small: { width: 20 } }, layout: '{path}/{variant}' });
    const ended = await prune('--yes', '--max-delete', '100%');
    expect(errorOf(ended)).toEqual([2, 'ledger-mismatch']);
    // It cannot be told to take them as they are.
    expect(ended.stderr).toContain('take them so first, with imgvar reprocess --adopt.');
  });
});

describe('imgvar prune', () => {
  test('keeps what an upload brings back meanwhile', async () => {
    await filled('bucket');
    const content = await photo(1);
    let listings = 0;
    before = ({ method, key, query, bucket }) => {
      // The original comes back once the second listing of originals is through.
      if (method === 'GET' && key === '' && bucket === 'variants' && (query.get('prefix') ?? '').endsWith('web/') && ++listings === 2) server.put('originals', `prune ${places}/d/3.jpg`, content);
      return undefined;
    };
    const ended = await prune('--yes', '--max-delete', '3');
    expect(ended.code).toBe(0);
    expect(removed(ended)).not.toEqual(expect.arrayContaining(GONE));
    expect(await v.keys()).toEqual(expect.arrayContaining(GONE));
  });

  test('killed in the middle, the same command goes on', async () => {
    use('bucket');
    const count = 2_500;
    await configure({ specs: { small: { width: 20 } } });
    await o.put('kept.jpg', await photo(1));
    expect((await run('reprocess', '-y')).code).toBe(0);
    for (let i = 0; i < count; i++) await v.put(`small/${i}.jpg`, 'x');
    await sleep(1000);
    let batches = 0;
    const { child, ended } = start(['prune', '--yes', '--max-delete', '100%', '--json'], cwd, env());
    before = ({ query }) => {
      if (query.has('delete') && ++batches === 2) child.kill('SIGKILL');
      return undefined;
    };
    await ended;
    before = () => undefined;
    const left = (await v.keys()).length;
    expect(left).toBeGreaterThan(1);
    expect(left).toBeLessThan(count + 1);
    await sleep(2_500);
    const again = await prune('--yes', '--max-delete', '100%');
    expect(again.code, again.stderr).toBe(0);
    expect(removed(again)).toHaveLength(left - 1);
    expect(await v.keys()).toEqual(['small/kept.jpg']);
  });

  test('tells what it may not remove, exit 3, and of versions how to bring back', async () => {
    await filled('bucket');
    server.settings.set('variants?versioning', '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>');
    before = ({ query }) => (query.has('delete') ? { kind: 'error', status: 403, code: 'AccessDenied' } : undefined);
    const ended = await prune('--yes', '--max-delete', '3');
    server.settings.delete('variants?versioning');
    expect([ended.code, removed(ended, 'failed')]).toEqual([3, [...GONE, 'small/readme'].sort()]);
    expect(ended.json().find(({ type }) => type === 'prunable')).toMatchObject({ keepsVersions: true, count: 3 });
  });
});
