import { Option, type Command } from 'commander';
import { UserError } from '../model/user-error.js';
import { functionName, sampleSize, usd } from './options.js';

/** Options of what a run costs, as commander gives them. */
export interface CostOptions {
  readonly engine?: 'local' | 'lambda';
  readonly function?: string;
  readonly sample?: number;
  readonly maxCost?: number;
  readonly prices?: string;
  readonly priceRegion?: string;
  readonly inRegion?: boolean;
  readonly freeTier?: boolean;
  readonly kms?: boolean;
  readonly yes?: boolean;
}

/** For every command that estimates. */
export function addEstimateOptions(command: Command): Command {
  addEngineOptions(command).option('--sample <n>', 'with a dry run: measure so many originals; nothing is written', sampleSize);
  return addPricingOptions(command);
}

/** For every command that has work done. */
export function addEngineOptions(command: Command): Command {
  return command
    .addOption(new Option('--engine <name>', 'where the work is done').choices(['local', 'lambda']))
    .option('--function <name>', 'with the engine lambda: the function\'s name or ARN (default: the config\'s)', functionName);
}

/** For every command that tells what something costs. */
export function addPricingOptions(command: Command): Command {
  return command
    .option('--prices <file>', 'prices that come before those that imgvar knows')
    .option('--price-region <name>', 'the region whose prices hold (default: the buckets\' own)')
    .option('--in-region', 'this machine is in the originals\' region: downloads are free')
    .option('--free-tier', 'count what AWS gives away every month as unused')
    .option('--kms', 'count a KMS request for each GET and PUT');
}

/** For commands that spend. */
export function addSpendingOptions(command: Command): Command {
  return addCap(command).option('-y, --yes', 'do not ask, whatever it is expected to cost');
}

export function addCap(command: Command): Command {
  return command.option('--max-cost <usd>', 'stop, to be gone on with, before more is spent', usd);
}

/** @throws UserError `usage` for a sample that a run of its own would not take */
export function refuseSample({ sample, dryRun = false }: Pick<CostOptions, 'sample'> & { readonly dryRun?: boolean }): void {
  if (sample !== undefined && !dryRun) throw new UserError('usage', '--sample measures originals for an estimate and makes no variants; give it with --dry-run.');
}

/** What operations take of them. */
export function pricingFlags({ engine, function: name, sample, prices, priceRegion, inRegion, freeTier, kms }: CostOptions) {
  return { engine, functionName: name, sample, prices, priceRegion, inRegion, freeTier, kms };
}
