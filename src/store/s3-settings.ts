/** How buckets are reached. JSON-safe, as worker processes get it too; credentials are never part of it. */
export interface S3Settings {
  /** For a provider other than AWS; addressed path-style. Null: AWS, or AWS_ENDPOINT_URL and the profile's. */
  readonly endpoint: string | null;
  /** Null: AWS_REGION or the profile's, else us-east-1; a bucket elsewhere is followed to its region. */
  readonly region: string | null;
  /** A named profile of ~/.aws. Null: AWS_PROFILE or the default one. */
  readonly profile: string | null;
  /** Whether the requester pays, as some buckets demand. */
  readonly requesterPays: boolean;
  /** How long a connection may be silent before the request is tried again, in seconds. */
  readonly timeoutSeconds: number;
  /** Connections of one process at the most. */
  readonly connections: number;
}

/** Where nobody chose anything. S3 answers within a second but for rare ones; 15 s is long past that. */
export const DEFAULT_S3: S3Settings = {
  endpoint: null,
  region: null,
  profile: null,
  requesterPays: false,
  timeoutSeconds: 15,
  connections: 64,
};

/** The address of a provider other than AWS that the environment names, as the SDK reads it; null if there is none. */
export function endpointOf(env: NodeJS.ProcessEnv): string | null {
  if (env['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS'] === 'true') return null;
  return env['AWS_ENDPOINT_URL_S3'] || env['AWS_ENDPOINT_URL'] || null;
}
