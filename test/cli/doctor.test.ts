import { chmod, readdir } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startS3, type S3Server } from '../s3/server.js';
import { startCloud, type Cloud } from './fanout.js';
import { filesIn, imgvar, workspace, type Ended } from './imgvar.js';

let server: S3Server;
beforeAll(async () => {
  server = await startS3({ buckets: ['originals', 'variants'] });
});
afterAll(() => server.close());

const found = (ended: Ended) => Object.fromEntries(ended.json().map(({ check, result }) => [check, result]));
const doctor = async (config: object, args: string[] = [], env: NodeJS.ProcessEnv = {}) => {
  const cwd = await workspace({ 'imgvar.config.json': JSON.stringify(config), 'o/a.jpg': 'x' });
  return { cwd, ended: await imgvar(['doctor', '--json', ...args], cwd, env) };
};
const SPECS = { small: { width: 20 } };

describe('imgvar doctor', () => {
  test('finds all well with folders, and leaves nothing that a listing would show', async () => {
    const { cwd, ended } = await doctor({ originals: 'o', variants: 'v', specs: SPECS });
    expect([ended.code, found(ended)]).toEqual([0, { node: 'ok', images: 'ok', config: 'ok', originals: 'ok', variants: 'ok', backup: 'skipped', apart: 'ok', clock: 'ok', function: 'skipped' }]);
    expect(await filesIn(path.join(cwd, 'v'))).toEqual([]);
  });

  test('and with buckets', async () => {
    const { ended } = await doctor({ originals: 's3://originals/', variants: 's3://variants/', backup: 's3://variants-backup/', specs: SPECS }, [], { AWS_ENDPOINT_URL: server.url });
    expect([ended.code, found(ended)]).toMatchObject([2, { originals: 'ok', variants: 'ok', clock: 'ok', backup: 'failed' }]);
    expect(ended.json().find(({ check }) => check === 'backup')?.['detail']).toContain('variants-backup');
  });

  test('finds a backup well of which nothing is there yet, as the first copy makes it, and makes nothing', async () => {
    const { cwd, ended } = await doctor({ originals: 'o', variants: 'v', backup: './deep/backup', specs: SPECS });
    expect([ended.code, found(ended)]).toMatchObject([0, { backup: 'ok' }]);
    expect(ended.json().find(({ check }) => check === 'backup')?.['detail']).toContain('deep/backup is not there yet; the first copy makes it');
    expect(await readdir(cwd)).not.toContain('deep');
  });

  test.each<[string, object, string[], string]>([
    ['a backup that is no folder', { originals: 'o', variants: 'v', backup: 'o/a.jpg', specs: SPECS }, [], 'backup'],
    ['a config that is wrong', { specs: { small: { widht: 3 } } }, [], 'config'],
    ['originals that are not there', { originals: 'nowhere', variants: 'v', specs: SPECS }, [], 'originals'],
    ['locations of which one lies in the other', { originals: 'o', variants: 'o/v', specs: SPECS }, [], 'apart'],
    ['a bucket of which nobody knows', { originals: 's3://nobody/', variants: 'v', specs: SPECS }, [], 'originals'],
    ['a function that cannot be reached', { originals: 'o', variants: 'v', specs: SPECS }, ['--function', 'none'], 'function'],
  ])('tells of %s, and looks at the rest', async (_, config, args, check) => {
    const { ended } = await doctor(config, args, { AWS_ENDPOINT_URL: server.url, AWS_ENDPOINT_URL_LAMBDA: 'http://127.0.0.1:9' });
    expect([ended.code, found(ended)]).toMatchObject([2, { [check]: 'failed', node: 'ok', images: 'ok' }]);
    expect(ended.json()).toHaveLength(9);
  });

  test.each<[string, string[], string[]]>([
    ['neither places nor a function', [], ['originals', 'variants', 'backup', 'function']],
    ['no function, and places that were typed', ['o', 'v'], ['backup', 'function']],
  ])('where the config cannot be read says so of what it may name: %s', async (_, args, unknown) => {
    const { ended } = await doctor({ originals: 'o', variants: 'v', specs: { small: { widht: 3 } } }, args);
    expect([ended.code, found(ended)]).toMatchObject([2, { config: 'failed' }]);
    const told = ended.json().filter(({ detail }) => detail === 'the config cannot be read').map(({ check, result }) => [check, result]);
    expect(told).toEqual(unknown.map((check) => [check, 'skipped']));
    expect(ended.stdout).not.toContain('none is named');
  });

  test.skipIf(process.geteuid?.() === 0)('tells of variants that may not be written', async () => {
    const cwd = await workspace({ 'imgvar.config.json': JSON.stringify({ originals: 'o', variants: 'v', specs: SPECS }), 'o/a.jpg': 'x', 'v/a': 'x' });
    await chmod(path.join(cwd, 'v'), 0o500);
    expect(found(await imgvar(['doctor', '--json'], cwd))).toMatchObject({ variants: 'failed' });
  });

  test('in words, each line within 80 columns', async () => {
    const cwd = await workspace({ 'imgvar.config.json': JSON.stringify({ originals: 'nowhere', variants: 'v', specs: SPECS }) });
    const { stdout, stderr } = await imgvar(['doctor'], cwd);
    expect([stdout, stderr]).toEqual([expect.stringContaining('failed   originals'), '']);
    for (const line of stdout.split('\n')) expect(line.replace(cwd, '').length).toBeLessThanOrEqual(80);
  });
});

describe('imgvar doctor, with a deployed function', () => {
  let cloud: Cloud;
  beforeAll(async () => {
    cloud = await startCloud({ specs: SPECS });
  });
  afterAll(() => cloud.close());

  test('asks it', async () => {
    const { o, v, name } = cloud.place();
    const { ended } = await doctor({ specs: SPECS }, [o.location, v.location, '--function', name], cloud.env);
    expect([ended.code, found(ended)]).toMatchObject([0, { function: 'ok' }]);
  });
});
