import { PassThrough } from 'node:stream';
import { PROTOCOL, type JobsRequest } from '../model/invocation.js';
import type { Job } from '../model/job.js';
import type { JobResult } from '../model/outcome.js';
import { MOST_REPETITIONS } from '../store/s3-settings.js';
import { MOST_ATTEMPTS } from '../work/attempts.js';
import { REAL_CLOCK, type Clock } from './clock.js';
import type { Engine, EngineControl } from './engine.js';
import { batchesOf, Load, type Target } from './lambda-batches.js';
import { Delivery } from './lambda-delivery.js';
import type { Invoke } from './lambda-invocation.js';
import { Meter, type Deployed } from './lambda-meter.js';
import { Pacer } from './lambda-pacer.js';

export interface LambdaEngineOptions {
  /** The function's. */
  readonly name: string;
  readonly invoke: Invoke;
  /** What the function is told beside the jobs. `dryRun`: everything but to write, each original alone in an invocation. */
  readonly request: Pick<JobsRequest, 'originals' | 'variants' | 'limits' | 'dryRun'>;
  /** As the function describes itself. */
  readonly deployed: Deployed;
  /** The logs of invocations that came before any work, if they are to be billed with the run. */
  readonly logsBefore?: readonly string[];
  /** Invocations in flight at the most. */
  readonly concurrency: number;
  /** What an original is expected to take in the function, in billed seconds. */
  readonly secondsOf: (job: Job) => number;
  /** How large an invocation is to be. */
  readonly target: Target;
  /** Called when the work is stopped before its end. */
  readonly onStop?: () => void;
  /** Default: the real one. */
  readonly clock?: Clock;
}

/** An invocation is to take no more than this share of the function's own timeout. */
const SHARE_OF_TIMEOUT = 0.25;

/** Results that may wait to be taken before no more is sent. */
const WAITING = 1000;

/**
 * Work in a deployed function, in many environments side by side. Whatever happens to an invocation, every job has its one
 * result; what is repeated is bounded, and everything that Lambda bills is counted as it reports it.
 */
export function lambdaEngine(options: LambdaEngineOptions): Engine {
  const { name, invoke, request, deployed, concurrency, secondsOf, logsBefore = [], onStop, clock = REAL_CLOCK } = options;
  const seconds = Math.min(options.target.seconds, deployed.timeoutSeconds * SHARE_OF_TIMEOUT);
  const target = { seconds, originals: request.dryRun ? 1 : options.target.originals };
  const envelope = envelopeOf(request);
  const meter = new Meter(deployed);
  for (const log of logsBefore) meter.ended(log, 0);
  let current: Pacer | undefined;

  async function* run(jobs: AsyncIterable<Job>, { mayRepeat = () => true, beforeWork = async () => undefined, signal }: EngineControl = {}): AsyncGenerator<JobResult> {
    const results = new PassThrough({ objectMode: true, highWaterMark: WAITING, signal });
    const pacer = (current = new Pacer(concurrency, clock));
    const load = new Load();
    const settle = (result: JobResult): void => void results.write(result);
    const isOver = (): boolean => results.destroyed;
    const delivery = new Delivery({ name, invoke, envelope, places: request, meter, pacer, load, clock, mayRepeat, beforeWork, settle, isOver });
    const underway = new Set<Promise<void>>();
    const feed = async (): Promise<void> => {
      for await (const batch of batchesOf(jobs, secondsOf, load, target, clock)) {
        const slot = await pacer.take(false);
        if (isOver()) return;
        const delivering = delivery
          .deliver(batch, slot)
          .catch((error: unknown) => void results.destroy(error as Error))
          .finally(() => underway.delete(delivering));
        underway.add(delivering);
        await drained(results);
      }
      await Promise.all(underway);
      results.end();
    };

    let isDone = false;
    try {
      feed().catch((error: unknown) => results.destroy(error as Error));
      for await (const result of results) yield result as JobResult;
      isDone = true;
    } finally {
      results.destroy();
      pacer.close();
      if (!isDone) onStop?.();
    }
  }

  return {
    name: 'lambda',
    mostTries: MOST_ATTEMPTS * MOST_REPETITIONS,
    mostInvoked: meter.most,
    get invoked() {
      return meter.invoked;
    },
    get pace() {
      const { inFlight = 0, concurrency: now = 0 } = current ?? {};
      return { inFlight, concurrency: now, throttles: meter.invoked.throttles };
    },
    run,
  };
}

/** The request as JSON, around jobs that are JSON already. */
function envelopeOf({ originals, variants, limits, dryRun }: LambdaEngineOptions['request']): (jobs: readonly string[]) => string {
  const start = JSON.stringify({ imgvar: 'jobs', protocol: PROTOCOL, originals, variants, limits, dryRun }).slice(0, -1);
  return (jobs) => `${start},"jobs":[${jobs.join(',')}]}`;
}

/** Once there is room again for what comes, or nobody wants it any more. */
function drained(results: PassThrough): Promise<void> {
  if (!results.writableNeedDrain || results.destroyed) return Promise.resolve();
  return new Promise((go) => {
    const end = (): void => {
      results.off('drain', end).off('close', end);
      go();
    };
    results.on('drain', end).on('close', end);
  });
}
