import type { Job } from '../model/job.js';
import type { JobResult } from '../model/outcome.js';
import type { UserErrorCode } from '../model/user-error.js';
import type { CopyKind } from '../model/copy.js';
import type { ImageWork, Setup } from '../work/workshop.js';

export type WorkKind = ImageWork | CopyKind;

/** What the coordinator and a worker process say to each other. All of it is JSON. */
export type ToWorker =
  | { readonly type: 'setup'; readonly setup: Setup; readonly kind: WorkKind }
  | { readonly type: 'job'; readonly id: number; readonly job: Job };

export type FromWorker =
  | { readonly type: 'ready' }
  /** The next original has its turn: the worker is not hung. */
  | { readonly type: 'alive' }
  | { readonly type: 'result'; readonly id: number; readonly result: JobResult }
  /** What a person must mend before any work can go on. */
  | { readonly type: 'mistake'; readonly id: number; readonly code: UserErrorCode; readonly message: string }
  /** A bug: the worker is all right, the code is not. */
  | { readonly type: 'bug'; readonly id: number; readonly stack: string };
