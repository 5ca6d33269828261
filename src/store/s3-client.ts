import { S3Client } from '@aws-sdk/client-s3';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { S3Settings } from './s3-settings.js';

/** Milliseconds to come to a connection. */
const CONNECT_MS = 5_000;

/** Where no region is set anywhere; AWS names the right one in its refusal. */
const DEFAULT_REGION = 'us-east-1';

/**
 * A client that tries once: S3Requests repeats, as the SDK gives up for good after about 100 retries of a client, and
 * does not repeat what fails while a body is read.
 *
 * @param region null: the one of the environment or the profile, else us-east-1
 */
export async function s3Client(settings: S3Settings, region: string | null): Promise<S3Client> {
  const client = newClient(settings, region);
  const known = await client.config.region().then(() => true, () => false);
  return known ? client : newClient(settings, DEFAULT_REGION);
}

function newClient({ endpoint, profile, connections, timeoutSeconds }: S3Settings, region: string | null): S3Client {
  const agent = { keepAlive: true, maxSockets: connections };
  return new S3Client({
    ...(region === null ? {} : { region }),
    ...(endpoint === null ? {} : { endpoint }),
    ...(profile === null ? {} : { profile }),
    // Providers other than AWS seldom have a host name for each bucket.
    forcePathStyle: endpoint !== null,
    maxAttempts: 1,
    requestHandler: {
      httpAgent: new HttpAgent(agent),
      httpsAgent: new HttpsAgent(agent),
      connectionTimeout: CONNECT_MS,
      socketTimeout: timeoutSeconds * 1000,
    },
    logger: SILENT,
  });
}

/** What a library has to say is not for the person who runs this. */
const SILENT = { trace: ignore, debug: ignore, info: ignore, warn: ignore, error: ignore };

function ignore(): void {}
