import process from 'node:process';
import { Option, type Command } from 'commander';
import type { RunOptions } from './operations.js';
import type { Summary } from '../model/events.js';
import { UserError } from '../model/user-error.js';
import { jsonLinesReporter } from '../report/json-lines.js';
import type { Output } from '../report/reporter.js';
import { textReporter } from '../report/text.js';
import { ExitCode } from './exit-code.js';
import { onInterrupt } from './interrupt.js';
import { commaList, positiveInteger } from './options.js';

/** Options that every command with a run has, as commander gives them. */
export interface CommonOptions {
  readonly config?: string;
  readonly preset?: string;
  readonly only?: readonly string[];
  readonly concurrency?: number;
  readonly dryRun?: boolean;
  readonly adopt?: boolean;
  readonly endpointUrl?: string;
  readonly region?: string;
  readonly profile?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

/** @param writes whether the command may write, and so can be told not to */
export function addCommonOptions(command: Command, { writes } = { writes: true }): Command {
  if (writes) command.option('--dry-run', 'tell what would be made, and what it would cost; write nothing');
  command
    .addOption(new Option('--preset <name>', 'a named set of specs').choices(['levels']))
    .option('--only <name,...>', 'these specs only', commaList)
    .option('--adopt', 'take what exists as made by the present specs');
  return addReachOptions(command, 'originals in flight (default: two for each core, eight with buckets); with the engine lambda, invocations (1000)');
}

/** How places are reached, and how it is told. @param concurrency what is in flight */
export function addReachOptions(command: Command, concurrency: string): Command {
  return command
    .option('-c, --config <file>', 'config file (default: imgvar.config.json, found upwards from here)')
    .option('--concurrency <n>', concurrency, positiveInteger)
    .option('--endpoint-url <url>', 'S3 of another provider than AWS')
    .option('--region <name>', 'AWS region (default: the config\'s, AWS_REGION, the profile\'s)')
    .option('--profile <name>', 'named profile of ~/.aws')
    .option('--json', 'JSON lines on stdout')
    .option('-q, --quiet', 'no progress')
    .option('-v, --verbose', 'a line for each, as it is done');
}

/** Runs an operation with a reporter and with Ctrl-C; the exit code says how it ended. */
export async function runCommand(
  options: CommonOptions,
  output: Output,
  operation: (options: RunOptions) => Promise<Summary>,
): Promise<ExitCode> {
  const { json = false, quiet = false, verbose = false } = options;
  const reporter = (json ? jsonLinesReporter : textReporter)(output, { quiet, verbose });
  const interrupt = onInterrupt(
    () => reporter.stopping(),
    () => reporter.close(),
  );
  try {
    const { config, preset, only, concurrency, dryRun, adopt, endpointUrl, region, profile } = options;
    const onEvent: RunOptions['onEvent'] = (event) => reporter.event(event);
    const { signal } = interrupt;
    const aws = { endpointUrl, region, profile };
    const summary = await operation({ config, preset, only, concurrency, dryRun, adopt, ...aws, onEvent, signal, cwd: process.cwd() });
    if (!summary.complete && interrupt.exitCode !== null) return interrupt.exitCode;
    if (summary.stoppedBy !== null) return ExitCode.stopped;
    return summary.failed > 0 ? ExitCode.failures : ExitCode.done;
  } catch (error) {
    // Ctrl-C at the question is no answer.
    if (interrupt.exitCode !== null && error instanceof UserError && error.code === 'cost-unconfirmed') return interrupt.exitCode;
    throw error;
  } finally {
    interrupt.release();
    reporter.close();
  }
}
