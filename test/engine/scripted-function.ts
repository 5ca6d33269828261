import type { EngineControl } from '../../src/engine/engine.js';
import type { Invocation } from '../../src/engine/lambda-invocation.js';
import type { LambdaEngineOptions } from '../../src/engine/lambda.js';
import { lambdaEngine } from '../../src/engine/lambda.js';
import { PROTOCOL, type JobsAnswer, type JobsRequest } from '../../src/model/invocation.js';
import type { Job } from '../../src/model/job.js';
import { DEFAULT_LIMITS } from '../../src/model/limits.js';
import type { JobResult } from '../../src/model/outcome.js';
import { NO_REQUESTS } from '../../src/model/requests.js';
import { spec, stored } from '../support.js';
import { VirtualClock } from './virtual-clock.js';

export const SMALL = spec('small');

export function jobOf(key: string): Job {
  return { original: stored(key), due: [{ spec: SMALL, key: `small/${key}`, reason: 'missing' }] };
}

export function resultOf({ original: { key, size }, due }: Job): JobResult {
  const outcomes = due.map((variant) => ({ result: 'made' as const, original: key, variant: variant.spec.name, key: variant.key, bytes: 10, width: 4, height: 3, reason: variant.reason }));
  return { original: key, due: due.map((variant) => variant.spec.name), outcomes, bytesRead: size, requests: { ...NO_REQUESTS, get: 1, head: 1, put: due.length }, cpuSeconds: 0.1 };
}

export function answerOf({ jobs }: JobsRequest, begun: number = jobs.length): JobsAnswer {
  return {
    imgvar: 'results',
    protocol: PROTOCOL,
    done: jobs.slice(0, begun).map((job, index) => ({ index, result: resultOf(job), seconds: 0.1 })),
    notBegun: jobs.map((_, index) => index).slice(begun),
    seconds: 1,
  };
}

export function report(billedMs: number, initMs?: number): string {
  const init = initMs === undefined ? '' : `\tInit Duration: ${initMs} ms`;
  return `START RequestId: 1\nREPORT RequestId: 1\tDuration: 1.00 ms\tBilled Duration: ${billedMs} ms\tMemory Size: 1024 MB\tMax Memory Used: 99 MB${init}\n`;
}

export function answered(request: JobsRequest, begun?: number): Invocation {
  return { kind: 'answered', payload: answerOf(request, begun), log: report(100 * request.jobs.length) };
}

/** Runs the engine over a function that a test makes up. @returns the results, the requests it saw, and the engine */
export async function runOver(
  jobs: readonly Job[] | AsyncIterable<Job>,
  play: (request: JobsRequest, nth: number) => Invocation,
  { clock = new VirtualClock(), ...options }: Partial<LambdaEngineOptions> & { readonly clock?: VirtualClock } = {},
  control: EngineControl = {},
) {
  const seen: JobsRequest[] = [];
  const engine = lambdaEngine({
    name: 'imgvar-reprocess',
    async invoke(payload) {
      const request = JSON.parse(payload) as JobsRequest;
      seen.push(request);
      const nth = seen.length;
      await clock.wait(100 * request.jobs.length);
      return play(request, nth);
    },
    request: { originals: 's3://o/', variants: 's3://v/', limits: DEFAULT_LIMITS, dryRun: false },
    deployed: { memoryMB: 1024, architecture: 'arm64', timeoutSeconds: 60 },
    concurrency: 100,
    secondsOf: () => 0.01,
    target: { seconds: 10, originals: 50 },
    clock,
    ...options,
  });
  const collect = async (): Promise<JobResult[]> => {
    const results: JobResult[] = [];
    for await (const result of engine.run(given(jobs), control)) results.push(result);
    return results;
  };
  const results = await clock.runUntil(collect());
  return { results, seen, engine, seconds: clock.now() / 1000 };
}

async function* given(jobs: readonly Job[] | AsyncIterable<Job>): AsyncGenerator<Job> {
  yield* jobs;
}
