import path from 'node:path';
import type { Limits } from '../model/limits.js';
import { parseLocation, type Location } from '../model/location.js';
import type { Spec } from '../model/spec.js';
import { UserError } from '../model/user-error.js';
import { checkWritten, isObject } from './check.js';
import { isPreset, PRESETS, type PresetName } from './presets.js';
import { CONFIG_FILE, findConfigFile, readJsonFile } from './read-file.js';
import { configSchema, fieldsAt, type ConfigInput, type ConfigOutput } from './schema.js';

/** All that a person has settled beforehand, checked, with every default filled in, and frozen throughout. */
export interface Config {
  /** The config file's absolute path, `preset NAME`, or `defaults` where nobody chose anything. */
  readonly source: string;
  readonly originals?: Location;
  readonly variants?: Location;
  readonly backup?: Location;
  /** A template that `parseLayout` takes with these specs. */
  readonly layout: string;
  /** At least one. */
  readonly specs: readonly Spec[];
  readonly engine: 'local' | 'lambda';
  /** Name or ARN of the function that the engine lambda calls. */
  readonly lambdaFunction?: string;
  /** Name or ARN of the function that imgvar backup calls. */
  readonly lambdaBackup?: string;
  /** Of the CloudFormation stack. */
  readonly stack?: string;
  /** What delivers the variants, as far as the config says. */
  readonly cloudFront: { readonly distribution?: string; readonly path?: string };
  readonly s3: S3Choice;
  /** MB of originals and variants in flight. */
  readonly memory: number;
  readonly leaseSeconds: number;
  /** USD above which a run asks before it begins. */
  readonly confirmAbove: number;
  readonly limits: Limits;
}

/** How buckets are reached, as far as the config says. */
export interface S3Choice {
  readonly endpoint?: string;
  readonly region?: string;
  readonly requesterPays: boolean;
  readonly storageClass?: string;
  readonly timeoutSeconds: number;
}

export interface ConfigChoice {
  /** Relative to `cwd`. Default: the nearest imgvar.config.json in `cwd` or above it. */
  readonly file?: string | undefined;
  /** Its specs take the place of the config's; all else in the config stays. */
  readonly preset?: string | undefined;
  /** An absolute path. */
  readonly cwd: string;
}

/** The specs of a preset, with more of them. @param more as a config file has them */
export function loadPresetSpecs(preset: PresetName, more: NonNullable<ConfigInput['specs']>): readonly Spec[] {
  return checkConfig({ specs: { ...PRESETS[preset].specs, ...more } }, `preset ${preset}`, '/').specs;
}

/** The specs of someone who has chosen none. */
const DEFAULT_PRESET: PresetName = 'levels';

/**
 * The chosen config, or the one that is found, or the preset alone, or the defaults.
 * @throws UserError `config-not-found`, `config-invalid` (every wrong field, with its path), `usage` (unknown preset)
 */
export async function loadConfig({ file: given, preset, cwd }: ConfigChoice): Promise<Config> {
  const presetName = preset === undefined ? undefined : checkPreset(preset);
  const file = given === undefined ? await findConfigFile(cwd) : path.resolve(cwd, given);
  if (file === null) {
    const source = presetName === undefined ? 'defaults' : `preset ${presetName}`;
    return checkConfig(PRESETS[presetName ?? DEFAULT_PRESET], source, cwd);
  }
  const written = await readJsonFile(file, CONFIG_FILE);
  const config = presetName !== undefined && isObject(written) ? { ...written, ...PRESETS[presetName] } : written;
  return checkConfig(config, file, path.dirname(file));
}

function checkPreset(name: string): PresetName {
  if (isPreset(name)) return name;
  throw new UserError('usage', `There is no preset ${JSON.stringify(name)}; the presets are: ${Object.keys(PRESETS).join(', ')}.`);
}

/** @param base the folder to which the config's locations are relative */
function checkConfig(written: unknown, source: string, base: string): Config {
  return deepFreeze(configOf(checkWritten(configSchema, written, source, CONFIG_FILE, fieldsAt), source, base));
}

function configOf(checked: ConfigOutput, source: string, base: string): Config {
  const location = (text: string | undefined): Location | undefined =>
    text === undefined ? undefined : parseLocation(text, base);
  return {
    source,
    originals: location(checked.originals),
    variants: location(checked.variants),
    backup: location(checked.backup),
    layout: checked.layout,
    specs: Object.entries(checked.specs).map(([name, spec]) => ({ name, ...spec })),
    engine: checked.engine,
    lambdaFunction: checked.lambda.function,
    lambdaBackup: checked.lambda.backup,
    stack: checked.stack,
    cloudFront: checked.cloudFront,
    s3: checked.s3,
    memory: checked.memory,
    leaseSeconds: checked.leaseSeconds,
    confirmAbove: checked.confirmAbove,
    limits: checked.limits,
  };
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const part of Object.values(value)) deepFreeze(part);
  return Object.freeze(value);
}
