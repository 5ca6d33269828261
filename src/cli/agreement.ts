import { UserError } from '../model/user-error.js';
import { showDuration, showUsd } from '../report/format.js';
import type { Output } from '../report/reporter.js';
import { ask, canAsk } from './ask.js';
import type { ReprocessOptions } from './operations.js';

/**
 * Asks whether a run that is expected to cost more than the config's `confirmAbove` may begin. Where nobody can answer
 * it does not.
 */
export function askBefore(output: Output): NonNullable<ReprocessOptions['agree']> {
  return async ({ usd, seconds }) => {
    const what = `This run is expected to cost about ${showUsd(usd)} and to take about ${showDuration(seconds)}`;
    if (!canAsk(output)) {
      throw new UserError('cost-unconfirmed', `${what}; say --yes, or limit it with --max-cost. The lines are told by --dry-run.`);
    }
    return /^y(es)?$/i.test((await ask(`${what}. Go on? [y/N] `, output)) ?? '');
  };
}
