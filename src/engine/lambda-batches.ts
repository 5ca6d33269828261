import type { Job } from '../model/job.js';
import type { Clock } from './clock.js';

/** A job on its way to the function. */
export interface Entry {
  readonly job: Job;
  /** As it is sent. */
  readonly text: string;
  /** Of one invocation, as far as the model of work knows. */
  readonly expectedSeconds: number;
  /** In how many invocations it was that told nothing of it. */
  lost: number;
}

/** How large an invocation is to be. */
export interface Target {
  readonly seconds: number;
  readonly originals: number;
}

/** Bytes of jobs in one request: Lambda's 6 MB, with some to spare. Source: AWS Lambda Developer Guide, "Lambda quotas". */
const LARGEST_REQUEST = 5_000_000;

/** How long a batch waits for more, when jobs come slowly, in milliseconds. */
const LINGER_MS = 1000;

/** What invocations take, beside what was expected: the last ones count most. */
export class Load {
  #expected = PRIOR_SECONDS;
  #taken = PRIOR_SECONDS;

  /** How many times longer the work takes than was expected of it. */
  get factor(): number {
    return this.#taken / this.#expected;
  }

  learn(expectedSeconds: number, takenSeconds: number): void {
    this.#expected = this.#expected * REMEMBERED + expectedSeconds;
    this.#taken = this.#taken * REMEMBERED + takenSeconds;
  }
}

/** The expectation counts as so many seconds of experience, at first. */
const PRIOR_SECONDS = 2;
const REMEMBERED = 0.98;

/**
 * Packs jobs for invocations that take about as long as `target` says: by what is expected of each, corrected by what
 * invocations took until now. One that alone takes longer goes alone. Where jobs come slowly, a batch goes as it is.
 */
export async function* batchesOf(jobs: AsyncIterable<Job>, secondsOf: (job: Job) => number, load: Load, target: Target, clock: Clock): AsyncGenerator<Entry[]> {
  const source = jobs[Symbol.asyncIterator]();
  let batch: Entry[] = [];
  let bytes = 0;
  let linger: Linger | null = null;
  const take = (): Entry[] => {
    const taken = batch;
    batch = [];
    bytes = 0;
    linger?.cancel();
    linger = null;
    return taken;
  };
  try {
    for (let next = nextOf(source); ; ) {
      const arrived = linger === null ? await next : await Promise.race([next, (linger as Linger).over]);
      if (arrived === 'over') {
        yield take();
        continue;
      }
      if (arrived.done === true) break;
      next = nextOf(source);
      const entry = entryOf(arrived.value, secondsOf);
      const seconds = batch.reduce((sum, { expectedSeconds }) => sum + expectedSeconds, entry.expectedSeconds / 2) * load.factor;
      const fits = batch.length < target.originals && bytes + entry.text.length * BYTES_PER_CHARACTER <= LARGEST_REQUEST && seconds <= target.seconds;
      if (batch.length > 0 && !fits) yield take();
      batch.push(entry);
      bytes += entry.text.length * BYTES_PER_CHARACTER;
      linger ??= lingering(clock);
    }
    if (batch.length > 0) yield take();
  } finally {
    take();
    await source.return?.();
  }
}

/** In UTF-8, at the most. */
const BYTES_PER_CHARACTER = 3;

function nextOf(source: AsyncIterator<Job>): Promise<IteratorResult<Job>> {
  const next = source.next();
  // An error is met where it is awaited; until then it must not pass for one that nobody awaits.
  next.catch(() => undefined);
  return next;
}

interface Linger {
  readonly over: Promise<'over'>;
  readonly cancel: () => void;
}

function lingering(clock: Clock): Linger {
  let cancel = (): void => undefined;
  const over = new Promise<'over'>((go) => {
    cancel = clock.after(LINGER_MS, () => go('over'));
  });
  return { over, cancel };
}

/** The function reads the original as it is then; what its listing said beside the key is of no use there. */
function entryOf(job: Job, secondsOf: (job: Job) => number): Entry {
  const { key, size, lastModified, etag } = job.original;
  return { job, text: JSON.stringify({ ...job, original: { key, size, lastModified, etag } }), expectedSeconds: secondsOf(job), lost: 0 };
}
