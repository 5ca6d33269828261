import type { S3Choice } from '../config/load.js';
import type { Location } from '../model/location.js';
import { UserError } from '../model/user-error.js';
import { endpointOf, MOST_REPETITIONS, type S3Settings } from '../store/s3-settings.js';
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
  if (endpoint !== null && !(/^https?:\/\/[^/]/i.test(endpoint) && URL.canParse(endpoint))) {
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

/** Seconds that files need at the most to be read or written. */
const FOLDER_GRACE = 10;

/** The least for a bucket, in seconds. */
const LEAST_S3_GRACE = 300;

/** How much later than it should the SDK notices that a connection is silent, in seconds: it begins to look only then. */
const LATE = 3;

/** All waits between the tries of one request at the most, in seconds, with some to spare. */
const WAITS = 70;

/**
 * How long a worker may be silent beyond an original's own time limit, in seconds: as long as its storage needs for one
 * request with all its repetitions, and for another, as a HEAD that is refused is followed by a GET.
 *
 * @param kind of the storage
 * @param timeoutSeconds how long a connection to a bucket may be silent
 */
export function graceSeconds(kind: Location['kind'], timeoutSeconds: number): number {
  return kind === 'folder' ? FOLDER_GRACE : Math.max(LEAST_S3_GRACE, 2 * (MOST_REPETITIONS * (timeoutSeconds + LATE) + WAITS));
}
