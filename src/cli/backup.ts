import type { Command } from 'commander';
import { UserError } from '../model/user-error.js';
import type { Output } from '../report/reporter.js';
import { askBefore } from './agreement.js';
import { backup, verifyBackup } from './copying.js';
import { addEngineOptions, addPricingOptions, addSpendingOptions, pricingFlags, type CostOptions } from './cost-options.js';
import { positiveInteger } from './options.js';
import { addEndingOptions, addFilterOptions, filterFlags, type EndingFlags, type FilterFlags } from './reprocess-options.js';
import { addReachOptions, runCommand, type CommonOptions } from './run-command.js';
import { runVerifying } from './verify.js';

interface BackupFlags extends CommonOptions, CostOptions, FilterFlags, EndingFlags {
  readonly verify?: boolean;
  readonly strict?: boolean;
  readonly replace?: boolean;
  readonly limit?: number;
  readonly listConcurrency?: number;
  readonly checkpoint?: string;
}

const EXAMPLES = `
Examples:
  imgvar backup --dry-run                        what has no copy yet, and what copying costs
  imgvar backup                                  from the config's originals to its backup
  imgvar backup s3://originals/ s3://backup/     of these locations
  imgvar backup --engine lambda                  by the deployed function, where only that may write
  imgvar backup --verify --sample 1000           compare checksums of 1,000 originals and copies`;

export function addBackup(program: Command, output: Output, exit: (code: number) => void): void {
  const command = program
    .command('backup')
    .summary('copy originals that have no backup yet')
    .description('Copies originals that have no backup yet, or have changed since; between buckets on S3\'s side. Deletes nothing.')
    .argument('[originals]', 'a folder of originals, or s3://bucket/prefix/ (default: the config\'s)')
    .argument('[backup]', 'where the copies are (default: the config\'s)')
    .option('--verify', 'compare originals and copies by checksum; copy nothing')
    .option('--sample <n>', 'with --verify: of so many originals, drawn at random', positiveInteger)
    .option('--strict', 'with --verify: a copy whose original is gone counts as wrong as well')
    .option('--replace', 'replace a copy of older content also where no versions are kept')
    .option('--limit <n>', 'stop after so many originals with no copy', positiveInteger)
    .option('--list-concurrency <n>', 'parts of a bucket listed side by side (default: 8)', positiveInteger)
    .option('--adopt', 'take the copies that exist as those of these originals, as after they were moved')
    .option('--checkpoint <location>', 'where runs are remembered (default: with the config\'s variants, else in the backup)');
  addFilterOptions(command);
  addEndingOptions(command);
  addPricingOptions(addSpendingOptions(addEngineOptions(command)));
  addReachOptions(command, 'copies in flight (default: 32 for each core); with the engine lambda, invocations (50)')
    .option('--dry-run', 'tell what would be copied, and what it would cost; write nothing')
    .addHelpText('after', EXAMPLES)
    .action(async (originals: string | undefined, to: string | undefined, flags: BackupFlags) => {
      const { verify = false, strict, sample, replace, limit, listConcurrency, checkpoint, maxFailures, fresh, maxCost, adopt, yes = false } = flags;
      const chosen = { originals, backup: to, ...filterFlags(flags), ...pricingFlags(flags), listConcurrency, checkpoint };
      if (!verify && (sample !== undefined || strict !== undefined)) throw new UserError('usage', '--sample and --strict are for --verify.');
      if (verify && [replace, limit, maxFailures, fresh, maxCost, adopt, flags.engine, flags.function, checkpoint].some((given) => given !== undefined)) throw new UserError('usage', '--verify copies nothing; leave out the options that are about copying.');
      if (verify) return exit(await runVerifying(flags, output, (running) => verifyBackup({ ...flags, ...chosen, ...running, strict, sample }), { strict, of: 'copy' }));
      const agree = yes || maxCost !== undefined ? undefined : askBefore(output);
      exit(await runCommand(flags, output, (options) => backup({ ...options, ...chosen, replace, limit, maxFailures, fresh, maxCost, agree })));
    });
}
