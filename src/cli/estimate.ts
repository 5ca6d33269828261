import { InvalidArgumentError, Option, type Command } from 'commander';
import { loadPrices } from '../config/prices-file.js';
import { ARCHITECTURES, type Architecture } from '../cost/prices.js';
import { LIST_PRICES } from '../cost/list-prices.js';
import { LEVELS, scenarioColumns } from '../cost/scenario.js';
import { UserError } from '../model/user-error.js';
import { showJson } from '../report/format.js';
import type { Output } from '../report/reporter.js';
import { scenarioJson, scenarioLines } from '../report/scenario.js';
import { addEstimateOptions, pricingFlags, type CostOptions } from './cost-options.js';
import { ExitCode } from './exit-code.js';
import { addInvalidateOptions, type InvalidateOptions } from './invalidate.js';
import { levelsSpecs } from './levels.js';
import { reprocess } from './operations.js';
import { byteSize, positiveInteger } from './options.js';
import { addSelectionOptions, selectionFlags, type SelectionFlags } from './reprocess-options.js';
import { addCommonOptions, runCommand, type CommonOptions } from './run-command.js';

interface ScenarioFlags {
  readonly scenario?: 'levels';
  readonly count?: number;
  readonly perOriginal?: number;
  readonly avgBytes?: number;
  readonly memory?: number;
  readonly arch?: Architecture;
  readonly duration?: number;
}

type EstimateFlags = CommonOptions & CostOptions & SelectionFlags & ScenarioFlags & InvalidateOptions;

/** What nothing but a scenario goes by. */
const OF_SCENARIO: readonly string[] = ['count', 'perOriginal', 'avgBytes', 'memory', 'arch', 'duration'] satisfies (keyof EstimateFlags)[];

/** What a scenario goes by as well. All else is about places, which it has none of. */
const BESIDE_SCENARIO: readonly string[] = ['scenario', 'prices', 'priceRegion', 'region', 'json', 'quiet', 'verbose'] satisfies (keyof EstimateFlags)[];

const EXAMPLES = `
Examples:
  imgvar estimate                                what reprocess would do, cost and take
  imgvar estimate s3://originals/ s3://variants/ --sample 50
  imgvar estimate --mode all --engine lambda     everything, by Lambda
  imgvar estimate --scenario levels              the $27.50 for 300,000 images, and today's figure
  imgvar estimate --scenario levels --count 2000000 --region eu-central-1`;

export function addEstimate(program: Command, output: Output, exit: (code: number) => void): void {
  const command = program
    .command('estimate')
    .summary('tell what reprocess would do, cost and take')
    .description('The same as reprocess --dry-run: lists, plans and reckons, and writes nothing.');
  addSelectionOptions(command);
  addEstimateOptions(command);
  addInvalidateOptions(command);
  addScenarioOptions(command);
  addCommonOptions(command, { writes: false })
    .addHelpText('after', EXAMPLES)
    .action(async (originals: string | undefined, variants: string | undefined, flags: EstimateFlags) => {
      refuseUnheeded(command, flags, [originals, variants]);
      if (flags.scenario !== undefined) return exit(await tellScenario(flags, output));
      const { invalidate, distribution } = flags;
      const selected = { originals, variants, ...selectionFlags(flags), ...pricingFlags(flags), invalidate, distribution };
      exit(await runCommand({ ...flags, dryRun: true }, output, (options) => reprocess({ ...options, ...selected })));
    });
}

function addScenarioOptions(command: Command): Command {
  return command
    .addOption(new Option('--scenario <name>', 'a backfill that needs no bucket').choices(['levels']))
    .option('--count <n>', 'with a scenario: originals', positiveInteger)
    .option('--per-original <n>', 'with a scenario: variants of each', positiveInteger)
    .option('--avg-bytes <size>', 'with a scenario: of an original', byteSize)
    .option('--memory <mb>', 'with a scenario: of the function as it was', positiveInteger)
    .addOption(new Option('--arch <name>', 'with a scenario: of the function as it was').choices(ARCHITECTURES))
    .option('--duration <seconds>', 'with a scenario: billed for each original as it was', seconds);
}

/** @param locations as they were typed @throws UserError `usage` for what would be passed over in silence */
function refuseUnheeded(command: Command, { scenario }: ScenarioFlags, locations: readonly (string | undefined)[]): void {
  const typed = command.options.filter((option) => command.getOptionValueSource(option.attributeName()) === 'cli');
  const named = (isRefused: (attribute: string) => boolean): string[] =>
    typed.filter((option) => isRefused(option.attributeName())).map((option) => `--${option.name()}`);
  if (scenario === undefined) {
    const alone = named((attribute) => OF_SCENARIO.includes(attribute));
    if (alone.length > 0) throw new UserError('usage', `Only a scenario goes by ${alone.join(', ')}; give it with --scenario levels.`);
    return;
  }
  const options = named((attribute) => !OF_SCENARIO.includes(attribute) && !BESIDE_SCENARIO.includes(attribute));
  const unheeded = [...(locations.every((location) => location === undefined) ? [] : ['the locations']), ...options];
  if (unheeded.length > 0) throw new UserError('usage', `A scenario has no bucket, nor what is about one; leave out ${unheeded.join(', ')}, or --scenario.`);
}

async function tellScenario(flags: EstimateFlags, { stdout }: Output): Promise<ExitCode> {
  const { count, perOriginal, avgBytes, memory, arch, duration, region, priceRegion, prices: file, json = false } = flags;
  const scenario = {
    count: count ?? LEVELS.count,
    perOriginal: perOriginal ?? LEVELS.perOriginal,
    averageBytes: avgBytes ?? LEVELS.averageBytes,
    region: priceRegion ?? region ?? LEVELS.region,
    memoryMb: memory ?? LEVELS.memoryMb,
    architecture: arch ?? LEVELS.architecture,
    seconds: duration ?? LEVELS.seconds,
  };
  const prices = file === undefined ? LIST_PRICES : await loadPrices(file, process.cwd());
  const columns = scenarioColumns(scenario, prices, levelsSpecs());
  const lines = json ? [showJson(scenarioJson(scenario, prices, columns))] : scenarioLines(scenario, prices, columns);
  for (const line of lines) stdout.write(`${line}\n`);
  return ExitCode.done;
}

/** "2.243", "0.25". */
function seconds(value: string): number {
  const number = Number(value);
  if (!/^\d+(\.\d+)?$/.test(value) || number === 0) throw new InvalidArgumentError('Give a number of seconds above zero.');
  return number;
}
