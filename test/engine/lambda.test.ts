import { describe, expect, test, vi } from 'vitest';
import { findCulprit } from '../../src/engine/lambda-culprit.js';
import { parseAnswer } from '../../src/engine/lambda-answer.js';
import { deathOf, reportIn, type Invocation } from '../../src/engine/lambda-invocation.js';
import type { JobsRequest } from '../../src/model/invocation.js';
import type { Job } from '../../src/model/job.js';
import type { JobResult } from '../../src/model/outcome.js';
import { answered, answerOf, jobOf, report, resultOf, runOver } from './scripted-function.js';
import { VirtualClock } from './virtual-clock.js';

const THROTTLED: Invocation = { kind: 'throttled', reason: 'CallerRateLimitExceeded', waitSeconds: 0 };
const UNSENT: Invocation = { kind: 'unsent', detail: 'EAI_AGAIN' };
const CRASH: Invocation = { kind: 'died', death: { code: 'function-error', detail: 'Runtime.ExitError' }, log: report(50) };

const jobs = (count: number) => Array.from({ length: count }, (_, i) => jobOf(`${i}`));
const keysOf = (results: readonly JobResult[]) => results.map(({ original }) => original).sort();
const failuresOf = (results: readonly JobResult[]) => results.flatMap(({ outcomes }) => outcomes.filter((outcome) => outcome.result === 'failed'));

describe('whoever ends the invocation', () => {
  test('is found in any batch of up to 50, at any place, in 8 more invocations at the most; all others are done', async () => {
    let worst = 0;
    for (let size = 1; size <= 50; size++) {
      for (let place = 0; place < size; place++) {
        const batch = Array.from({ length: size }, (_, i) => ({ job: jobOf(`${i}`), text: '', expectedSeconds: 0, lost: 0 }));
        const done = new Set<string>();
        const blamed: string[] = [];
        let invocations = 0;
        const death = { code: 'function-error', detail: '' } as const;
        await findCulprit(
          batch,
          death,
          async (entries) => {
            invocations += 1;
            if (entries.some((entry) => entry === batch[place])) return death;
            for (const { job } of entries) done.add(job.original.key);
            return null;
          },
          ({ job }) => void blamed.push(job.original.key),
        );
        expect(blamed).toEqual([`${place}`]);
        expect(done.size).toBe(size - 1);
        worst = Math.max(worst, invocations);
      }
    }
    expect(worst).toBe(8);
  });

  test('fails alone with its code, and what was lost with it is counted', async () => {
    const { results, seen, engine } = await runOver(jobs(50), (request) => (request.jobs.some(({ original }) => original.key === '17') ? CRASH : answered(request)));
    expect(keysOf(results)).toEqual(keysOf(jobs(50).map(resultOf)));
    expect(failuresOf(results)).toMatchObject([{ original: '17', variant: null, code: 'function-error', retryable: false, detail: 'Runtime.ExitError' }]);
    expect(seen.length).toBeLessThanOrEqual(9);
    expect(engine.invoked?.invocations).toBe(seen.length);
    expect(results.find(({ original }) => original === '17')?.requests.put).toBeGreaterThan(1);
  });

  test('need not be anyone: a crash that does not come again costs one invocation more than two halves', async () => {
    const { results, seen } = await runOver(jobs(50), (request, nth) => (nth === 1 ? CRASH : answered(request)));
    expect(failuresOf(results)).toEqual([]);
    expect(seen).toHaveLength(3);
  });

  test('may be two of them', async () => {
    const { results, seen } = await runOver(jobs(50), (request) => (request.jobs.some(({ original }) => ['3', '41'].includes(original.key)) ? CRASH : answered(request)));
    expect(failuresOf(results).map(({ original }) => original).sort()).toEqual(['3', '41']);
    expect(results).toHaveLength(50);
    expect(seen.length).toBeLessThan(40);
  });
});

describe('invocations', () => {
  test('that all crash are bounded: every job has its result all the same', async () => {
    const { results, seen } = await runOver(jobs(2000), () => CRASH);
    expect(keysOf(results)).toEqual(keysOf(jobs(2000).map(resultOf)));
    expect(failuresOf(results)).toHaveLength(2000);
    expect(seen.length).toBeLessThanOrEqual(40 + 100 + 10);
  });

  test('are not repeated where there is no money for it, which may pass', async () => {
    const { results, seen } = await runOver(jobs(50), () => CRASH, {}, { mayRepeat: () => false });
    expect(seen).toHaveLength(1);
    expect(failuresOf(results)).toHaveLength(50);
    for (const failure of failuresOf(results)) expect(failure).toMatchObject({ variant: null, code: 'not-repeated', retryable: true });
  });

  test('that there is no money to repeat use up nothing of what may be repeated', async () => {
    let asked = 0;
    // Two halves of each of 60 batches: more than may be repeated.
    const { results } = await runOver(jobs(3050), (request, nth) => (nth <= 61 ? CRASH : answered(request)), { concurrency: 1 }, { mayRepeat: () => ++asked > 120 });
    expect(failuresOf(results)).toHaveLength(3000);
  });

  test('that were throttled are no invocations', async () => {
    const { results, engine } = await runOver(jobs(50), (request, nth) => (nth < 5 ? { kind: 'throttled', reason: 'ConcurrentInvocationLimitExceeded', waitSeconds: 0 } : answered(request)));
    expect(results).toHaveLength(50);
    expect(engine.invoked).toMatchObject({ invocations: 1, throttles: 4 });
  });

  test('whose answer was lost are billed at the timeout, and sent again', async () => {
    const { results, engine } = await runOver(jobs(5), (request, nth) => (nth === 1 ? { kind: 'lost', detail: 'ECONNRESET' } : answered(request)));
    expect(results).toHaveLength(5);
    expect(engine.invoked).toMatchObject({ invocations: 2, gbSeconds: { arm64: 60 + 0.5 } });
  });

  test.each([
    ['lost', { kind: 'lost', detail: 'ECONNRESET' }],
    ['died', CRASH],
    ['throttled', THROTTLED],
  ] as const)('are not sent, nor once more after one that was %s, unless work may be begun', async (_, invocation) => {
    let asked = 0;
    let sent = 0;
    const beforeWork = async (): Promise<void> => {
      asked += 1;
      if (asked === 3) throw new Error('taken over');
    };
    await expect(runOver(jobs(2), () => (sent++, invocation), { concurrency: 1 }, { beforeWork })).rejects.toThrow('taken over');
    expect(sent).toBe(2);
  });

  test('in flight are not waited for once the signal is given', async () => {
    const clock = new VirtualClock();
    const stop = new AbortController();
    const onStop = vi.fn();
    clock.after(50, () => stop.abort());
    await expect(runOver(jobs(1), (request) => answered(request), { clock, onStop }, { signal: stop.signal })).rejects.toMatchObject({ name: 'AbortError' });
    expect(clock.now()).toBe(50);
    expect(onStop).toHaveBeenCalledOnce();
  });

  test('that never left are not billed', async () => {
    const { results, engine } = await runOver(jobs(5), (request, nth) => (nth < 3 ? { kind: 'unsent', detail: 'ECONNREFUSED' } : answered(request)));
    expect(results).toHaveLength(5);
    expect(engine.invoked?.invocations).toBe(1);
  });

  test.each([
    ['throttled', THROTTLED],
    ['not sent', UNSENT],
  ])('that are %s once, after a quiet time, are sent again', async (_, invocation) => {
    const clock = new VirtualClock();
    async function* late(): AsyncGenerator<Job> {
      await clock.wait(700_000);
      yield* jobs(5);
      await clock.wait(700_000);
      yield jobOf('5');
    }
    const { results, seen } = await runOver(late(), (request, nth) => (nth % 2 === 1 ? invocation : answered(request)), { clock });
    expect(keysOf(results)).toEqual(keysOf(jobs(6).map(resultOf)));
    expect(failuresOf(results)).toEqual([]);
    expect(seen).toHaveLength(4);
  });

  test('that are not sent once, while Lambda throttles, are sent again: it can be reached', async () => {
    const { results, seconds } = await runOver(jobs(5), (request, nth) => (nth === 250 ? UNSENT : nth < 300 ? THROTTLED : answered(request)));
    expect(seconds).toBeGreaterThan(250);
    expect(failuresOf(results)).toEqual([]);
  });

  test.each([
    ['throttled', THROTTLED, 'function-throttled'],
    ['not sent', UNSENT, 'endpoint-unreachable'],
  ])('that are %s for long end the run, which asks a person to look', async (_, invocation, code) => {
    await expect(runOver(jobs(5), () => invocation)).rejects.toMatchObject({ name: 'UserError', code });
  });

  test.each([
    ['garbage', { hello: 'world' }, 'function-foreign'],
    ['a refusal', { imgvar: 'refusal', protocol: 1, code: 'location-foreign', message: 'not mine' }, 'function-elsewhere'],
  ])('answered with %s end the run', async (_, payload, code) => {
    await expect(runOver(jobs(5), () => ({ kind: 'answered', payload, log: '' }))).rejects.toMatchObject({ name: 'UserError', code });
  });

  test('that did not begin all have the rest sent again, alone', async () => {
    const { results, seen } = await runOver(jobs(50), (request) => answered(request, 20));
    expect(keysOf(results)).toEqual(keysOf(jobs(50).map(resultOf)));
    expect(seen.map((request) => request.jobs.length)).toEqual([50, 30, 10]);
  });

  test('that do nothing are no progress', async () => {
    const { results } = await runOver(jobs(4), (request) => ({ kind: 'answered', payload: answerOf(request, 0), log: '' }));
    expect(failuresOf(results)).toHaveLength(4);
  });

  test('become as long as they are to be, by what they report', async () => {
    // Expected to take 10 ms, each takes 100.
    const { seen } = await runOver(jobs(3000), (request) => answered(request), { target: { seconds: 2, originals: 50 }, concurrency: 3 });
    const sizes = seen.map((request) => request.jobs.length);
    expect(sizes[0]).toBe(50);
    expect(sizes.slice(-20, -1).every((size) => size >= 18 && size <= 22)).toBe(true);
  });

  test('are no larger than the protocol allows, nor is anything sent that the function does not know', async () => {
    const long = jobs(40).map((job, i) => ({ ...job, original: { ...job.original, key: `${i}${'ü'.repeat(100_000)}`, storageClass: 'GLACIER_IR' } }));
    const { seen } = await runOver(long, (request) => answered(request));
    expect(seen.length).toBeGreaterThan(1);
    for (const request of seen) expect(Buffer.byteLength(JSON.stringify(request))).toBeLessThan(6_000_000);
    expect(seen[0]?.jobs[0]?.original).not.toHaveProperty('storageClass');
  });
});

describe('what Lambda reports', () => {
  test('is read by its labels', () => {
    expect(reportIn(report(351, 100.77))).toEqual({ billedSeconds: 0.351, initSeconds: 0.10077 });
    expect(reportIn('REPORT RequestId: x\tInit Duration: 3 ms\tMemory Size: 1 MB\tBilled Duration: 7 ms\tDuration: 5.2 ms\tXRAY TraceId: 1')).toEqual({ billedSeconds: 0.007, initSeconds: 0.003 });
    expect(reportIn('nothing')).toBeNull();
    // A function may write such a line of its own.
    for (const figure of ['1.2.3', '.', '1'.repeat(400), 'NaN']) expect(reportIn(`REPORT RequestId: x\tBilled Duration: ${figure} ms`)).toBeNull();
  });

  test('of a death is told by its kind', () => {
    expect(deathOf({ errorType: 'Sandbox.Timedout', errorMessage: 'x' }).code).toBe('timeout');
    expect(deathOf({ errorMessage: '2026-01-01T00:00:00Z 1 Task timed out after 3.00 seconds' }).code).toBe('timeout');
    expect(deathOf({ errorType: 'Runtime.ExitError', errorMessage: 'RequestId: 1 Error: Runtime exited' })).toEqual({ code: 'function-error', detail: 'Runtime.ExitError: Runtime exited' });
    expect(deathOf('oops').code).toBe('function-error');
  });
});

describe('an answer', () => {
  const answer = answerOf({ jobs: [jobOf('a')] } as unknown as JobsRequest);

  test('is taken as it is, from a function of this protocol', () => {
    expect(parseAnswer(JSON.parse(JSON.stringify(answer)))).toEqual(answer);
    expect(parseAnswer({ imgvar: 'description', protocol: 99, version: '9.9.9' })).toEqual({ imgvar: 'other-protocol', protocol: 99, version: '9.9.9' });
    for (const other of [null, 'text', {}, { ...answer, protocol: 99 }, { ...answer, imgvar: 'else' }, { imgvar: 'description', protocol: 1 }]) {
      expect(parseAnswer(other)).toBeUndefined();
    }
  });

  /** With nonsense told of all jobs but those. */
  const answeredFor = (request: JobsRequest, isRight: (key: string, index: number) => boolean): Invocation => {
    const { done, ...rest } = answerOf(request);
    return { kind: 'answered', payload: { ...rest, done: done.map((one) => (isRight(one.result.original, one.index) ? one : { ...one, result: { ...one.result, outcomes: [] } })) }, log: report(100) };
  };

  test.each([
    ['few', 50],
    ['many', 2000],
  ])('with one result that is right and %s that are not is asked for again within what may be repeated, and what it took is counted', async (_, count) => {
    const { results, seen, engine } = await runOver(jobs(count), (request) => answeredFor(request, (__, index) => index === 0));
    expect(keysOf(results)).toEqual(keysOf(jobs(count).map(resultOf)));
    expect(failuresOf(results)).toHaveLength(Math.max(0, count - seen.length));
    const planned = count / 50;
    expect(seen.length).toBeLessThanOrEqual(planned + 100 + planned / 4);
    expect(engine.invoked?.invocations).toBe(seen.length);
    const sent = results.reduce((sum, { requests }) => sum + requests.get, 0);
    expect(sent).toBe(seen.reduce((sum, request) => sum + request.jobs.length, 0));
  });

  test('with nothing but nonsense has read and written all the same', async () => {
    const { results } = await runOver([jobOf('a')], (request) => answeredFor(request, () => false));
    expect(failuresOf(results)).toMatchObject([{ original: 'a', code: 'function-error' }]);
    expect(results[0]?.requests).toMatchObject({ get: 1, head: 1, put: 1 });
  });

  test('with a result that is not about its job is one without: it is asked for again, and at last it fails', async () => {
    const { results } = await runOver(jobs(5), (request) => answeredFor(request, (key) => key !== '3'));
    expect(keysOf(results)).toEqual(keysOf(jobs(5).map(resultOf)));
    expect(failuresOf(results)).toMatchObject([{ original: '3', variant: null, code: 'function-error' }]);
  });
});
