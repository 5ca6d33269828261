import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { recordOf, type FailureRecord } from '../../src/checkpoint/failures.js';
import { Recording } from '../../src/checkpoint/recording.js';
import { newRecord } from '../../src/checkpoint/run-record.js';
import { GrowingSums, type Share } from '../../src/checkpoint/sums.js';
import { Settled, type Ticket } from '../../src/checkpoint/settled.js';
import { failed } from '../../src/model/outcome.js';
import { memoryStore } from '../../src/store/memory.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const UP_TO_DATE: Share = { originals: 1, upToDate: 1 };
const MADE: Share = {
  originals: 1, due: 1, made: 1, bytesWritten: 5, specs: [['a', 5]],
  work: { bytes: 7, storageClass: 'STANDARD', due: [['a', 'missing']], cpuSeconds: 1, outputBytes: 5, addedBytes: 5 },
};

const failureOf = (original: number): FailureRecord => recordOf(failed(String(original), null, { code: 'timeout', detail: '' }), ['a']);

/** All that a range has told, and its place by that. */
class Told {
  after: string | null | undefined;
  readonly sums = new GrowingSums();
  readonly failures: FailureRecord[] = [];
}

function settledInto(told: Told): Settled {
  return new Settled((after, sums, failures) => {
    if (after !== undefined) told.after = after;
    told.sums.merge(sums);
    told.failures.push(...failures);
  });
}

test.each<[string, number, Share]>([
  ['are up to date', 1, UP_TO_DATE],
  ['are made, of eight the last one first', 8, MADE],
])('what is kept behind an original that takes long does not grow with those that %s; and all of it counts once that is settled', (_, atOnce, share) => {
  const told = new Told();
  const part = settledInto(told);
  const first = part.planned();
  const open: Ticket[] = [];
  const plan = (count: number): void => {
    for (let i = 1; i <= count; i++) {
      open.push(part.planned());
      if (open.length >= atOnce) while (open.length > 0) open.pop()?.settle(share, []);
      if (i % 10 === 0) part.passed(String(i));
    }
  };
  plan(1_000);
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  plan(200_000);
  collectGarbage();
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(1_000_000);
  expect(told).toEqual(new Told());
  first.settle(MADE, []);
  const { originals, made, upToDate, specs, workload } = told.sums;
  const count = share === MADE ? 201_001 : 1;
  expect([told.after, originals, made, upToDate]).toEqual(['200000', 201_001, count, 201_001 - count]);
  expect([specs['a']?.bytes, workload.bytes, workload.due['a']]).toEqual([5 * count, 7 * count, { missing: count }]);
});

test('any number of failures may have waited for one original', async () => {
  const { own } = memoryStore();
  const recording = new Recording(own, newRecord('r', { command: 'reprocess', originals: 'o', variants: 'v', layout: '', mode: 'due', specs: {}, filter: {} }, 5));
  const [range] = recording.record.ranges;
  if (range === undefined) throw new Error('no range');
  const part = recording.settledIn(range);
  const first = part.planned();
  const failures = [failureOf(1)];
  for (let i = 0; i < 300_000; i++) part.planned().settle({ originals: 1, failed: 1 }, failures);
  part.passed('z');
  first.settle(UP_TO_DATE, []);
  expect(recording.record).toMatchObject({ ranges: [{ after: 'z' }], sums: { originals: 300_001, failed: 300_000 } });
});

type Became = { readonly share: Share; readonly failures: readonly FailureRecord[] };
/** An original, with what became of it once it has ended; or a mark. */
type Entry = { became: Became | null } | { mark: string | null | undefined };

/** What is told of these by a look at all of them: what comes before a mark, where all before that has ended. */
function plainly(entries: readonly Entry[]): Told {
  const told = new Told();
  let rest: Became[] = [];
  for (const entry of entries) {
    if ('mark' in entry) {
      for (const { share } of rest) told.sums.add(share);
      told.failures.push(...rest.flatMap(({ failures }) => failures));
      if (entry.mark !== undefined) told.after = entry.mark;
      rest = [];
    } else if (entry.became !== null) rest.push(entry.became);
    else break;
  }
  return told;
}

test('in whatever order originals end, what is told is what a look at all of them says, in the order in which they were planned', () => {
  const became = fc.constantFrom<Share>(UP_TO_DATE, MADE, { originals: 1, failed: 1 });
  const step = fc.oneof(
    fc.constantFrom('plan' as const, 'mark' as const, 'close' as const),
    fc.constant('plan' as const),
    fc.record({ which: fc.nat(), share: became }),
    fc.record({ which: fc.nat(), share: became }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const told = new Told();
      const part = settledInto(told);
      const entries: Entry[] = [];
      const open: ((share: Share) => void)[] = [];
      const take = (taken: typeof steps[number] | 'end', at: number): void => {
        if (typeof taken === 'object') return open.splice(taken.which % Math.max(open.length, 1), 1)[0]?.(taken.share);
        if (taken === 'plan') {
          const entry: Entry = { became: null };
          const ticket = part.planned();
          entries.push(entry);
          open.push((share) => {
            entry.became = { share, failures: share.failed === undefined ? [] : [failureOf(at)] };
            ticket.settle(share, entry.became.failures);
          });
        } else {
          const mark = taken === 'close' ? undefined : taken === 'end' ? null : String(at);
          entries.push({ mark });
          if (mark === undefined) part.close();
          else part.passed(mark);
        }
      };
      for (const [at, taken] of steps.entries()) {
        take(taken, at);
        expect(told).toEqual(plainly(entries));
      }
      while (open.length > 0) take({ which: 7, share: MADE }, 0);
      take('end', steps.length);
      expect(told).toEqual(plainly(entries));
      expect(told.sums.originals).toBe(steps.filter((taken) => taken === 'plan').length);
    }),
    { numRuns: 500 },
  );
});
