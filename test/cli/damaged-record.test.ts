import { expect, onTestFinished, test } from 'vitest';
import { startS3 } from '../s3/server.js';
import { imgvar, workspace, type Ended } from './imgvar.js';
import { photo } from './pictures.js';

const CONFIG = { originals: 's3://originals', variants: 's3://variants', specs: { small: { width: 20 } }, confirmAbove: 0 };

/** Two buckets after two runs. The record of the second one is damaged, and an original has come since. */
async function damaged() {
  const server = await startS3({ buckets: ['originals', 'variants'] });
  onTestFinished(() => server.close());
  const cwd = await workspace({ 'imgvar.config.json': JSON.stringify(CONFIG) });
  const run = (...args: string[]): Promise<Ended> => imgvar(args, cwd, { AWS_ENDPOINT_URL: server.url });
  for (const key of ['1.jpg', '2.jpg']) {
    server.put('originals', key, await photo(1));
    expect((await run('reprocess', '--yes')).code).toBe(0);
  }
  const records = [...(server.buckets.get('variants')?.keys() ?? [])].filter((key) => /^\.imgvar\/runs\/[\w-]+\.json$/.test(key)).sort();
  expect(records).toHaveLength(2);
  const [first = '', last = ''] = records;
  server.put('variants', last, Buffer.from('{'));
  server.put('originals', '3.jpg', await photo(1));
  return { run, first, last, server };
}

test('estimates tell that the last record is damaged, and what a run that starts over would do', async () => {
  const { run, last } = await damaged();
  for (const [args, due] of [[[], 1], [['--retry-failed'], 0]] as const) {
    const ended = await run('estimate', '--json', ...args);
    expect(ended.code, ended.stderr).toBe(0);
    const warning = { type: 'warning', code: 'checkpoint-damaged', message: expect.stringContaining(`${last} in s3://variants/ is damaged`) };
    expect(ended.json().filter(({ type }) => type === 'warning')).toEqual([warning]);
    expect(ended.json().find(({ type }) => type === 'estimate')).toMatchObject({ originals: due });
  }
});

test('a report is of the last run whose record can be read, and says so', async () => {
  const { run, first } = await damaged();
  const ended = await run('report', '--sample', '0');
  expect([ended.code, ended.stderr]).toEqual([0, expect.stringMatching(/^Warning: The checkpoint .* is damaged; [^\n]*\n$/)]);
  expect(ended.stdout).toContain(first.slice('.imgvar/runs/'.length, -'.json'.length));
});

test('a run refuses before it asks what it may cost; with --fresh it begins', async () => {
  const { run } = await damaged();
  const refused = await run('reprocess', '--json');
  expect([refused.code, refused.json().at(-1)]).toEqual([2, expect.objectContaining({ type: 'error', code: 'checkpoint-damaged' })]);
  expect((await run('reprocess', '--fresh', '--yes')).code).toBe(0);
});

test('where no other record can tell what failed, --retry-failed names the damage, whether it would ask or not', async () => {
  const { run, first, server } = await damaged();
  server.remove('variants', first);
  for (const args of [['reprocess'], ['reprocess', '--yes'], ['estimate']]) {
    const refused = await run(...args, '--retry-failed', '--json');
    expect([refused.code, refused.json()]).toEqual([2, [expect.objectContaining({ type: 'error', code: 'checkpoint-damaged' })]]);
  }
});
