import { expect, onTestFinished, test } from 'vitest';
import { newRecord, saveRecord, type Range } from '../../src/checkpoint/run-record.js';
import { parseLayout } from '../../src/model/layout.js';
import { identityOf } from '../../src/run/begin.js';
import { reprocess } from '../../src/run/reprocess.js';
import { EVERYTHING } from '../../src/source/filter.js';
import { s3Store } from '../../src/store/s3.js';
import { DEFAULT_S3 } from '../../src/store/s3-settings.js';
import { startS3, type S3Request } from '../s3/server.js';
import { spec } from '../support.js';
import { control, pretending } from './pretending.js';
import { runParts } from './run-parts.js';

/** What goes on behind `a.jpg`: the variant of `a.png` comes before the place where the listing of variants begins. */
const BEHIND = { layout: '{dir}/{name}-{variant}.{ext}', keys: ['a.jpg', 'a.png'], variant: 'a-web.png.webp', ranges: [{ after: 'a.jpg', upTo: null }] };

/** What is divided behind `a`: whose variant that is decides `a.webp`, which comes behind the end of the first part. */
const DIVIDED = { layout: '{variant}/{path}', keys: ['a', 'b'], variant: 'web/a.webp', ranges: [{ after: '', upTo: 'a' }, { after: 'a', upTo: null }] };

/** A run between buckets that goes on with such a record, where such requests are refused. */
async function goOn({ layout, keys, variant, ranges }: { layout: string; keys: readonly string[]; variant: string; ranges: Range[] }, status: number, isRefused: (request: S3Request) => boolean) {
  const server = await startS3({ buckets: ['originals', 'variants'], before: (request) => (isRefused(request) ? { kind: 'error', status, code: 'AccessDenied' } : undefined) });
  onTestFinished(() => server.close());
  for (const key of keys) server.put('originals', key, Buffer.from('x'));
  server.put('variants', variant, Buffer.from('x'));
  const store = (bucket: string) => s3Store(bucket, '', { ...DEFAULT_S3, endpoint: server.url, region: 'us-east-1' });
  const parts = runParts({ originals: store('originals'), variants: store('variants'), engine: pretending(), specs: [spec('web', { format: 'webp' })], layout: parseLayout(layout, ['web']) });
  const identity = identityOf(parts, { command: 'reprocess', mode: 'due', filter: { prefix: '', include: [], exclude: [] } });
  await saveRecord(parts.checkpoint, { ...newRecord('run-1', identity, 1), state: 'interrupted', ranges });
  return reprocess(parts, 'due', EVERYTHING, control().settings);
}

test('to look up a variant where a listing begins needs no permission to read it', async () => {
  const isLook = ({ method, bucket, key }: S3Request): boolean => bucket === 'variants' && method !== 'PUT' && key !== '' && !key.startsWith('.imgvar/');
  expect(await goOn(BEHIND, 403, isLook)).toMatchObject({ resumed: true, originals: 1, upToDate: 1, due: 0, complete: true });
});

test.each([
  ['a variant that is looked up', BEHIND, 'variants', BEHIND.variant],
  ['an original that may own a variant', DIVIDED, 'originals', 'a.webp'],
])('%s, refused: as with any listing, one sentence ends the run', async (_, run, bucket, prefix) => {
  const isLook = ({ bucket: of, query }: S3Request): boolean => of === bucket && query.get('prefix') === prefix;
  await expect(goOn(run, 403, isLook)).rejects.toMatchObject({ name: 'UserError', code: 'location-unreadable', message: expect.stringContaining('s3:ListBucket') });
  await expect(goOn(run, 400, isLook)).rejects.toMatchObject({ name: 'UserError', code: 'endpoint-unreachable' });
});
