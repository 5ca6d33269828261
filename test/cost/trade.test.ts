import { describe, expect, test } from 'vitest';
import { copyingTrade, MAKING } from '../../src/cost/trade.js';
import { NO_WORK } from '../../src/cost/workload.js';
import type { DueReason, Job } from '../../src/model/job.js';
import { COPY_SPEC } from '../../src/model/copy.js';

describe('copies of originals', () => {
  const copyOf = (size: number, ...reasons: DueReason[]): Job => ({
    original: { key: 'a.jpg', size, lastModified: 0, etag: 'e', storageClass: 'GLACIER_IR' },
    due: reasons.map((reason) => ({ spec: COPY_SPEC, key: 'a.jpg', reason })),
  });

  test('a copy has as many bytes as its original, and nothing is computed for it', () => {
    expect(copyingTrade('back-up').jobWork(copyOf(3_000_000, 'missing'), 131_072)).toEqual({
      bytes: 3_000_000,
      storageClass: 'GLACIER_IR',
      due: [['copy', 'missing']],
      cpuSeconds: expect.closeTo(0.019, 12), // 0.01, and 0.003 for each MB
      outputBytes: 3_000_000,
      addedBytes: 3_000_000,
    });
  });

  test('it is stored for no less than its class bills, and for nothing where it takes the place of another', () => {
    const added = (size: number, ...reasons: DueReason[]) => copyingTrade('back-up').jobWork(copyOf(size, ...reasons), 131_072).addedBytes;
    expect(added(1_000, 'missing')).toBe(131_072);
    expect(added(1_000, 'original-newer')).toBe(0);
    expect(added(1_000)).toBe(0);
  });
});

test('requests for each original and each of what is made of it', () => {
  const workload = { ...NO_WORK, originals: 10, variants: 60 };
  expect(MAKING.requestsFor(workload)).toEqual({ get: 10, head: 10, put: 60 });
  // Both sides are looked at before and after, and before alone where an original is brought back.
  expect(copyingTrade('back-up').requestsFor(workload)).toEqual({ get: 0, head: 40, put: 60 });
  expect(copyingTrade('back-up-missing').requestsFor(workload)).toEqual({ get: 0, head: 40, put: 60 });
  expect(copyingTrade('bring-back').requestsFor(workload)).toEqual({ get: 0, head: 20, put: 60 });
  // To each side as many; and there is one way to copy.
  expect(copyingTrade('bring-back')).toMatchObject({ headsAtTarget: 0.5, comparesWays: false });
});
