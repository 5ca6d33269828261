import { onTestFinished, vi } from 'vitest';
import type { Engine } from '../../src/engine/engine.js';
import type { RunEvent } from '../../src/model/events.js';
import type { FailureCode } from '../../src/model/failure.js';
import type { Job } from '../../src/model/job.js';
import { failed, type JobResult } from '../../src/model/outcome.js';
import { NO_REQUESTS } from '../../src/model/requests.js';
import { DEFAULT_MAX_FAILURES } from '../../src/run/max-failures.js';
import type { RunControl } from '../../src/run/perform.js';
import { memoryStore } from '../../src/store/memory.js';
import type { Store } from '../../src/store/store.js';
import { inPages, stored } from '../support.js';

export function madeOf({ original, due }: Job): JobResult {
  const outcomes = due.map(({ spec: of, key, reason }) => ({
    result: 'made' as const,
    original: original.key,
    variant: of.name,
    key,
    bytes: 10,
    width: 1,
    height: 1,
    reason,
  }));
  return { original: original.key, due: due.map((one) => one.spec.name), outcomes, bytesRead: 100, requests: { ...NO_REQUESTS, put: due.length }, cpuSeconds: 0 };
}

/** An engine that makes nothing and says that it did, or what `work` says. */
export function pretending(work: (job: Job) => Promise<JobResult | void> | JobResult | void = () => undefined): Engine {
  return {
    name: 'local',
    mostTries: 1,
    async *run(jobs) {
      for await (const job of jobs) yield (await work(job)) ?? madeOf(job);
    },
  };
}

export function control(fields: Partial<RunControl> = {}) {
  const events: RunEvent[] = [];
  const settings: RunControl = {
    dryRun: false,
    limit: null, maxCost: null, sample: null,
    maxFailures: DEFAULT_MAX_FAILURES,
    onEvent: (event) => events.push(event),
    signal: new AbortController().signal,
    ...fields,
  };
  return { events, settings };
}

/** A store with so many originals that are listed and never held. */
export function endless(count: number, onListed: () => void): Store {
  async function* list() {
    for (let from = 0; from < count; from += 1_000) {
      const keys = Array.from({ length: Math.min(1_000, count - from) }, (_, i) => String(from + i).padStart(9, '0'));
      for (let i = 0; i < keys.length; i++) onListed();
      yield* inPages(keys.map((key) => stored(key)), 1_000);
    }
  }
  return { ...memoryStore('many'), list };
}

/** What an engine says of an original that it could do nothing with. */
export function failedOf(job: Job, code: FailureCode): JobResult {
  return { ...madeOf(job), outcomes: [failed(job.original.key, null, { code, detail: '' })] };
}

/** As another does that takes over the root of a run. */
export async function takeOver({ own }: Store): Promise<void> {
  const lease = { format: 1, run: 'r', machine: 'elsewhere', user: 'ann', host: 'ffffffff', pid: 1, released: false };
  await own.create('lock/000000000999', Buffer.from(JSON.stringify(lease)));
}

/** Another takes over the root while all stands still here, for more than half of a lease of a minute. */
export async function standStill(variants: Store): Promise<void> {
  await takeOver(variants);
  const now = Date.now();
  const clock = vi.spyOn(Date, 'now').mockReturnValue(now + 31_000);
  onTestFinished(() => void clock.mockRestore());
}
