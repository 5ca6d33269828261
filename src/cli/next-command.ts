import type { Config } from '../config/load.js';
import { isPreset, PRESETS } from '../config/presets.js';
import { locationText } from '../model/location.js';
import type { PastRun } from '../model/past-run.js';
import type { LookBackOptions } from './look-back.js';
import type { S3Options } from './s3-settings.js';

/** What was typed to look at the runs is needed to go on with them as well. */
export interface Here {
  readonly config: Config;
  readonly options: LookBackOptions;
}

/**
 * The command that does the run's job once more, on the same terms. A manifest is remembered by its content alone, not by its
 * name; and a cap that is used up is to be raised.
 */
export function jobCommand({ originals, variants, mode, specs, filter, terms, stoppedBy }: PastRun, { config, options }: Here): string {
  const { prefix, include, exclude, since, manifest, 'retry-failed': retried } = filter;
  const { preset, engine, function: name, 'max-cost': maxCost, 'max-failures': maxFailures, invalidate, distribution } = terms;
  return command(
    ['reprocess', originals, variants, '--mode', mode],
    [...option('--preset', preset), ...onlyOf(specs, preset, config)],
    prefix === '' ? [] : option('--prefix', prefix),
    [...option('--include', include), ...option('--exclude', exclude)],
    since === undefined ? [] : ['--since', new Date(Number(since)).toISOString()],
    [...option('--min-size', filter['min-size']), ...option('--max-size', filter['max-size'])],
    manifest === undefined ? [] : ['--manifest', 'MANIFEST'],
    retried === undefined ? [] : ['--retry-failed'],
    [...option('--engine', engine), ...option('--function', name)],
    [...flag('--invalidate', invalidate), ...option('--distribution', distribution)],
    [...option('--max-cost', stoppedBy === 'cost' ? 'MORE' : maxCost), ...option('--max-failures', maxFailures)],
    reckoned(terms),
    reached(options),
  );
}

export function retryCommand(run: PastRun, here: Here): string {
  return jobCommand({ ...run, filter: { ...run.filter, 'retry-failed': run.id } }, here);
}

export function failuresCommand({ id, variants }: PastRun, { config, options }: Here): string {
  const known = config.variants !== undefined && locationText(config.variants) === variants;
  return command(['failures', id], known ? [] : ['--to', variants], reached(options));
}

/** The dry run that tells what a system has still to make. @param places both locations, where the config does not say them */
export function dryRunCommand(places: readonly string[], options: LookBackOptions): string {
  return command(['reprocess', '--dry-run', ...places], reached(options));
}

/** A file is uploaded by AWS's own program, which takes how a bucket is reached in the same words. */
export function uploadCommand(file: string, location: string, options: S3Options): string {
  return line(['aws', 's3', 'cp', file, location], bucketsReached(options));
}

/** Specs that neither the preset nor the config has came from elsewhere, and cannot be chosen out of it. */
function onlyOf(names: readonly string[], preset: string | undefined, { specs }: Config): readonly string[] {
  const known = preset !== undefined && isPreset(preset) ? Object.keys(PRESETS[preset].specs) : specs.map(({ name }) => name);
  return names.length < known.length && names.every((name) => known.includes(name)) ? ['--only', names.join(',')] : [];
}

/** How money is reckoned: a cap counts what all sessions have spent, so it is to be by the same figures in each. */
function reckoned({ prices, 'price-region': region, 'in-region': inRegion, 'free-tier': freeTier, kms }: PastRun['terms']): readonly string[] {
  const named = [...option('--prices', prices), ...option('--price-region', region)];
  return [...named, ...flag('--in-region', inRegion), ...flag('--free-tier', freeTier), ...flag('--kms', kms)];
}

function reached({ config, checkpoint, ...buckets }: LookBackOptions): readonly string[] {
  return [...option('--config', config), ...option('--checkpoint', checkpoint), ...bucketsReached(buckets)];
}

function bucketsReached({ endpointUrl, region, profile }: S3Options): readonly string[] {
  return [...option('--endpoint-url', endpointUrl), ...option('--region', region), ...option('--profile', profile)];
}

function option(name: string, value: string | number | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return [];
  return (typeof value === 'object' ? value : [String(value)]).flatMap((one) => [name, one]);
}

/** An option that takes no value, whatever stands in the record. */
function flag(name: string, value: string | undefined): readonly string[] {
  return value === undefined ? [] : [name];
}

function command(...words: readonly (readonly string[])[]): string {
  return line(['imgvar'], ...words);
}

function line(...words: readonly (readonly string[])[]): string {
  return words.flat().map(quoted).join(' ');
}

/** As a POSIX shell takes it back. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
