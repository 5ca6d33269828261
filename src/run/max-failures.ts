import type { Tally } from './tally.js';

/** When a run is stopped, as something must be wrong with more than single originals. */
export type MaxFailures = { readonly originals: number } | { readonly percent: number };

/** A fifth: more than any store of uploads has of damaged files, and soon enough to save the work on the rest. */
export const DEFAULT_MAX_FAILURES: MaxFailures = { percent: 20 };

/** Before so many are done, a share says nothing. */
const FIRST = 100;

type Failing = Pick<Tally, 'jobsFailed' | 'failedInPlan'>;

function moreThan(allowed: number, { jobsFailed, failedInPlan }: Failing): boolean {
  return jobsFailed + failedInPlan > allowed;
}

/** Whether more originals than allowed have failed since the command began; a share is one of those that were worked on. */
export function exceeded(max: MaxFailures, tally: Pick<Tally, 'jobsDone'> & Failing): boolean {
  if ('originals' in max) return moreThan(max.originals, tally);
  return tally.jobsDone >= FIRST && tally.jobsFailed > (tally.jobsDone * max.percent) / 100;
}

/** The same of what is planned, as those that cannot be worked on may stand together: all of one folder. */
const FIRST_PLANNED = 10_000;

/** Whether that is so of those that had failed when they were planned: a list of keys that are all wrong may be long. */
export function plannedToFail(max: MaxFailures, tally: Pick<Tally, 'jobs'> & Failing): boolean {
  if ('originals' in max) return moreThan(max.originals, tally);
  return tally.jobs >= FIRST_PLANNED && tally.failedInPlan > (tally.jobs * max.percent) / 100;
}

/** As it is typed. */
export function maxFailuresText(max: MaxFailures): string {
  return 'originals' in max ? String(max.originals) : `${max.percent}%`;
}
