import { Option, type Command } from 'commander';
import { reprocess } from './operations.js';
import { MODES, type Mode } from '../model/job.js';
import type { Output } from '../report/reporter.js';
import type { MaxFailures } from '../run/max-failures.js';
import { byteSize, collect, maxFailures, positiveInteger, since } from './options.js';
import { addCommonOptions, runCommand, type CommonOptions } from './run-command.js';

interface ReprocessFlags extends CommonOptions {
  readonly mode: Mode;
  readonly prefix?: string;
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly since?: Date;
  readonly minSize?: number;
  readonly maxSize?: number;
  readonly manifest?: string;
  readonly retryFailed?: boolean;
  readonly limit?: number;
  readonly maxFailures?: MaxFailures;
  readonly listConcurrency?: number;
  readonly checkpoint?: string;
  readonly fresh?: boolean;
}

const EXAMPLES = `
Examples:
  imgvar reprocess photos variants               make what is missing or out of date
  imgvar reprocess photos variants --dry-run     tell what that would be
  imgvar reprocess --only square-small           one spec, with the config's locations
  imgvar reprocess --mode all --prefix 2024/     everything under 2024/, whatever exists
  imgvar reprocess --manifest keys.txt           the originals in a list, one key a line
  imgvar reprocess --include '*.jpg' --limit 10  try it on ten originals`;

export function addReprocess(program: Command, output: Output, exit: (code: number) => void): void {
  const command = program
    .command('reprocess')
    .summary('make every due variant')
    .description('Lists the originals, finds which variants are missing or out of date, and makes them.')
    .argument('[originals]', 'a folder of originals (default: the config\'s)')
    .argument('[variants]', 'the folder that the variants are in (default: the config\'s)')
    .addOption(new Option('--mode <mode>', 'due: missing, original newer, or spec changed').choices(MODES).default('due'))
    .option('--prefix <text>', 'originals whose keys begin so')
    .option('--include <glob>', 'originals that match (repeatable)', collect)
    .option('--exclude <glob>', 'not those that match (repeatable)', collect)
    .option('--since <date>', 'originals modified since: 2026-11-23, or 7d, 12h', since)
    .option('--min-size <size>', 'originals of at least so much: 10KB, 2MB', byteSize)
    .option('--max-size <size>', 'originals of at most so much', byteSize)
    .option('--manifest <file>', 'originals named in a list, CSV or S3 Inventory (or s3://bucket/key)')
    .option('--retry-failed', 'only what failed in the last run of this job')
    .option('--limit <n>', 'stop after so many originals with something due', positiveInteger)
    .option('--max-failures <n|n%>', 'stop when more originals fail (default: 20%, after 100)', maxFailures)
    .option('--list-concurrency <n>', 'parts of a bucket listed side by side (default: 8)', positiveInteger)
    .option('--checkpoint <location>', 'where runs are remembered (default: with the variants)')
    .option('--fresh', 'start over, even if the last run can be gone on with');
  addCommonOptions(command)
    .addHelpText('after', EXAMPLES)
    .action(async (originals: string | undefined, variants: string | undefined, flags: ReprocessFlags) => {
      const { mode, prefix, include, exclude, since, minSize, maxSize, manifest, retryFailed, limit, maxFailures, listConcurrency, checkpoint, fresh } = flags;
      exit(
        await runCommand(flags, output, (options) =>
          reprocess({
            ...options, originals, variants, mode, prefix, include, exclude, since, minSize, maxSize, manifest,
            retryFailed, limit, maxFailures, listConcurrency, checkpoint, fresh,
          }),
        ),
      );
    });
}
