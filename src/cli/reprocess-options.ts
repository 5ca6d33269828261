import { Option, type Command } from 'commander';
import { MODES, type Mode } from '../model/job.js';
import type { MaxFailures } from '../run/max-failures.js';
import { byteSize, collect, maxFailures, positiveInteger, since } from './options.js';

/** Which originals, as commander gives it. */
export interface FilterFlags {
  readonly prefix?: string;
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly since?: Date;
  readonly minSize?: number;
  readonly maxSize?: number;
}

export function addFilterOptions(command: Command): Command {
  return command
    .option('--prefix <text>', 'originals whose keys begin so')
    .option('--include <glob>', 'originals that match (repeatable)', collect)
    .option('--exclude <glob>', 'not those that match (repeatable)', collect)
    .option('--since <date>', 'originals modified since: 2026-11-23, or 7d, 12h', since)
    .option('--min-size <size>', 'originals of at least so much: 10KB, 2MB', byteSize)
    .option('--max-size <size>', 'originals of at most so much', byteSize);
}

/** What operations take of them. */
export function filterFlags({ prefix, include, exclude, since, minSize, maxSize }: FilterFlags) {
  return { prefix, include, exclude, since, minSize, maxSize };
}

/** The two locations. */
export function addLocations(command: Command): Command {
  return command
    .argument('[originals]', 'a folder of originals, or s3://bucket/prefix/ (default: the config\'s)')
    .argument('[variants]', 'where the variants are (default: the config\'s)');
}

/** Which originals and which of their variants, as commander gives it: for reprocess and estimate alike. */
export interface SelectionFlags extends FilterFlags {
  readonly mode: Mode;
  readonly manifest?: string;
  readonly retryFailed?: boolean;
  readonly limit?: number;
  readonly listConcurrency?: number;
  readonly checkpoint?: string;
}

export function addSelectionOptions(command: Command): Command {
  addLocations(command).addOption(new Option('--mode <mode>', 'due: missing, original newer, or spec changed').choices(MODES).default('due'));
  return addFilterOptions(command)
    .option('--manifest <file>', 'originals named in a list, CSV or S3 Inventory (or s3://bucket/key)')
    .option('--retry-failed', 'only what failed in the last run of this job')
    .option('--limit <n>', 'stop after so many originals with something due', positiveInteger)
    .option('--list-concurrency <n>', 'parts of a bucket listed side by side (default: 8)', positiveInteger)
    .option('--checkpoint <location>', 'where runs are remembered (default: with the variants)');
}

/** What operations take of them. */
export function selectionFlags(flags: SelectionFlags) {
  const { mode, manifest, retryFailed, limit, listConcurrency, checkpoint } = flags;
  return { mode, ...filterFlags(flags), manifest, retryFailed, limit, listConcurrency, checkpoint };
}

/** When a run ends early, as commander gives it. */
export interface EndingFlags {
  readonly maxFailures?: MaxFailures;
  readonly fresh?: boolean;
}

export function addEndingOptions(command: Command): Command {
  return command
    .option('--max-failures <n|n%>', 'stop when more originals fail (default: 20%, after 100)', maxFailures)
    .option('--fresh', 'start over, even if the last run can be gone on with');
}
