import type { Tally } from './tally.js';

/** When a run is stopped, as something must be wrong with more than single originals. */
export type MaxFailures = { readonly originals: number } | { readonly percent: number };

/** A fifth: more than any store of uploads has of damaged files, and soon enough to save the work on the rest. */
export const DEFAULT_MAX_FAILURES: MaxFailures = { percent: 20 };

/** Before so many are done, a share says nothing. */
const FIRST = 100;

/** Whether more originals than allowed have failed, of those that were worked on since the command began. */
export function exceeded(max: MaxFailures, { jobsDone, jobsFailed, failedInPlan }: Pick<Tally, 'jobsDone' | 'jobsFailed' | 'failedInPlan'>): boolean {
  if ('originals' in max) return jobsFailed + failedInPlan > max.originals;
  return jobsDone >= FIRST && jobsFailed > (jobsDone * max.percent) / 100;
}

/** The same of what is planned: those that cannot be worked on may stand together, as all of one folder. */
const FIRST_PLANNED = 10_000;

/** Whether more than allowed had failed when they were planned, which costs little; but a list of keys that are all wrong may be long. */
export function plannedToFail(max: MaxFailures, { jobs, jobsFailed, failedInPlan }: Pick<Tally, 'jobs' | 'jobsFailed' | 'failedInPlan'>): boolean {
  if ('originals' in max) return jobsFailed + failedInPlan > max.originals;
  return jobs >= FIRST_PLANNED && failedInPlan > (jobs * max.percent) / 100;
}

/** As it is typed. */
export function maxFailuresText(max: MaxFailures): string {
  return 'originals' in max ? String(max.originals) : `${max.percent}%`;
}
