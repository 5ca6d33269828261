import type { S3Choice } from '../config/load.js';
import { UserError } from '../model/user-error.js';
import { endpointOf, type S3Settings } from '../store/s3-settings.js';

/** What the command line says of buckets. */
export interface S3Options {
  readonly endpointUrl?: string | undefined;
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
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
    timeoutSeconds: config.timeoutSeconds,
    connections: inFlight * CONNECTIONS_PER_ORIGINAL,
  };
}
