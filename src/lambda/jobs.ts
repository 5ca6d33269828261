import PQueue from 'p-queue';
import { PROTOCOL, type DoneJob, type JobsAnswer, type JobsRequest, type Refusal } from '../model/invocation.js';
import type { Job } from '../model/job.js';
import type { Limits } from '../model/limits.js';
import type { JobResult } from '../model/outcome.js';
import { UserError } from '../model/user-error.js';
import { Budget } from '../work/budget.js';
import { foreignTo } from './check.js';
import { refusal } from './request.js';
import { IN_FLIGHT, type Settings } from './settings.js';
import { secondsForImage } from './time-limit.js';

/**
 * Bytes that an answer may have: Lambda's 6 MB, with some to spare.
 * Source: AWS Lambda Developer Guide, "Lambda quotas".
 */
const LARGEST_ANSWER = 5_500_000;

/** No job but the first is begun with less time left than this, in seconds, or than twice what the slowest one took. */
const RESERVE_SECONDS = 5;

/** The work on one original. @param secondsForIt what its image may take at most, if its turn comes now */
export type DoJob = (job: Job, limits: Limits, secondsForIt: () => number) => Promise<JobResult>;

/**
 * Does the jobs of a request side by side, as a local worker does them, as far as the time allows; the caller sends the
 * others again. Ends only when nothing is under way any more: Lambda lets the environment stand still then, and what
 * would go on at the next invocation would be out of date.
 *
 * @param secondsLeft until Lambda ends the invocation
 */
export async function doJobs(request: JobsRequest, settings: Settings, work: DoJob, secondsLeft: () => number): Promise<JobsAnswer | Refusal> {
  const { jobs } = request;
  const foreign = foreignTo(request, settings);
  if (foreign !== undefined) return foreign;
  try {
    return await doInTime(request, work, memoryFor(settings), secondsLeft, countFitting(jobs));
  } catch (error) {
    if (error instanceof UserError) return refusal(error.code, error.message);
    throw error;
  }
}

async function doInTime(
  { jobs, limits }: JobsRequest,
  work: DoJob,
  memory: number,
  secondsLeft: () => number,
  most: number,
): Promise<JobsAnswer> {
  const begin = performance.now();
  const done: DoneJob[] = [];
  const troubles: unknown[] = [];
  const inFlight = new PQueue({ concurrency: IN_FLIGHT });
  const held = new Budget(memory);
  let slowest = 0;

  const doIfTime = async (job: Job, index: number): Promise<void> => {
    const isTime = index === 0 || secondsLeft() >= Math.max(RESERVE_SECONDS, slowest * 2);
    if (!isTime || troubles.length > 0) return;
    const since = performance.now();
    const result = await work(job, limits, () => secondsForImage(secondsLeft()));
    const seconds = (performance.now() - since) / 1000;
    slowest = Math.max(slowest, seconds);
    done.push({ index, result, seconds });
  };

  for (const [index, job] of jobs.slice(0, most).entries()) {
    await inFlight.onSizeLessThan(1);
    const bytes = job.original.size * 2;
    await held.take(bytes);
    inFlight
      .add(() => doIfTime(job, index))
      .catch((error: unknown) => troubles.push(error))
      .finally(() => held.giveBack(bytes));
  }
  await inFlight.onIdle();
  if (troubles.length > 0) throw troubles[0];
  const began = new Set(done.map(({ index }) => index));
  const notBegun = Array.from(jobs.keys()).filter((index) => !began.has(index));
  return { imgvar: 'results', protocol: PROTOCOL, done, notBegun, seconds: (performance.now() - begin) / 1000 };
}

/** Bytes of originals in flight, and as much again for their variants: what decoded pixels leave of the memory. */
function memoryFor({ memoryMB }: Settings): number {
  return (memoryMB * 1024 * 1024) / 4;
}

/** How many jobs, from the first, surely fit into one answer. At least one. */
function countFitting(jobs: readonly Job[]): number {
  let bytes = 0;
  const tooMany = jobs.findIndex((job) => (bytes += answerBytes(job)) > LARGEST_ANSWER);
  return tooMany < 0 ? jobs.length : Math.max(1, tooMany);
}

/** What is said of a variant beside its keys and its spec's name, and of a job beside its outcomes: more than either ever is. */
const ANSWER_FIELDS = 700;

function answerBytes({ original, due }: Job): number {
  const text = (value: string): number => Buffer.byteLength(JSON.stringify(value));
  const each = due.map(({ spec, key }) => text(original.key) + text(key) + 2 * text(spec.name) + ANSWER_FIELDS);
  return each.reduce((sum, bytes) => sum + bytes, text(original.key) + ANSWER_FIELDS);
}
