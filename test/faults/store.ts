import { onTestFinished } from 'vitest';
import { bucketSide, type Side } from '../cli/sides.js';
import { MOST_REPETITIONS } from '../../src/store/s3-settings.js';
import type { Before, Counts, Fault, S3Request } from '../s3/request.js';
import { startS3 } from '../s3/server.js';

/** A store that speaks S3, and what goes wrong with it. */
export interface FaultyStore {
  readonly url: string;
  /** Requests that came, also those that went wrong. */
  readonly counts: Counts;
  /** How many requests something went wrong with. */
  readonly faults: number;
  /** How often it went wrong with the same request for an original or a variant for the last time that it is repeated: the original then has a second try. */
  readonly givenUp: number;
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
  givenUp = 0;
  readonly #inARow = new Map<string, number>();

  readonly before: Before = async (request) => {
    const fault: Fault | undefined = await this.during(request);
    if (fault !== undefined) this.count += 1;
    if (isOfImage(request) && this.#lengthOfRow(request, fault) === MOST_REPETITIONS) this.givenUp += 1;
    return fault;
  };

  /** How often in a row it has gone wrong with this request; after the last repetition it begins anew. */
  #lengthOfRow({ method, bucket, key }: S3Request, fault: Fault | undefined): number {
    const name = `${method} ${bucket}/${key}`;
    const before = this.#inARow.get(name) ?? 0;
    const length = fault === undefined ? 0 : (before % MOST_REPETITIONS) + 1;
    this.#inARow.set(name, length);
    return length;
  }
}

/** Neither a listing nor what imgvar keeps for itself. */
function isOfImage({ key }: S3Request): boolean {
  return key !== '' && !key.includes('.imgvar/');
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
    get givenUp() {
      return faults.givenUp;
    },
    side: (bucket, prefix) => bucketSide(server, bucket, prefix),
    during: (before) => void (faults.during = before),
    kill: () => server.close(),
    restart: () => server.reopen(),
  };
}
