import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import PQueue from 'p-queue';
import type { FailureCode } from '../model/failure.js';
import type { Job } from '../model/job.js';
import { failed, type JobResult } from '../model/outcome.js';
import { NO_REQUESTS } from '../model/requests.js';
import { MOST_REPETITIONS } from '../store/s3-settings.js';
import { MOST_ATTEMPTS } from '../work/attempts.js';
import { Budget } from '../work/budget.js';
import type { Setup } from '../work/workshop.js';
import type { WorkKind } from './messages.js';
import type { Engine, EngineControl } from './engine.js';
import { withLostWork } from './lost-work.js';
import { Worker, WorkerDied } from './worker.js';

export interface LocalEngineOptions {
  readonly setup: Setup;
  /** Originals in flight. */
  readonly concurrency: number;
  /** Bytes of originals in flight, and as much again for their variants; one original alone may be larger. */
  readonly memory: number;
  /** Worker processes that take jobs, at the most; one for each core keeps every core busy. */
  readonly processes: number;
  /** The environment of the worker processes. */
  readonly env: NodeJS.ProcessEnv;
  /** Default: `make`. */
  readonly kind?: WorkKind;
  /** The module that a worker process runs. Default: local-worker.js. */
  readonly program?: string;
  /** Beyond an original's own time limit, how long a worker may be silent before it counts as hung. */
  readonly graceSeconds: number;
}

/** Where a process died, all is done once more. */
const MOST_TRIES = 2 * MOST_ATTEMPTS * MOST_REPETITIONS;

const PROGRAM = fileURLToPath(new URL('./local-worker.js', import.meta.url));

/**
 * Work on this machine, in a pool of child processes, so that a crash in native code costs one process and not the run.
 * What was in flight in a process that died is tried once more, each alone in a fresh process: whoever kills that one
 * too is the culprit and fails, and the others are done.
 */
export function localEngine(options: LocalEngineOptions): Engine {
  const { setup, concurrency, memory, processes, env, kind = 'make', program = PROGRAM, graceSeconds } = options;
  const patience = (setup.limits.seconds + graceSeconds) * 1000;

  async function* run(jobs: AsyncIterable<Job>, { beforeWork = async () => undefined, signal }: EngineControl = {}): AsyncGenerator<JobResult> {
    const pool: Worker[] = [];
    const started: Worker[] = [];
    const inFlight = new PQueue({ concurrency });
    const alone = new PQueue({ concurrency: 1 });
    const held = new Budget(memory);
    const results = new PassThrough({ objectMode: true, signal });

    const startWorker = (): Worker => {
      const worker = new Worker(program, { type: 'setup', setup, kind }, env, patience);
      started.push(worker);
      return worker;
    };
    const mayStart = async (): Promise<void> => {
      await beforeWork();
      // Meanwhile all may be over, and the workers ended.
      if (results.destroyed) throw new Error('no work is begun any more');
    };
    const doJob = async (job: Job): Promise<JobResult> => {
      await mayStart();
      try {
        return await leastBusy(pool, processes, startWorker).do(job);
      } catch (error) {
        // Once all is over, workers die because we end them.
        if (!(error instanceof WorkerDied) || results.destroyed) throw error;
        const again = async (): Promise<JobResult> => {
          await mayStart();
          return doAlone(job, startWorker, setup);
        };
        return alone.add(again, { throwOnTimeout: true });
      }
    };
    const feed = async (): Promise<void> => {
      for await (const job of jobs) {
        // One waits, so that a worker that becomes free has the next at hand.
        await inFlight.onSizeLessThan(1);
        const bytes = job.original.size * 2;
        await held.take(bytes);
        if (results.destroyed) return;
        inFlight
          .add(async () => void results.write(await doJob(job)))
          .catch((error: unknown) => results.destroy(error as Error))
          .finally(() => held.giveBack(bytes));
      }
    };

    try {
      // Where no more jobs can be had, those in flight are finished and told of all the same.
      const fed = feed().finally(async () => {
        await inFlight.onIdle();
        results.end();
      });
      fed.catch(() => undefined);
      for await (const result of results) yield result as JobResult;
      await fed;
    } finally {
      results.destroy();
      inFlight.clear();
      alone.clear();
      for (const worker of started) worker.kill();
    }
  }

  return { name: 'local', mostTries: MOST_TRIES, run };
}

/** A worker with nothing to do, else a new one while there is room, else the one with the least to do. */
function leastBusy(pool: Worker[], processes: number, start: () => Worker): Worker {
  const alive = pool.filter((worker) => worker.alive);
  pool.splice(0, pool.length, ...alive);
  const candidate = alive.reduce<Worker | undefined>(
    (least, worker) => (least === undefined || worker.inFlight < least.inFlight ? worker : least),
    undefined,
  );
  if (candidate !== undefined && (candidate.inFlight === 0 || alive.length >= processes)) return candidate;
  const worker = start();
  pool.push(worker);
  return worker;
}

/** The second and last try, where nothing else can be to blame. */
async function doAlone(job: Job, start: () => Worker, setup: Setup): Promise<JobResult> {
  const worker = start();
  try {
    return withLostWork(await worker.do(job), job, setup, 1);
  } catch (error) {
    if (!(error instanceof WorkerDied)) throw error;
    const code: FailureCode = error.cause === 'timeout' ? 'timeout' : 'worker-crashed';
    const detail = error.cause === 'timeout' ? '' : error.cause;
    const { key } = job.original;
    const due = job.due.map(({ spec }) => spec.name);
    const result = { original: key, due, outcomes: [failed(key, null, { code, detail })], bytesRead: 0, requests: NO_REQUESTS, cpuSeconds: 0 };
    return withLostWork(result, job, setup, 2);
  } finally {
    worker.kill();
  }
}
