import type { Command } from 'commander';
import { UserError } from '../model/user-error.js';
import type { Output } from '../report/reporter.js';
import { askBefore } from './agreement.js';
import { restore } from './copying.js';
import { addPricingOptions, addSpendingOptions, pricingFlags, type CostOptions } from './cost-options.js';
import { maxFailures, positiveInteger } from './options.js';
import { addReachOptions, runCommand, type CommonOptions } from './run-command.js';
import type { MaxFailures } from '../run/max-failures.js';

interface RestoreFlags extends CommonOptions, CostOptions {
  readonly from?: string;
  readonly to?: string;
  readonly all?: boolean;
  readonly prefix?: string;
  readonly overwrite?: boolean;
  readonly limit?: number;
  readonly maxFailures?: MaxFailures;
}

const EXAMPLES = `
Examples:
  imgvar restore a1/b2.jpg                          one original, with the config's locations
  imgvar restore --prefix 2024/ --dry-run           what of 2024/ is gone and has a copy
  imgvar restore --all                              everything that is gone
  imgvar restore a1/b2.jpg --overwrite              also if something else is in its place
  imgvar restore a1/b2.jpg --from backup --to photos`;

export function addRestore(program: Command, output: Output, exit: (code: number) => void): void {
  const command = program
    .command('restore')
    .summary('bring originals back from their backup')
    .description('Brings originals back from their backup, as they were. What is in the place of one stays, unless --overwrite is said.')
    .argument('[key...]', 'an original\'s key, relative to the originals')
    .option('--from <location>', 'where the copies are (default: the config\'s backup)')
    .option('--to <location>', 'where the originals are (default: the config\'s)')
    .option('--all', 'every original that is gone and has a copy')
    .option('--prefix <text>', 'those whose keys begin so')
    .option('--overwrite', 'also where another content is in the place')
    .option('--limit <n>', 'stop after so many', positiveInteger)
    .option('--max-failures <n|n%>', 'stop when more fail (default: 20%, after 100)', maxFailures);
  addPricingOptions(addSpendingOptions(command));
  addReachOptions(command, 'copies in flight (default: 32 for each core)')
    .option('--dry-run', 'tell what would be brought back; write nothing')
    .addHelpText('after', EXAMPLES)
    .action(async (keys: string[], flags: RestoreFlags) => {
      const { from, to, all = false, prefix, overwrite, limit, maxFailures: most, maxCost, yes = false } = flags;
      if (keys.length === 0 && !all && prefix === undefined) throw new UserError('usage', 'Which originals? Name their keys, or a --prefix, or say --all.');
      if (keys.length > 0 && all) throw new UserError('usage', 'Name keys or say --all, not both.');
      const agree = yes || maxCost !== undefined ? undefined : askBefore(output);
      exit(await runCommand(flags, output, (options) => restore(keys, { ...options, ...pricingFlags(flags), backup: from, originals: to, prefix, overwrite, limit, maxFailures: most, maxCost, agree })));
    });
}
