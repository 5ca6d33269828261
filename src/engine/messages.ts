import type { Job } from '../model/job.js';
import type { Limits } from '../model/limits.js';
import type { JobResult } from '../model/outcome.js';

/** What the coordinator and a worker process say to each other. All of it is JSON. */
export interface Setup {
  readonly originals: string;
  readonly variants: string;
  readonly limits: Limits;
}

export type ToWorker =
  | { readonly type: 'setup'; readonly setup: Setup }
  | { readonly type: 'job'; readonly id: number; readonly job: Job };

export type FromWorker =
  | { readonly type: 'ready' }
  | { readonly type: 'result'; readonly id: number; readonly result: JobResult }
  /** A bug: the worker is all right, the code is not. */
  | { readonly type: 'bug'; readonly id: number; readonly stack: string };
