import { expect, test } from 'vitest';
import { dryRunCommand, jobCommand, uploadCommand } from '../../src/cli/next-command.js';
import { maxFailures, usd } from '../../src/cli/options.js';
import { termsOf } from '../../src/cli/terms.js';
import type { PastRun } from '../../src/model/past-run.js';
import { loadText } from '../config/support.js';

const RUN: PastRun = {
  type: 'run-record', id: '20261125T000000000Z-aaaaaa', state: 'interrupted', stoppedBy: null, command: 'reprocess', originals: 'o', variants: 'v', mode: 'due', specs: ['small'],
  filter: { prefix: '', include: [], exclude: [] }, terms: {}, startedAt: '2026-11-25T00:00:00.000Z', seconds: 1,
  sums: { originals: 1, due: 1, made: 0, upToDate: 0, failed: 0, bytesRead: 0, bytesWritten: 0 },
  requests: { get: 0, put: 0, head: 0, list: 0, delete: 0, retries: 0 }, left: [{ after: '', upTo: null }], secondTry: 'none', failures: {},
};

/** The command for a run, under a config with the specs small and web. */
async function shown(fields: Partial<PastRun>): Promise<string> {
  const config = await loadText(JSON.stringify({ specs: { small: { width: 20 }, web: { width: 30 } } }));
  return jobCommand({ ...RUN, ...fields }, { config, options: {} });
}

test('a run of an earlier version, of which no terms are known', async () => {
  expect(await shown({})).toBe('imgvar reprocess o v --mode due --only small');
});

test('on the same terms', async () => {
  const terms = { engine: 'lambda', function: 'arn:aws:lambda:eu-west-1:1:function:f', 'max-cost': '5', 'max-failures': '2.5%' };
  expect(await shown({ terms })).toBe('imgvar reprocess o v --mode due --only small --engine lambda --function arn:aws:lambda:eu-west-1:1:function:f --max-cost 5 --max-failures 2.5%');
});

test('what CloudFront was to forget, it is to forget of the rest as well', async () => {
  expect(await shown({ terms: termsOf({ invalidate: true }) })).toBe('imgvar reprocess o v --mode due --only small --invalidate');
  expect(await shown({ terms: termsOf({ invalidate: false, distribution: 'E2EXAMPLE' }) })).toBe('imgvar reprocess o v --mode due --only small --distribution E2EXAMPLE');
});

test('a cap is reckoned by the same figures as before', async () => {
  const terms = termsOf({ maxCost: 5, prices: 'our prices.json', priceRegion: 'us-east-1', inRegion: true, freeTier: true, kms: true });
  expect(await shown({ terms })).toBe("imgvar reprocess o v --mode due --only small --max-cost 5 --prices 'our prices.json' --price-region us-east-1 --in-region --free-tier --kms");
  expect(await shown({ terms: termsOf({ inRegion: false, freeTier: false, kms: false }) })).toBe('imgvar reprocess o v --mode due --only small');
});

test('specs of a preset are chosen out of that, whatever the config has', async () => {
  expect(await shown({ terms: { preset: 'levels' } })).toBe('imgvar reprocess o v --mode due --preset levels --only small');
  const all = ['xlarge', 'large', 'medium', 'small', 'square-medium', 'square-small'];
  expect(await shown({ terms: { preset: 'levels' }, specs: all })).toBe('imgvar reprocess o v --mode due --preset levels');
});

test('where the cap is used up, another is for the person to name', async () => {
  expect(await shown({ state: 'stopped', stoppedBy: 'cost', terms: { 'max-cost': '5' } })).toContain(' --max-cost MORE');
  expect(await shown({ state: 'stopped', stoppedBy: 'failures', terms: { 'max-cost': '5', 'max-failures': '3' } })).toContain(' --max-cost 5 --max-failures 3');
});

test('whatever stands in a record is one word of the command, and what is no term that is known is left out', async () => {
  expect(await shown({ terms: { function: '$(rm -rf ~)', other: '--fresh' } })).toBe("imgvar reprocess o v --mode due --only small --function '$(rm -rf ~)'");
});

test('after a deployment all is reached as that was, and each word is one to a shell', () => {
  const options = { config: "ada's config.json", endpointUrl: 'https://s3.example.com', region: 'eu-west-1', profile: 'my work' };
  const buckets = "--endpoint-url https://s3.example.com --region eu-west-1 --profile 'my work'";
  expect(dryRunCommand(['s3://o/~a/', 's3://v/'], options)).toBe(`imgvar reprocess --dry-run 's3://o/~a/' s3://v/ --config 'ada'\\''s config.json' ${buckets}`);
  expect(uploadCommand('photo.jpg', 's3://o/~a/', options)).toBe(`aws s3 cp photo.jpg 's3://o/~a/' ${buckets}`);
  expect(dryRunCommand([], {})).toBe('imgvar reprocess --dry-run');
  expect(uploadCommand('photo.jpg', 's3://o/', {})).toBe('aws s3 cp photo.jpg s3://o/');
});

test('terms are kept as the command line takes them', () => {
  expect(termsOf({ preset: undefined })).toEqual({});
  for (const maxCost of [0, 5, 100, 0.25, 0.000_000_1, 999_999_999]) expect(usd(termsOf({ maxCost })['max-cost'] ?? '')).toBe(maxCost);
  for (const most of [{ originals: 0 }, { percent: 2.5 }]) expect(maxFailures(termsOf({ maxFailures: most })['max-failures'] ?? '')).toEqual(most);
});
