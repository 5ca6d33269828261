import type { S3Choice } from '../config/load.js';
import { UserError } from '../model/user-error.js';
import { endpointOf, type S3Settings } from '../store/s3-settings.js';
import { openFilesLimit } from './open-files-limit.js';

/** What the command line says of buckets. */
export interface S3Options {
  readonly endpointUrl?: string | undefined;
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
}

/** Files of a process that are no connections to a bucket or to Lambda: its modules, its pipes to workers, what it reads and writes. */
const OTHER_FILES = 64;

/** Connections of one process to one place at the most: originals, variants and Lambda have as many each, and a system may allow few. */
export function mostConnections(): number {
  return Math.max(4, Math.floor((openFilesLimit() - OTHER_FILES) / 3));
}

/** Requests of one original that are under way at one time: some of its variants are written while others are made. */
const CONNECTIONS_PER_ORIGINAL = 8;

/**
 * How buckets are reached: the command line comes before the config, and that before the environment. What is still open
 * then the SDK finds in ~/.aws.
 *
 * @param inFlight originals in flight in one process
 * @throws UserError `usage`
 */
export function s3Settings(options: S3Options, config: S3Choice, env: NodeJS.ProcessEnv, inFlight: number): S3Settings {
  const endpoint = (options.endpointUrl ?? config.endpoint ?? endpointOf(env)) || null;
  if (endpoint !== null && !/^https?:\/\/[^/]/i.test(endpoint)) {
    throw new UserError('usage', `"${endpoint}" is not the address of a store; write it as https://s3.example.com.`);
  }
  return {
    endpoint,
    region: options.region ?? config.region ?? null,
    profile: options.profile ?? null,
    requesterPays: config.requesterPays,
    storageClass: config.storageClass ?? null,
    timeoutSeconds: config.timeoutSeconds,
    connections: Math.min(inFlight * CONNECTIONS_PER_ORIGINAL, mostConnections()),
  };
}
