import process from 'node:process';
import type { Command } from 'commander';
import { UserError } from '../model/user-error.js';
import type { Output } from '../report/reporter.js';
import { verifyReporter } from '../report/verify.js';
import { addCap, addEngineOptions, addPricingOptions, pricingFlags, type CostOptions } from './cost-options.js';
import { ExitCode } from './exit-code.js';
import { onInterrupt } from './interrupt.js';
import { verify, type VerifyOptions } from './operations.js';
import { maxFailures, positiveInteger } from './options.js';
import { addFilterOptions, addLocations, filterFlags, type FilterFlags } from './reprocess-options.js';
import { addCommonOptions, type CommonOptions } from './run-command.js';
import type { MaxFailures } from '../run/max-failures.js';

interface VerifyFlags extends CommonOptions, FilterFlags, CostOptions {
  readonly deep?: boolean;
  readonly fix?: boolean;
  readonly strict?: boolean;
  readonly maxFailures?: MaxFailures;
}

const EXAMPLES = `
Examples:
  imgvar verify                       is every variant there, and up to date? by listings alone
  imgvar verify photos variants       of these locations
  imgvar verify --deep --sample 500   also reads and decodes the variants of 500 originals
  imgvar verify --deep --fix          and makes again what is missing, stale or damaged
  imgvar verify --json | jq 'select(.type == "finding")'`;

export function addVerify(program: Command, output: Output, exit: (code: number) => void): void {
  const command = program
    .command('verify')
    .summary('tell whether every variant is there, and right')
    .description('Compares originals and variants by their listings, and with --deep by their content. Writes nothing but with --fix.');
  addFilterOptions(addLocations(command))
    .option('--deep', 'read and decode the variants: content, size, format, spec, original')
    .option('--sample <n>', 'with --deep: of so many originals, drawn at random', positiveInteger)
    .option('--fix', 'make again what is missing, stale or damaged')
    .option('--strict', 'what belongs to no original counts as wrong as well')
    .option('--max-failures <n|n%>', 'with --fix: stop when more originals fail', maxFailures);
  addPricingOptions(addCap(addEngineOptions(command)));
  addCommonOptions(command, { writes: false })
    .addHelpText('after', EXAMPLES)
    .action(async (originals: string | undefined, variants: string | undefined, flags: VerifyFlags) => {
      exit(await run({ originals, variants }, flags, output));
    });
}

async function run(locations: { originals: string | undefined; variants: string | undefined }, flags: VerifyFlags, output: Output): Promise<ExitCode> {
  const { deep = false, sample, fix, strict, config, preset, only, concurrency, adopt, endpointUrl, region, profile, maxCost, maxFailures: most } = flags;
  if (sample !== undefined && !deep) throw new UserError('usage', '--sample says of how many originals the variants are read; give it with --deep.');
  const chosen = { ...locations, ...filterFlags(flags), ...pricingFlags({ ...flags, sample: undefined }), config, preset, only, concurrency, adopt, endpointUrl, region, profile };
  if (fix !== true && [maxCost, most, flags.engine, flags.function].some((given) => given !== undefined)) throw new UserError('usage', '--max-cost, --max-failures, --engine and --function are about what is made again; give them with --fix.');
  if (deep && maxCost !== undefined) throw new UserError('usage', '--max-cost does not bound what --deep reads; look with --deep first, and give --max-cost with --fix alone.');
  return runVerifying(flags, output, (running) => verify({ ...chosen, ...running, maxCost, maxFailures: most, deep: deep ? (sample ?? 'all') : null, fix, strict }), { strict });
}

type Running = Pick<Required<VerifyOptions>, 'onEvent' | 'signal' | 'cwd'>;

/** Runs a comparison with a reporter and with Ctrl-C; the exit code says how it ended. */
export async function runVerifying(
  { json = false, quiet = false, verbose = false, fix = false }: Pick<VerifyFlags, 'json' | 'quiet' | 'verbose' | 'fix'>,
  output: Output,
  operation: (running: Running) => ReturnType<typeof verify>,
  { strict = false, of = 'variant' }: { readonly strict?: boolean | undefined; readonly of?: 'variant' | 'copy' },
): Promise<ExitCode> {
  const reporter = verifyReporter(output, { json, quiet, verbose, fix, of });
  const interrupt = onInterrupt(() => reporter.stopping(), () => reporter.close());
  try {
    const { verified, summary } = await operation({ onEvent: (event) => reporter.event(event), signal: interrupt.signal, cwd: process.cwd() });
    if (interrupt.exitCode !== null && (summary === null || !summary.complete)) return interrupt.exitCode;
    if (summary !== null && summary.stoppedBy !== null) return ExitCode.stopped;
    const left = verified.findings.filter(({ kind }) => kind === 'unmakeable' || (strict && (kind === 'orphaned' || kind === 'foreign')));
    const isMended = summary !== null && summary.failed === 0 && left.length === 0;
    return verified.isRight || isMended ? ExitCode.done : ExitCode.failures;
  } finally {
    interrupt.release();
    reporter.close();
  }
}
