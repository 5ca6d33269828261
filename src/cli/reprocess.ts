import type { Command } from 'commander';
import type { Output } from '../report/reporter.js';
import { addEstimateOptions, addSpendingOptions, pricingFlags, refuseSample, type CostOptions } from './cost-options.js';
import { askBefore } from './agreement.js';
import { addInvalidateOptions, type InvalidateOptions } from './invalidate.js';
import { reprocess } from './operations.js';
import { addEndingOptions, addSelectionOptions, selectionFlags, type EndingFlags, type SelectionFlags } from './reprocess-options.js';
import { addCommonOptions, runCommand, type CommonOptions } from './run-command.js';

type ReprocessFlags = CommonOptions & CostOptions & SelectionFlags & EndingFlags & InvalidateOptions;

const EXAMPLES = `
Examples:
  imgvar reprocess photos variants               make what is missing or out of date
  imgvar reprocess photos variants --dry-run     tell what that would be, and what it would cost
  imgvar reprocess --only square-small           one spec, with the config's locations
  imgvar reprocess --mode all --prefix 2024/     everything under 2024/, whatever exists
  imgvar reprocess --manifest keys.txt           the originals in a list, one key a line
  imgvar reprocess --include '*.jpg' --limit 10  try it on ten originals
  imgvar reprocess --max-cost 5                  stop before more than $5 is spent
  imgvar reprocess --invalidate                  and have CloudFront forget the old variants`;

export function addReprocess(program: Command, output: Output, exit: (code: number) => void): void {
  const command = program
    .command('reprocess')
    .summary('make every due variant')
    .description('Lists the originals, finds which variants are missing or out of date, and makes them.');
  addSelectionOptions(command);
  addEndingOptions(command);
  addSpendingOptions(command);
  addEstimateOptions(command);
  addInvalidateOptions(command);
  addCommonOptions(command)
    .addHelpText('after', EXAMPLES)
    .action(async (originals: string | undefined, variants: string | undefined, flags: ReprocessFlags) => {
      refuseSample(flags);
      const { maxFailures, fresh, maxCost, yes = false, invalidate, distribution } = flags;
      const selected = { originals, variants, ...selectionFlags(flags), ...pricingFlags(flags) };
      const agreed = yes || maxCost !== undefined ? undefined : askBefore(output);
      exit(await runCommand(flags, output, (options) => reprocess({ ...options, ...selected, maxFailures, fresh, maxCost, invalidate, distribution, agree: agreed })));
    });
}
