import { expect, test } from 'vitest';
import { withLostWork } from '../../src/engine/lost-work.js';
import { NO_REQUESTS } from '../../src/model/requests.js';
import { madeOf } from '../run/pretending.js';
import { spec, stored } from '../support.js';

const due = [spec('a'), spec('b')].map((one) => ({ spec: one, key: `${one.name}/k`, reason: 'missing' as const }));
const job = { original: { ...stored('k'), size: 1_000 }, due };
const result = { ...madeOf(job), bytesRead: 1_000, requests: { ...NO_REQUESTS, get: 1, head: 1, put: 2 } };

test.each<[string, string, number, object]>([
  ['s3://o/', 's3://v/', 2, { bytesRead: 3_000, requests: { ...NO_REQUESTS, get: 3, head: 3, put: 6 } }],
  ['s3://o/', '/v', 1, { bytesRead: 2_000, requests: { ...NO_REQUESTS, get: 2, head: 2, put: 2 } }],
  ['/o', 's3://v/', 1, { bytesRead: 1_000, requests: { ...NO_REQUESTS, get: 1, head: 1, put: 4 } }],
  ['/o', '/v', 2, { bytesRead: 1_000, requests: result.requests }],
])('from %s to %s, of work that was lost %i times', (originals, variants, times, expected) => {
  expect(withLostWork(result, job, { originals, variants }, times)).toEqual({ ...result, ...expected });
});
