import { onTestFinished } from 'vitest';
import { bucketSide, type Side } from '../cli/sides.js';
import type { Before, Counts, Fault } from '../s3/request.js';
import { startS3 } from '../s3/server.js';

/** A store that speaks S3, and what goes wrong with it. */
export interface FaultyStore {
  readonly url: string;
  /** Requests that came, also those that went wrong. */
  readonly counts: Counts;
  /** How many requests something went wrong with. */
  readonly faults: number;
  /** @param prefix ends in a slash */
  side(bucket: string, prefix: string): Side;
  /** What happens to requests from now on. */
  during(before: Before): void;
  /** As kill -9 does it. */
  kill(): Promise<void>;
  restart(): Promise<void>;
}

/** What is asked for each request, and can be exchanged; it counts what went wrong. */
export class Faults {
  during: Before = () => undefined;
  count = 0;

  readonly before: Before = async (request) => {
    const fault: Fault | undefined = await this.during(request);
    if (fault !== undefined) this.count += 1;
    return fault;
  };
}

/** The small S3 of the tests, with the buckets `originals` and `variants`. @param clock how far ahead of this machine's, in milliseconds */
export async function smallStore(clock = 0): Promise<FaultyStore> {
  const faults = new Faults();
  const server = await startS3({ buckets: ['originals', 'variants'], before: faults.before, clock });
  onTestFinished(() => server.close());
  return {
    url: server.url,
    counts: server.counts,
    get faults() {
      return faults.count;
    },
    side: (bucket, prefix) => bucketSide(server, bucket, prefix),
    during: (before) => void (faults.during = before),
    kill: () => server.close(),
    restart: () => server.reopen(),
  };
}
