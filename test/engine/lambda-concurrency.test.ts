import { describe, expect, test } from 'vitest';
import type { Invocation } from '../../src/engine/lambda-invocation.js';
import { Pacer } from '../../src/engine/lambda-pacer.js';
import type { JobsRequest } from '../../src/model/invocation.js';
import { answered, answerOf, jobOf, report, runOver } from './scripted-function.js';
import { VirtualClock } from './virtual-clock.js';

const jobs = (count: number) => Array.from({ length: count }, (_, i) => jobOf(`${i}`));

describe('the concurrency', () => {
  test('begins small, grows by the ramp, and never beyond its ceiling', async () => {
    const { engine, seconds } = await runOver(jobs(20_000), (request) => answered(request), { target: { seconds: 10, originals: 1 }, concurrency: 300 });
    expect(engine.invoked?.invocations).toBe(20_000);
    // 300 at a time take 0.1 s each: 6.7 s of work, after a ramp of 2.9 s that is half as fast.
    expect(seconds).toBeGreaterThan(6.7);
    expect(seconds).toBeLessThan(10);
  });

  test.each([
    ['ConcurrentInvocationLimitExceeded', 30, 62],
    ['ReservedFunctionConcurrentInvocationLimitExceeded', 55, 62],
    ['FunctionInvocationRateLimitExceeded', 40, 62],
  ])('is less after %s, and then just below what was too much', async (reason, least, most) => {
    const pacer = await paced(60, reason);
    expect(pacer.afterCut).toBeGreaterThanOrEqual(least);
    expect(pacer.afterCut).toBeLessThanOrEqual(most);
    // Refusals are few, once it is known where the limit is.
    expect(pacer.throttles).toBeLessThan(60 * 120 * 0.02);
    expect(pacer.used).toBeGreaterThan(0.8);
  });

  test('is less after the store had enough of the function', async () => {
    const { seconds: before } = await runOver(jobs(2000), (request) => answered(request), { target: { seconds: 10, originals: 1 } });
    const { seconds: after, results } = await runOver(jobs(2000), (request, nth) => (nth === 900 ? slowed(request) : answered(request)), { target: { seconds: 10, originals: 1 } });
    expect(results).toHaveLength(2000);
    expect(after).toBeGreaterThan(before);
  });
});

/** A pacer over a limit of Lambda's, kept busy for two minutes by invocations of a second. */
async function paced(limit: number, reason: string) {
  const clock = new VirtualClock();
  const pacer = new Pacer(1000, clock);
  let isOver = false;
  let throttles = 0;
  let running = 0;
  let done = 0;
  let afterCut: number | undefined;
  const once = async (): Promise<void> => {
    const slot = await pacer.take(false);
    if (isOver) return;
    if (running >= limit) {
      throttles += 1;
      pacer.throttled(slot, reason, 0);
      afterCut ??= pacer.concurrency;
    } else {
      running += 1;
      await clock.wait(1000);
      running -= 1;
      done += 1;
    }
    slot.release();
  };
  const all = async (): Promise<void> => {
    const started: Promise<void>[] = [];
    while (clock.now() < 120_000) {
      started.push(once());
      await clock.wait(5);
    }
    isOver = true;
    pacer.close();
    await Promise.all(started);
  };
  await clock.runUntil(all());
  return { throttles, afterCut, used: done / (limit * 120) };
}

function slowed(request: JobsRequest): Invocation {
  const { done, ...answer } = answerOf(request);
  const throttled = done.map((one) => ({ ...one, result: { ...one.result, requests: { ...one.result.requests, get: 10, retries: 9 } } }));
  return { kind: 'answered', payload: { ...answer, done: throttled }, log: report(100) };
}
