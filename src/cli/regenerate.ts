import type { Command } from 'commander';
import { addInvalidateOptions, type InvalidateOptions } from './invalidate.js';
import { regenerate } from './operations.js';
import type { Output } from '../report/reporter.js';
import { addEstimateOptions, pricingFlags, refuseSample, type CostOptions } from './cost-options.js';
import { addCommonOptions, runCommand, type CommonOptions } from './run-command.js';

interface RegenerateFlags extends CommonOptions, CostOptions, InvalidateOptions {
  readonly from?: string;
  readonly to?: string;
}

const EXAMPLES = `
Examples:
  imgvar regenerate a1/b2.jpg                              all variants, with the config's locations
  imgvar regenerate a1/b2.jpg --from photos --to variants  with these locations
  imgvar regenerate photos/a1/b2.jpg --only square-small   one spec; a path will do`;

export function addRegenerate(program: Command, output: Output, exit: (code: number) => void): void {
  const command = program
    .command('regenerate')
    .summary('make all variants of these originals, whatever exists')
    .description('Makes every variant of the originals with these keys, whatever exists.')
    .argument('<key...>', 'an original\'s key, relative to the originals, or its path')
    .option('--from <location>', 'where the originals are (default: the config\'s)')
    .option('--to <location>', 'where the variants are (default: the config\'s)');
  addEstimateOptions(command);
  addInvalidateOptions(command);
  addCommonOptions(command)
    .addHelpText('after', EXAMPLES)
    .action(async (keys: string[], flags: RegenerateFlags) => {
      refuseSample(flags);
      const { from, to, invalidate, distribution } = flags;
      exit(await runCommand(flags, output, (options) => regenerate(keys, { ...options, ...pricingFlags(flags), originals: from, variants: to, invalidate, distribution })));
    });
}
