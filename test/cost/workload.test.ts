import { describe, expect, test } from 'vitest';
import { estimate, exactly } from '../../src/cost/estimate.js';
import { DEFAULTS, expectedOf } from '../../src/cost/expected.js';
import { jobWork, workloadOf } from '../../src/cost/workload-of.js';
import { addedVariants, addJobWork, addWorkload, newWorkload, NO_WORK, type Workload } from '../../src/cost/workload.js';
import type { Measured } from '../../src/model/estimate.js';
import type { DueReason, DueVariant, Job } from '../../src/model/job.js';
import type { Spec } from '../../src/model/spec.js';
import { spec } from '../support.js';
import { billing, undertaking } from './support.js';

const due = (name: string, reason: DueReason, fields: Partial<Spec> = {}): DueVariant => ({ spec: spec(name, { format: 'jpeg', ...fields }), key: `${name}/a.jpg`, reason });

function job(dues: readonly DueVariant[], original: Partial<Job['original']> = {}): Job {
  return { original: { key: 'a.jpg', size: 3_000_000, lastModified: 0, etag: 'e', ...original }, due: dues };
}

/** 3,000,000 bytes are 12,000,000 pixels, 4,000 x 3,000. 400 inside is 400 x 300 = 120,000 pixels, 24,000 bytes of jpeg. */
const small = (reason: DueReason) => due('small', reason, { width: 400, height: 400 });
/** 2,048 x 1,536 = 3,145,728 pixels, 629,145.6 bytes. */
const large = (reason: DueReason) => due('large', reason, { width: 2048, height: 2048 });

describe('what one original takes', () => {
  test('a jpeg of 12 megapixels, two jpegs', () => {
    const { cpuSeconds, bytes } = expectedOf(job([small('missing'), large('missing')]));
    // 0.005 + 12,000,000 x 2 ns + (120,000 + 3,145,728) x 19 ns.
    expect(cpuSeconds).toBeCloseTo(0.005 + 0.024 + 0.062048832, 12);
    expect(bytes).toBeCloseTo(653_145.6, 6);
  });

  test.each<[string, Partial<Spec>, number, number]>([
    ['a.jpg', { width: 400, height: 300, fit: 'cover' }, 120_000, 0.2],
    ['a.jpg', { width: 500, height: 500, fit: 'cover' }, 250_000, 0.2],
    ['a.jpg', { width: 400, height: null }, 120_000, 0.2],
    ['a.jpg', { width: null, height: 300 }, 120_000, 0.2],
    ['a.jpg', { width: 400, height: 400, fit: 'outside' }, 213_333.333, 0.2], // 533 x 400
    ['a.jpg', { width: null, height: null }, 12_000_000, 0.2],
    ['a.jpg', { width: null, height: null, enlarge: true }, 12_000_000, 0.2],
    ['a.jpg', { width: null, height: null, fit: 'outside' }, 12_000_000, 0.2],
    ['a.jpg', { width: 8_000, height: 8_000 }, 12_000_000, 0.2], // not enlarged
    ['a.jpg', { width: 8_000, height: 6_000, enlarge: true }, 48_000_000, 0.2],
    ['a.jpg', { width: null, height: 6_000, enlarge: true }, 48_000_000, 0.2],
    ['a.jpg', { width: 8_000, height: 8_000, fit: 'cover' }, 12_000_000, 0.2],
    ['a.jpg', { width: 8_000, height: 8_000, fit: 'cover', enlarge: true }, 64_000_000, 0.2],
    ['a.jpg', { width: 8_000, height: 8_000, fit: 'contain' }, 64_000_000, 0.2], // with a margin
    ['a.jpg', { width: 500, height: 500, fit: 'contain' }, 250_000, 0.2],
    ['a.jpg', { width: 500, height: 500, fit: 'fill' }, 250_000, 0.2],
    ['a.jpg', { width: 400, height: null, fit: 'cover' }, 120_000, 0.2],
    ['a.jpg', { width: null, height: 300, fit: 'cover' }, 120_000, 0.2],
    ['a.jpg', { width: 400, height: null, fit: 'outside' }, 120_000, 0.2],
    ['a.jpg', { width: null, height: 300, fit: 'outside' }, 120_000, 0.2],
    ['a.jpg', { width: 400, height: 400, format: 'webp' }, 120_000, 0.15],
    ['a.jpg', { width: 400, height: 400, format: 'avif' }, 120_000, 0.1],
    ['a.jpg', { width: 400, height: 400, format: 'png' }, 120_000, 1.6],
    ['a.jpg', { width: 400, height: 400, format: 'original' }, 120_000, 0.2],
    ['a.png', { width: 400, height: 400, format: 'original' }, 120_000, 1.6], // 1,500,000 pixels
    ['a.webp', { width: 400, height: 400, format: 'original' }, 120_000, 0.15], // 15,000,000 pixels
    ['a.avif', { width: 400, height: 400, format: 'original' }, 120_000, 0.1], // 30,000,000 pixels
    ['a.tiff', { width: 400, height: 400, format: 'original' }, 120_000, 0.2], // 1,000,000 pixels
  ])('%s %j: %d pixels', (key, fields, pixels, bytesPerPixel) => {
    expect(expectedOf(job([due('one', 'missing', fields)], { key })).bytes).toBeCloseTo(pixels * bytesPerPixel, 1);
  });

  test('whatever is no jpeg is read whole, at ten times as much for each pixel', () => {
    const reading = (key: string) => expectedOf(job([], { key })).cpuSeconds - 0.005;
    expect(reading('a.jpg')).toBeCloseTo(0.024, 12); // 12,000,000 pixels x 2 ns
    expect(reading('a.png')).toBeCloseTo(0.03, 12); // 1,500,000 pixels x 20 ns
  });

  test('an avif is many times dearer than a jpeg', () => {
    const cost = (format: Spec['format']) => expectedOf(job([due('one', 'missing', { width: 2048, height: 2048, format })])).cpuSeconds;
    expect(cost('avif') / cost('jpeg')).toBeGreaterThan(20);
  });

  test.each(['a.constructor', 'a.__proto__', 'a.hasownproperty', 'a', '.jpg', 'a.'])('a key may end in anything: %s', (key) => {
    expect(expectedOf(job([small('missing')], { key }))).toEqual({ cpuSeconds: expect.any(Number), bytes: expect.closeTo(24_000, 6) });
  });

  test('an empty original takes next to nothing', () => {
    const enlarged = due('one', 'missing', { width: 400, height: null, enlarge: true });
    expect(expectedOf(job([small('missing'), enlarged], { size: 0 }))).toEqual({ cpuSeconds: DEFAULTS.secondsPerOriginal, bytes: 0 });
  });
});

describe('what a job adds to a workload', () => {
  test('its variants by spec and reason, its bytes by class', () => {
    const added = workloadOf(job([small('missing'), large('spec-changed')], { storageClass: 'GLACIER_IR' }), 0);
    expect(added).toEqual({
      originals: 1,
      variants: 2,
      bytes: 3_000_000,
      classes: { GLACIER_IR: { originals: 1, bytes: 3_000_000 } },
      cpuSeconds: expect.closeTo(0.091048832, 12),
      outputBytes: expect.closeTo(653_145.6, 6),
      addedBytes: expect.closeTo(24_000, 6), // the other replaces one that is stored already
      due: { small: { missing: 1 }, large: { 'spec-changed': 1 } },
    });
  });

  test('a listing that names no class means Standard', () => {
    expect(workloadOf(job([small('missing')]), 0).classes).toEqual({ STANDARD: { originals: 1, bytes: 3_000_000 } });
  });

  test.each<DueReason>(['original-newer', 'spec-changed', 'forced', 'retried'])('a variant that is due because %s adds nothing that is stored', (reason) => {
    expect(workloadOf(job([small(reason)]), 131_072).addedBytes).toBe(0);
  });

  test('no variant is stored for less than its class bills', () => {
    // 24,000 bytes count as 131,072; 629,145.6 as they are.
    expect(workloadOf(job([small('missing'), large('missing')]), 131_072).addedBytes).toBeCloseTo(131_072 + 629_145.6, 6);
  });

  test('sums', () => {
    const one = workloadOf(job([small('missing'), large('forced')], { storageClass: 'STANDARD_IA' }), 0);
    const two = addWorkload(addWorkload(NO_WORK, one), workloadOf(job([small('missing')]), 0));
    expect(two).toMatchObject({ originals: 2, variants: 3, bytes: 6_000_000, due: { small: { missing: 2 }, large: { forced: 1 } } });
    expect(two.classes).toEqual({ STANDARD_IA: { originals: 1, bytes: 3_000_000 }, STANDARD: { originals: 1, bytes: 3_000_000 } });
    expect(addedVariants(two)).toBe(2);
    expect(NO_WORK.originals).toBe(0);
  });

  test('two workloads are as much as their originals one by one', () => {
    const jobs = [job([small('missing'), large('forced')], { storageClass: 'STANDARD_IA' }), job([large('missing')], { size: 1_000_000 }), job([small('missing'), large('forced')])];
    const both = newWorkload();
    for (const one of jobs) addJobWork(both, jobWork(one, 131_072));
    expect(jobs.map((one) => workloadOf(one, 131_072)).reduce(addWorkload, NO_WORK)).toEqual(both);
  });

  test('names of specs and classes are not what every object has', () => {
    const odd = workloadOf(job([due('constructor', 'missing')], { storageClass: '__proto__' }), 0);
    const two = addWorkload(odd, odd);
    expect([Object.keys(two.due), two.due['constructor']]).toEqual([['constructor'], { missing: 2 }]);
    expect(Object.keys(two.classes)).toEqual(['__proto__']);
  });

  test('what many originals have due alike is kept once', () => {
    const dueOf = (...dues: DueVariant[]) => jobWork(job(dues), 0).due;
    expect(dueOf(small('missing'), large('missing'))).toBe(dueOf(small('missing'), large('missing')));
    expect(dueOf(small('missing'), large('forced'))).toEqual([['small', 'missing'], ['large', 'forced']]);
    // But for what comes when there is a thousand of such.
    for (let i = 0; i < 1_000; i++) dueOf(due(`spec-${i}`, 'missing'));
    expect(dueOf(due('late', 'missing'))).not.toBe(dueOf(due('late', 'missing')));
    expect(dueOf(due('late', 'missing'))).toEqual([['late', 'missing']]);
  });

  test('a server may call a class whatever it likes', () => {
    const odd = workloadOf(job([small('missing')], { storageClass: 'constructor' }), 0);
    expect(addWorkload(odd, odd).classes).toEqual({ constructor: { originals: 2, bytes: 6_000_000 } });
  });
});

describe('the estimate stores what was measured', () => {
  const measured = (bytes: number): Measured => ({ basis: 'sample', originals: 20, cpuSeconds: exactly(1), outputBytes: exactly(bytes) });
  const stored = (workload: Workload, bytes: number, variantsClass = 'STANDARD') => estimate('local', undertaking({ workload, billing: billing('us-east-1', { places: { variantsClass } }) }), measured(bytes)).storage.bytes;

  test('the added variants grow as all of them do', () => {
    const workload = workloadOf(job([small('missing'), large('forced')]), 0);
    expect(stored(workload, 653_145.6 * 2)).toBeCloseTo(48_000, 3);
  });

  test('none of them falls below what is billed', () => {
    const workload = workloadOf(job([small('missing')]), 131_072);
    expect(stored(workload, 12_000, 'STANDARD_IA')).toBe(131_072);
  });

  test('what is billed at the least does not grow', () => {
    const workload = workloadOf(job([small('missing')]), 131_072);
    expect(stored(workload, 48_000, 'STANDARD_IA')).toBe(131_072);
  });

  test('nothing is nothing', () => {
    expect(stored(NO_WORK, 0)).toBe(0);
  });
});
