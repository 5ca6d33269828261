import process from 'node:process';
import type { Command } from 'commander';
import { runIds } from '../checkpoint/run-ids.js';
import { readRecord, recordsOf, type OnDamaged, type RunRecord } from '../checkpoint/run-record.js';
import { lockHolder, type Holder } from '../checkpoint/lock.js';
import { loadConfig, type Config } from '../config/load.js';
import { parseLocation } from '../model/location.js';
import { UserError } from '../model/user-error.js';
import { showKey } from '../report/format.js';
import type { Output } from '../report/reporter.js';
import { openStore } from '../store/open.js';
import type { OwnFiles } from '../store/own-files.js';
import { s3Settings } from './s3-settings.js';

/** Options of the commands that only look at what earlier runs left behind, as commander gives them. */
export interface LookBackOptions {
  readonly config?: string;
  readonly checkpoint?: string;
  readonly endpointUrl?: string;
  readonly region?: string;
  readonly profile?: string;
  readonly json?: boolean;
}

/** @param options whether it can be told as JSON lines */
export function addLookBackOptions(command: Command, { json } = { json: true }): Command {
  if (json) command.option('--json', 'JSON lines on stdout');
  return command
    .option('-c, --config <file>', 'config file (default: imgvar.config.json, found upwards from here)')
    .option('--checkpoint <location>', 'where runs are remembered (default: with the variants)')
    .option('--endpoint-url <url>', 'S3 of another provider than AWS')
    .option('--region <name>', 'AWS region (default: the config\'s, AWS_REGION, the profile\'s)')
    .option('--profile <name>', 'named profile of ~/.aws');
}

/** A root and its records, opened to be read. */
export interface Root {
  /** As a person writes it, and as records name it. */
  readonly variants: string;
  /** Where the records are. */
  readonly checkpoint: OwnFiles;
  readonly config: Config;
  /** Who writes it now. */
  holder(): Promise<Holder | null>;
}

/** Looked at one after the other, so few connections will do. */
const IN_FLIGHT = 1;

/** @param variants as it was typed; undefined for the config's. Nothing is checked by writing. @throws UserError */
export async function openRoot(variants: string | undefined, options: LookBackOptions): Promise<Root> {
  const cwd = process.cwd();
  const config = await loadConfig({ file: options.config, cwd });
  const location = variants === undefined ? config.variants : parseLocation(variants, cwd);
  if (location === undefined) throw new UserError('usage', 'Where are the variants? Name their location (imgvar status LOCATION, imgvar failures --to LOCATION), or write it into a config (imgvar init).');
  const s3 = s3Settings(options, config.s3, process.env, IN_FLIGHT);
  const store = await openStore(location, s3);
  const { checkpoint } = options;
  return {
    variants: store.location,
    checkpoint: checkpoint === undefined ? store.own : (await openStore(parseLocation(checkpoint, cwd), s3)).own,
    config,
    holder: () => lockHolder(store.own, config.leaseSeconds),
  };
}

/** Says of a record that cannot be read what is wrong with it, beside what is asked for. */
export function warningOn({ stderr }: Output): OnDamaged {
  return (message) => void stderr.write(`Warning: ${showKey(message)}\n`);
}

/** How many ids are named to who has mistyped one. */
const NAMED = 10;

/** @throws UserError `usage` for an id that no run of this root has */
export async function runOf({ checkpoint, variants }: Root, id: string): Promise<RunRecord> {
  const ids = await runIds(checkpoint);
  const run = ids.includes(id) ? await readRecord(checkpoint, id, variants) : undefined;
  if (run?.identity.variants === variants) return run;
  const known: string[] = [];
  for await (const record of recordsOf(checkpoint, variants, () => undefined)) if (known.push(record.id) === NAMED) break;
  const which = known.length === 0 ? 'there are none' : `the ${known.length === NAMED ? 'last ' : ''}runs are: ${known.join(', ')}`;
  throw new UserError('usage', `There is no run "${id}" in ${variants}; ${which}.`);
}
