import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startS3, type S3Request, type S3Server } from '../s3/server.js';
import { imgvar, summaryOf, workspace } from './imgvar.js';
import { photo } from './pictures.js';
import { bucketSide, folderSide } from './sides.js';

const COUNT = 12;
const NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];

let server: S3Server;
/** Requests for originals and variants themselves, not for listings and what imgvar keeps. */
let looked: string[] = [];
beforeAll(async () => {
  const note = ({ method, key }: S3Request): undefined => {
    if (key !== '' && !key.includes('.imgvar/')) looked.push(`${method} ${key}`);
  };
  server = await startS3({ buckets: ['originals', 'variants'], before: note });
});
afterAll(() => server.close());

let worlds = 0;
test.each([
  ['folder', '{variant}/{path}'],
  ['folder', '{dir}/{name}-{variant}.{ext}'],
  ['bucket', '{variant}/{path}'],
  ['bucket', '{dir}/{name}-{variant}.{ext}'],
] as const)('in a %s, with %s, one changed spec of seven makes its variants due, by listings alone; changed back, none', async (kind, layout) => {
  const cwd = await workspace();
  const side = (name: string) => (kind === 'folder' ? folderSide(path.join(cwd, name)) : bucketSide(server, name, `change ${worlds}/`));
  const [o, v] = [side('originals'), side('variants')];
  worlds += 1;
  for (let i = 0; i < COUNT; i++) await o.put(`d/${i}.jpg`, await photo(i));
  const configure = (quality: number, crop: string) => {
    const specs = Object.fromEntries(NAMES.map((name, i) => [name, { width: 10 + i, height: 10, fit: 'cover', position: name === 'e' ? crop : 'centre', quality: name === 'c' ? quality : 80 }]));
    return writeFile(path.join(cwd, 'imgvar.config.json'), JSON.stringify({ originals: o.location, variants: v.location, layout, specs }));
  };
  const run = async (...args: string[]) => imgvar(['reprocess', '--json', ...args], cwd, { AWS_ENDPOINT_URL: server.url });
  const due = async () => (await run('--dry-run')).json().filter(({ type }) => type === 'due').map(({ variant, reason }) => `${String(variant)} ${String(reason)}`);

  await configure(80, 'centre');
  expect(summaryOf(await run())).toMatchObject({ made: COUNT * 7 });

  await configure(60, 'centre');
  looked = [];
  expect(await due()).toEqual(Array(COUNT).fill('c spec-changed'));
  expect(looked).toEqual([]);

  // Only some are made by the new spec; changed back, just those are due.
  expect(summaryOf(await run('--include', '1*.jpg'))).toMatchObject({ due: 3, made: 3 });
  expect(await due()).toHaveLength(COUNT - 3);
  await configure(80, 'centre');
  expect(await due()).toEqual(Array(3).fill('c spec-changed'));
  expect(summaryOf(await run())).toMatchObject({ due: 3, made: 3, upToDate: COUNT - 3 });
  expect(summaryOf(await run())).toMatchObject({ due: 0, upToDate: COUNT });

  await configure(80, 'north');
  expect(await due()).toEqual(Array(COUNT).fill('e spec-changed'));
});
