import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromUsd, toUsd } from '../../src/cost/money.js';
import { storeLines } from '../../src/cost/store-lines.js';
import { totalOf } from '../../src/cost/lines.js';
import type { Job } from '../../src/model/job.js';
import { NO_REQUESTS } from '../../src/model/requests.js';
import { NO_TRAFFIC } from '../../src/model/traffic.js';
import { SpendingCap } from '../../src/run/spending.js';
import { billing } from '../cost/support.js';
import { spec } from '../support.js';

const TRIES = 10;
const TERMS = billing('us-east-1', { inRegion: false });

function jobOf(size: number, variants: number): Job {
  const due = Array.from({ length: variants }, (_, i) => ({ spec: spec(`s${i}`), key: `s${i}/k`, reason: 'missing' as const }));
  return { original: { key: 'k.jpg', size, lastModified: 0, etag: '' }, due };
}

/** What a job costs when each of its requests is sent so many times. */
function costOf({ original, due }: Job, tries: number): number {
  return totalOf(
    storeLines(
      {
        traffic: { originals: { ...NO_REQUESTS, get: tries, head: tries }, variants: { ...NO_REQUESTS, put: tries * due.length }, own: NO_REQUESTS },
        classes: { STANDARD: { originals: 1, bytes: original.size } },
        bytesRead: original.size * tries,
        bytesWritten: 0,
      },
      TERMS,
    ),
  );
}

test('whatever jobs come, in whatever order they end, and however often their requests are repeated, no more than the cap is spent', async () => {
  const job = fc.record({ size: fc.integer({ min: 0, max: 50_000_000 }), variants: fc.integer({ min: 1, max: 7 }), tries: fc.integer({ min: 1, max: TRIES }) });
  await fc.assert(
    fc.asyncProperty(fc.array(job, { maxLength: 60 }), fc.integer({ min: 1, max: 8 }), fc.double({ min: 0.002, max: 0.5, noNaN: true }), async (jobs, inFlight, usd) => {
      let spent = 0;
      const cap = new SpendingCap(usd, () => spent, TERMS, { mostTries: TRIES });
      const running: { job: Job; cost: number }[] = [];
      const end = (): void => {
        const [done] = running.splice(0, 1);
        if (done === undefined) return;
        spent += done.cost;
        cap.settle(done.job);
      };
      for (const { size, variants, tries } of jobs) {
        const next = jobOf(size, variants);
        let admitted: boolean | undefined;
        const asked = cap.admit(next).then((is) => (admitted = is));
        await Promise.resolve();
        while (admitted === undefined && running.length > 0) {
          end();
          await Promise.resolve();
          await Promise.resolve();
        }
        if (!(await asked)) {
          expect(running).toEqual([]);
          break;
        }
        running.push({ job: next, cost: costOf(next, tries) });
        if (running.length >= inFlight) end();
      }
      while (running.length > 0) end();
      expect(toUsd(spent)).toBeLessThanOrEqual(usd);
    }),
    { numRuns: 200 },
  );
});

test('what listing and the checkpoint take closes it as well', async () => {
  let spent = 0;
  const cap = new SpendingCap(1, () => spent, TERMS, { mostTries: TRIES });
  expect(await cap.staysOpen()).toBe(true);
  spent = totalOf(storeLines({ traffic: { ...NO_TRAFFIC, originals: { ...NO_REQUESTS, list: 199_900 } }, classes: {}, bytesRead: 0, bytesWritten: 0 }, TERMS));
  expect(await cap.staysOpen()).toBe(false);
});

test('what is reserved for those in flight does not close it: whoever asks, or waits for room, waits until it is known what they cost', async () => {
  let spent = 0;
  const cap = new SpendingCap(1, () => spent, TERMS, { mostTries: TRIES });
  // 1 GB ten times: $0.84 and its requests.
  const [first, second] = [jobOf(1e9, 1), jobOf(1e9, 1)];
  expect(await cap.admit(first)).toBe(true);
  spent = fromUsd(0.2);
  const told: string[] = [];
  const asked = cap.staysOpen().then((is) => told.push(`open: ${is}`));
  const wanted = cap.admit(second).then((is) => told.push(`admitted: ${is}`));
  await new Promise((resolve) => setImmediate(resolve));
  expect(told).toEqual([]);
  spent = fromUsd(0.05);
  cap.settle(first);
  await Promise.all([asked, wanted]);
  expect(told.sort()).toEqual(['admitted: true', 'open: true']);
  spent = fromUsd(1);
  cap.settle(second);
  expect([await cap.staysOpen(), await cap.admit(first)]).toEqual([false, false]);
});

test('a job of a storage class without a price is no reason to stop: it counts as one of Standard', async () => {
  const { original, due } = jobOf(1e6, 1);
  const cap = new SpendingCap(1, () => 0, TERMS, { mostTries: TRIES });
  expect(await cap.admit({ original: { ...original, storageClass: 'DEEP_ARCHIVE' }, due })).toBe(true);
});

test('what AWS gives away counts for none of those in flight, as each would count on all of it', () => {
  const cap = new SpendingCap(1, () => 0, { ...TERMS, freeTier: true }, { mostTries: 1 });
  // 200 MB to the internet at $0.09 a GB: 50 take $0.90 and their requests, 100 twice as much.
  const jobs = (count: number): Job[] => Array.from({ length: count }, () => jobOf(200e6, 1));
  expect(cap.admitAgain(jobs(100))).toBe(false);
  expect(cap.admitAgain(jobs(50))).toBe(true);
});
