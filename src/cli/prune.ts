import process from 'node:process';
import { Option, type Command } from 'commander';
import { UserError } from '../model/user-error.js';
import { plural, showKey } from '../report/format.js';
import { pruneReporter } from '../report/prune.js';
import type { Output } from '../report/reporter.js';
import type { MaxDelete } from '../run/max-delete.js';
import { ask, canAsk } from './ask.js';
import { ExitCode } from './exit-code.js';
import { onInterrupt } from './interrupt.js';
import { prune, type PruneOptions } from './operations.js';
import { maxDelete } from './options.js';
import { addLocations } from './reprocess-options.js';

interface PruneFlags {
  readonly config?: string;
  readonly preset?: string;
  readonly maxDelete?: MaxDelete;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly endpointUrl?: string;
  readonly region?: string;
  readonly profile?: string;
  readonly json?: boolean;
  readonly verbose?: boolean;
}

const EXAMPLES = `
Examples:
  imgvar prune --dry-run               what would go: variants whose original or spec is gone
  imgvar prune                         shows how much, asks, and removes it
  imgvar prune --max-delete 30% --yes  without a question, and more than a tenth`;

export function addPrune(program: Command, output: Output, exit: (code: number) => void): void {
  const command = program
    .command('prune')
    .summary('remove variants whose original or spec is gone')
    .description('Removes variants whose original or spec is gone. Shows first what would go, and asks. What is no variant stays.');
  addLocations(command)
    .option('--max-delete <n|n%>', 'refuse where more would go (default: 10% of all variants)', maxDelete)
    .option('--dry-run', 'tell what would go; remove nothing')
    .option('-y, --yes', 'do not ask')
    .option('-c, --config <file>', 'config file (default: imgvar.config.json, found upwards from here)')
    .addOption(new Option('--preset <name>', 'a named set of specs').choices(['levels']))
    .option('--endpoint-url <url>', 'S3 of another provider than AWS')
    .option('--region <name>', 'AWS region (default: the config\'s, AWS_REGION, the profile\'s)')
    .option('--profile <name>', 'named profile of ~/.aws')
    .option('--json', 'JSON lines on stdout')
    .option('-v, --verbose', 'a line for every variant that goes')
    .addHelpText('after', EXAMPLES)
    .action(async (originals: string | undefined, variants: string | undefined, flags: PruneFlags) => {
      exit(await run({ originals, variants }, flags, output));
    });
}

async function run(locations: { originals: string | undefined; variants: string | undefined }, flags: PruneFlags, output: Output): Promise<ExitCode> {
  const { yes = false, json = false, verbose = false, dryRun = false, maxDelete: most, config, preset, endpointUrl, region, profile } = flags;
  const reporter = pruneReporter(output, { json, verbose, dryRun });
  const interrupt = onInterrupt(() => reporter.stopping(), () => undefined);
  try {
    const pruned = await prune({
      ...locations, config, preset, endpointUrl, region, profile, maxDelete: most, dryRun,
      agree: yes ? () => Promise.resolve(true) : askBefore(output),
      onEvent: (event) => reporter.event(event),
      signal: interrupt.signal,
      cwd: process.cwd(),
    });
    if (interrupt.exitCode !== null && !pruned.complete) return interrupt.exitCode;
    return pruned.failed > 0 ? ExitCode.failures : ExitCode.done;
  } catch (error) {
    // Ctrl-C at the question is no answer.
    if (interrupt.exitCode !== null && error instanceof UserError && error.code === 'removal-unconfirmed') return interrupt.exitCode;
    throw error;
  } finally {
    interrupt.release();
  }
}

/** Where nobody can answer, nothing is removed. */
function askBefore(output: Output): PruneOptions['agree'] {
  return async ({ count, variants }) => {
    if (!canAsk(output)) {
      throw new UserError('removal-unconfirmed', `${plural(count, 'variant')} would go; say --yes to remove them, or see which with --dry-run.`);
    }
    return /^y(es)?$/i.test((await ask(`Remove ${plural(count, 'variant')} from ${showKey(variants)}? [y/N] `, output)) ?? '');
  };
}
