/** The real engine over a simulated Lambda. */
import { INVOCATION } from '../../src/cost/ways.js';
import type { Clock } from '../../src/engine/clock.js';
import type { Engine } from '../../src/engine/engine.js';
import type { Invoke } from '../../src/engine/lambda-invocation.js';
import { lambdaEngine } from '../../src/engine/lambda.js';
import type { Job } from '../../src/model/job.js';
import { DEFAULT_LIMITS } from '../../src/model/limits.js';
import { memoryStore } from '../../src/store/memory.js';
import { PAGE_LENGTH, type Store } from '../../src/store/store.js';
import { spec } from '../support.js';
import type { Simulation } from './simulated.js';

const ADDED = spec('added');

/** One variant is due of each. */
export async function* originals(count: number): AsyncGenerator<Job> {
  for (let i = 0; i < count; i++) {
    const key = `${i}.jpg`;
    yield { original: { key, size: 28_000, lastModified: 0, etag: '"1"' }, due: [{ spec: ADDED, key: `added/${key}`, reason: 'missing' }] };
  }
}

/** A store that lists as many originals, without holding them. */
export function listedOriginals(count: number): Store {
  return {
    ...memoryStore('s3://o/'),
    region: async () => 'us-east-1',
    async *list(_, { after = '' } = {}) {
      const first = after === '' ? 0 : Number.parseInt(after, 10) + 1;
      for (let i = first; i < count; i += PAGE_LENGTH) {
        yield Array.from({ length: Math.min(PAGE_LENGTH, count - i) }, (_, k) => ({ key: `${String(i + k).padStart(6, '0')}.jpg`, size: 28_000, lastModified: 0, etag: '1' }));
      }
    },
  };
}

export function engineOver(simulation: Simulation, invoke: Invoke, concurrency: number, clock?: Clock): Engine {
  const { memoryMB, timeoutSeconds, originalSeconds } = simulation;
  return lambdaEngine({
    name: 'imgvar-reprocess',
    invoke,
    request: { originals: 's3://o/', variants: 's3://v/', limits: DEFAULT_LIMITS, dryRun: false },
    deployed: { memoryMB, architecture: 'arm64', timeoutSeconds },
    concurrency,
    secondsOf: () => originalSeconds,
    target: INVOCATION,
    ...(clock === undefined ? {} : { clock }),
  });
}

/** Counts the results of each original. @param onResult told how many have come */
export async function accounted(engine: Engine, count: number, onResult: (done: number) => void = () => undefined): Promise<{ seen: Uint8Array; failed: number }> {
  const seen = new Uint8Array(count);
  let done = 0;
  let failed = 0;
  for await (const { original, outcomes } of engine.run(originals(count))) {
    const index = Number.parseInt(original, 10);
    seen[index] = (seen[index] ?? 0) + 1;
    if (outcomes.some(({ result }) => result === 'failed')) failed += 1;
    onResult((done += 1));
  }
  return { seen, failed };
}
