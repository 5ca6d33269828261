import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { doJobs } from '../../src/lambda/jobs.js';
import { parseRequest } from '../../src/lambda/request.js';
import { settingsOf, type Settings } from '../../src/lambda/settings.js';
import { secondsForImage } from '../../src/lambda/time-limit.js';
import { workshopFor } from '../../src/lambda/workshop.js';
import { PROTOCOL, type InvocationAnswer, type JobsRequest } from '../../src/model/invocation.js';
import type { Job } from '../../src/model/job.js';
import { DEFAULT_LIMITS } from '../../src/model/limits.js';
import { openWorkshop } from '../../src/work/workshop.js';
import { filesIn, root, workspace } from '../cli/imgvar.js';
import { spec } from '../support.js';

const does = (request: JobsRequest, settings: Settings, left: () => number) => doJobs(request, settings, async (...work) => (await workshopFor(request, settings)).do(...work), left);

const SMALL = spec('small', { width: 4, height: 4 });

function jobFor(key: string, size = 1): Job {
  return { original: { key, size, lastModified: 0, etag: '' }, due: [{ spec: SMALL, key: `small/${key}`, reason: 'missing' }] };
}

/** A function that works between two folders. */
async function place(keys: readonly string[]): Promise<{ settings: Settings; request: (jobs: readonly Job[], more?: Partial<JobsRequest>) => JobsRequest; made: () => Promise<string[]> }> {
  const picture = await sharp({ create: { width: 8, height: 6, channels: 3, background: 'red' } }).jpeg().toBuffer();
  const originals = await workspace(Object.fromEntries(keys.map((key) => [key, picture])));
  const variants = await workspace();
  const config = path.join(await workspace(), 'config.json');
  await writeFile(config, JSON.stringify({ specs: { small: { width: 4, height: 4 } } }));
  const settings = await settingsOf({ LAMBDA_TASK_ROOT: root, IMGVAR_CONFIG: config, IMGVAR_ORIGINALS: originals, IMGVAR_VARIANTS: variants });
  const request = (jobs: readonly Job[], more: Partial<JobsRequest> = {}): JobsRequest => {
    return { imgvar: 'jobs', protocol: PROTOCOL, originals, variants, limits: DEFAULT_LIMITS, dryRun: false, jobs, ...more };
  };
  return { settings, request, made: () => filesIn(variants) };
}

function resultsIn(answer: InvocationAnswer) {
  if (answer.imgvar !== 'results') throw new Error(JSON.stringify(answer));
  return answer;
}

const plenty = (): number => 900;

describe('jobs', () => {
  test('are each answered by their place, with what became of them', async () => {
    const { settings, request, made } = await place(['a.jpg', 'b.jpg']);
    const { done, notBegun } = resultsIn(await does(request([jobFor('a.jpg'), jobFor('none.jpg'), jobFor('b.jpg')]), settings, plenty));
    const codes = done.map(({ index, result: { outcomes } }) => [index, outcomes.map((outcome) => (outcome.result === 'made' ? 'made' : outcome.code))]);
    expect(codes.sort()).toEqual([[0, ['made']], [1, ['original-missing']], [2, ['made']]]);
    expect(notBegun).toEqual([]);
    expect(done.every(({ seconds }) => seconds > 0)).toBe(true);
    expect(await made()).toEqual(['small/a.jpg', 'small/b.jpg']);
  });

  test('write nothing where they are only measured', async () => {
    const { settings, request, made } = await place(['a.jpg']);
    const { done } = resultsIn(await does(request([jobFor('a.jpg')], { dryRun: true }), settings, plenty));
    expect(done[0]?.result.outcomes).toMatchObject([{ result: 'made', width: 4, height: 3 }]);
    expect(await made()).toEqual([]);
  });

  test('are not begun when the time gets short, but for the first', async () => {
    const keys = Array.from({ length: 12 }, (_, i) => `${i}.jpg`);
    const { settings, request, made } = await place(keys);
    const { done, notBegun } = resultsIn(await does(request(keys.map((key) => jobFor(key))), settings, () => 4));
    expect(done.map(({ index }) => index)).toEqual([0]);
    expect(notBegun).toEqual(keys.slice(1).map((_, i) => i + 1));
    expect(await made()).toEqual(['small/0.jpg']);
  });

  test('that have to wait for their turn until no time is left are each a timeout, before the invocation is ended', async () => {
    const keys = Array.from({ length: 6 }, (_, i) => `${i}.jpg`);
    const { settings, request, made } = await place(keys);
    const { originals, variants, limits } = request([]);
    // The first two hold both turns until the time is over.
    let turns = 0;
    const workshop = await openWorkshop({ originals, variants, s3: settings.s3, limits }, { onTurn: () => void (turns += 1) });
    const left = (): number => (turns <= 2 ? 60 : 0);
    const { done, notBegun } = resultsIn(await doJobs(request(keys.map((key) => jobFor(key))), settings, workshop.do, left));
    expect(notBegun).toEqual([]);
    const codes = done.flatMap(({ result: { outcomes } }) => outcomes.map((outcome) => (outcome.result === 'made' ? 'made' : outcome.code)));
    expect(codes.sort()).toEqual(['made', 'made', 'timeout', 'timeout', 'timeout', 'timeout']);
    expect(await made()).toHaveLength(2);
  });

  test('are begun as long as all answers surely fit', async () => {
    const key = `${'\u0001'.repeat(200)}.jpg`;
    const { settings, request } = await place([]);
    const jobs = Array.from({ length: 1800 }, () => jobFor(key));
    const answer = resultsIn(await does(request(jobs), settings, plenty));
    expect(answer.done.length).toBeGreaterThan(500);
    expect(answer.notBegun.length).toBe(1800 - answer.done.length);
    expect(answer.notBegun.length).toBeGreaterThan(0);
    expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThan(5_500_000);
  });

  test('of more bytes than the memory takes at once are done all the same', async () => {
    const { settings, request } = await place(['a.jpg', 'b.jpg']);
    const jobs = [jobFor('a.jpg', 2 ** 40), jobFor('b.jpg', 2 ** 40)];
    expect(resultsIn(await does(request(jobs), settings, plenty)).done).toHaveLength(2);
  });

  test('for other locations are refused', async () => {
    const { settings, request, made } = await place(['a.jpg']);
    for (const foreign of [{ originals: '/' }, { variants: '/tmp' }, { originals: 's3://other/' }, { originals: 'ftp://x' }, { variants: `${request([]).variants}/.imgvar` }, { variants: `${request([]).variants}x` }]) {
      expect(await does(request([jobFor('a.jpg')], foreign), settings, plenty)).toMatchObject({ imgvar: 'refusal', code: 'location-foreign' });
    }
    expect(await made()).toEqual([]);
  });
});

test.each([
  [900, 897],
  [60.04, 57],
  [4, 2],
  [0.99, 0.4],
  [0, 0],
  [-1, 0],
])('of %d s that are left, an image may take %d', (left, seconds) => {
  expect(secondsForImage(left)).toBe(seconds);
});

describe('a request', () => {
  const valid = { imgvar: 'jobs', protocol: PROTOCOL, originals: 's3://a/', variants: 's3://b/', limits: DEFAULT_LIMITS, dryRun: false, jobs: [jobFor('a')] };

  test('is taken as it is', () => {
    expect(parseRequest(JSON.parse(JSON.stringify(valid)))).toEqual(valid);
    expect(parseRequest({ imgvar: 'describe', protocol: 99 })).toEqual({ imgvar: 'describe', protocol: PROTOCOL });
  });

  test.each([
    ['protocol-unsupported', { protocol: PROTOCOL + 1 }],
    ['protocol-unsupported', { protocol: undefined }],
    ['request-invalid', { imgvar: 'other' }],
    ['request-invalid', { jobs: {} }],
    ['request-invalid', { dryRun: undefined }],
    ['request-invalid', { more: 1 }],
    ['request-invalid', { jobs: [{ ...jobFor('a'), due: [] }] }],
    ['request-invalid', { jobs: [{ ...jobFor('a'), due: { length: { toString: null } } }] }],
    ['request-invalid', { jobs: [{ ...jobFor('a'), due: [{ spec: { ...SMALL, newer: true }, key: 'k', reason: 'missing' }] }] }],
    ['request-invalid', { limits: { ...DEFAULT_LIMITS, seconds: 0 } }],
  ])('is refused as %s: %j', (code, change) => {
    const answer = parseRequest({ ...valid, ...change });
    expect(answer).toMatchObject({ imgvar: 'refusal', protocol: PROTOCOL, code });
  });
});
