import { Failure, FAILURE_CODES, type FailureCode } from '../model/failure.js';
import { UserError } from '../model/user-error.js';

/** What went wrong with one original. */
export interface Trouble {
  readonly code: string;
  readonly detail: string;
  /** Whether it is delivered again, and at last to the dead-letter queue. */
  readonly again: boolean;
}

/**
 * Of what a person has to mend (a permission, a bucket's name) the notice must survive, to be delivered again then. Only what
 * is wrong with the original itself is given up.
 */
export function isToRetry(code: FailureCode): boolean {
  return FAILURE_CODES[code] || code === 'access-denied';
}

/** Anything that was thrown: a bug is told with its stack, and may have gone when it is delivered again. */
export function troubleOf(error: unknown): Trouble {
  if (error instanceof Failure) return { code: error.code, detail: error.detail, again: isToRetry(error.code) };
  if (error instanceof UserError) return { code: error.code, detail: error.message, again: true };
  return { code: 'bug', detail: error instanceof Error ? (error.stack ?? error.message) : String(error), again: true };
}
