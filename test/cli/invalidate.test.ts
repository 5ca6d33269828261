import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startS3, type S3Server } from '../s3/server.js';
import { startCloudFront, type CloudFrontServer } from '../stack/cloudfront.js';
import { imgvar, summaryOf, workspace, type Ended } from './imgvar.js';
import { photo } from './pictures.js';
import { bucketSide, type Side } from './sides.js';

let s3: S3Server;
let cloudFront: CloudFrontServer;
let cwd: string;
let o: Side;
let v: Side;
let places = 0;
beforeAll(async () => {
  s3 = await startS3({ buckets: ['originals', 'variants'] });
  cloudFront = await startCloudFront();
});
afterAll(() => Promise.all([s3.close(), cloudFront.close()]));
beforeEach(async () => {
  places += 1;
  o = bucketSide(s3, 'originals', `in/${places}/`);
  v = bucketSide(s3, 'variants', `images/${places}/`);
  for (let i = 0; i < 3; i++) await o.put(`${i} é.jpg`, await photo(i));
  cloudFront.invalidations.length = 0;
  cloudFront.isForbidden = cloudFront.mayOnlyLook = false;
  cwd = await workspace();
  await configure(20, { distribution: 'E1' });
});

const configure = (width: number, cloudFront: object): Promise<void> =>
  writeFile(path.join(cwd, 'imgvar.config.json'), JSON.stringify({ originals: o.location, variants: v.location, specs: { small: { width }, web: { width: 30 } }, cloudFront }));
const run = (...args: string[]): Promise<Ended> => imgvar([...args, '--json'], cwd, { AWS_ENDPOINT_URL_S3: s3.url, AWS_ENDPOINT_URL_CLOUDFRONT: cloudFront.url });
const reprocess = (...args: string[]): Promise<Ended> => run('reprocess', '-y', ...args);
const told = (ended: Ended) => ended.json().filter(({ type }) => type === 'invalidation');
const smallOf = (place: number): string[] => [0, 1, 2].map((i) => `/images/${place}/small/${i}%20%C3%A9.jpg`);

describe('imgvar reprocess --invalidate', () => {
  test('has CloudFront forget what was replaced, and nothing of what is new', async () => {
    const first = await reprocess('--invalidate');
    expect([first.code, summaryOf(first)?.['made'], told(first)]).toEqual([0, 6, []]);
    await configure(21, { distribution: 'E1' });
    await v.remove('web/0 é.jpg');
    const second = await reprocess('--invalidate');
    expect([second.code, summaryOf(second)?.['made']]).toEqual([0, 4]);
    expect(told(second)).toMatchObject([{ state: 'planned', distribution: 'E1', paths: smallOf(places), wildcards: 0, usd: 0.015 }, { state: 'created' }]);
    expect(cloudFront.invalidations).toEqual([smallOf(places)]);
    expect(second.json().at(-1)).toMatchObject({ type: 'summary' });
  });

  test('--dry-run tells what it would be, and what it costs', async () => {
    await reprocess();
    await configure(21, {});
    const ended = await reprocess('--dry-run', '--distribution', 'E1');
    expect(told(ended)).toMatchObject([{ state: 'planned', paths: smallOf(places) }]);
    expect(cloudFront.invalidations).toEqual([]);
  });

  test('takes the whole of each spec where a run is gone on with', async () => {
    await reprocess();
    await configure(21, { distribution: 'E1', path: '/img/' });
    const stopped = await reprocess('--invalidate', '--max-cost', '0.00015');
    expect(stopped.code).toBe(4);
    cloudFront.invalidations.length = 0;
    expect((await reprocess('--invalidate')).code).toBe(0);
    expect(cloudFront.invalidations).toEqual([['/img/small/*', '/img/web/*']]);
  });

  test('imgvar regenerate --invalidate', async () => {
    await reprocess();
    expect((await run('regenerate', '1 é.jpg', '--invalidate', '--only', 'small')).code).toBe(0);
    expect(cloudFront.invalidations).toEqual([[`/images/${places}/small/1%20%C3%A9.jpg`]]);
  });

  test.each<[string, string, string[], () => void]>([
    ['no distribution', 'distribution-unnamed', ['--invalidate'], () => undefined],
    ['one that is not there', 'distribution-missing', ['--distribution', 'E2'], () => undefined],
    ['no permission', 'access-denied', ['--distribution', 'E1'], () => void (cloudFront.isForbidden = true)],
  ])('%s is exit 2, and nothing is made', async (_, code, args, prepare) => {
    await configure(20, {});
    prepare();
    const ended = await reprocess(...args);
    expect([ended.code, ended.json()]).toMatchObject([2, [{ type: 'error', code }]]);
    expect(await v.keys()).toEqual([]);
  });

  test('an invalidation that is refused afterwards is told, with what to do; what was made stays', async () => {
    await reprocess();
    cloudFront.mayOnlyLook = true;
    const ended = await run('regenerate', '1 é.jpg', '--invalidate');
    expect(ended.code).toBe(2);
    expect(ended.json().at(-1)).toMatchObject({ type: 'error', code: 'access-denied', message: expect.stringContaining('aws cloudfront create-invalidation') });
    expect(ended.json().at(-2)).toMatchObject({ type: 'summary', made: 2 });
  });
});
