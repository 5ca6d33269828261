import { readFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { loadConfig, type Config } from '../config/load.js';
import { parseLayout, type Layout } from '../model/layout.js';
import { parseLocation, type Location } from '../model/location.js';
import { UserError } from '../model/user-error.js';
import { endpointOf, type S3Settings } from '../store/s3-settings.js';

/** What a deployed function was given. */
export interface Settings {
  /** Of the imgvar that it was made from. */
  readonly version: string;
  readonly originals: Location;
  readonly variants: Location | null;
  readonly backup: Location | null;
  readonly config: Config;
  readonly layout: Layout;
  readonly s3: S3Settings;
  readonly memoryMB: number;
}

/** Originals in flight in one invocation, and the requests of one that are under way at one time. */
export const IN_FLIGHT = 6;
const CONNECTIONS_PER_ORIGINAL = 8;

/**
 * The config lies beside the handlers, where Lambda has unpacked the zip; where things are is said by the environment,
 * and then by the config.
 * @throws UserError
 */
export async function settingsOf(env: NodeJS.ProcessEnv = process.env): Promise<Settings> {
  const folder = env['LAMBDA_TASK_ROOT'] ?? process.cwd();
  const config = await loadConfig({ file: env['IMGVAR_CONFIG'] ?? 'imgvar.config.json', cwd: folder });
  const locationIn = (name: string): Location | undefined => (env[name] ? parseLocation(env[name], folder) : undefined);
  const originals = locationIn('IMGVAR_ORIGINALS') ?? config.originals;
  if (originals === undefined) throw notSet('IMGVAR_ORIGINALS');
  const manifest = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8')) as { version: string };
  return {
    version: manifest.version,
    originals,
    variants: locationIn('IMGVAR_VARIANTS') ?? config.variants ?? null,
    backup: locationIn('IMGVAR_BACKUP') ?? config.backup ?? null,
    config,
    layout: parseLayout(config.layout, config.specs.map(({ name }) => name)),
    s3: {
      endpoint: config.s3.endpoint ?? endpointOf(env),
      region: config.s3.region ?? null,
      profile: null,
      requesterPays: config.s3.requesterPays,
      timeoutSeconds: config.s3.timeoutSeconds,
      connections: IN_FLIGHT * CONNECTIONS_PER_ORIGINAL,
    },
    memoryMB: Number(env['AWS_LAMBDA_FUNCTION_MEMORY_SIZE'] ?? 1769),
  };
}

export function notSet(name: string): UserError {
  return new UserError('config-invalid', `The function does not know where to work: set ${name} to s3://bucket/prefix/ in its environment.`);
}
