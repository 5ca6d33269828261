import PQueue from 'p-queue';
import { configureImageLibrary } from '../image/configure.js';
import type { Job } from '../model/job.js';
import type { Limits } from '../model/limits.js';
import { parseLocation } from '../model/location.js';
import type { JobResult } from '../model/outcome.js';
import { addRequests, NO_REQUESTS, requestsSince } from '../model/requests.js';
import { openStore } from '../store/open.js';
import type { S3Settings } from '../store/s3-settings.js';
import type { Store } from '../store/store.js';
import { makeVariants } from './make-variants.js';

/** What a process must know to do jobs. All of it is JSON. */
export interface Setup {
  readonly originals: string;
  readonly variants: string;
  readonly s3: S3Settings;
  readonly limits: Limits;
}

/** A process that does jobs, of a pool or of Lambda. */
export interface Workshop {
  readonly originals: Store;
  readonly variants: Store;
  /** May be called for many jobs side by side. @param limits in place of the setup's */
  do(job: Job, limits?: Limits): Promise<JobResult>;
}

/**
 * Originals whose pixels are worked on at one time: a process has one core, and each holds its decoded pixels. Others are
 * being read or written meanwhile. The second fills the gaps that the first one leaves between two operations.
 */
const RENDERING = 2;

export interface WorkshopOptions {
  /** Called when the next original has its turn: a sign of life. */
  readonly onTurn?: () => void;
  /** Put between the work and the variants' store. */
  readonly writeTo?: (variants: Store) => Store;
}

export async function openWorkshop(setup: Setup, { onTurn, writeTo = (store) => store }: WorkshopOptions = {}): Promise<Workshop> {
  configureImageLibrary();
  const rendering = new PQueue({ concurrency: RENDERING });
  const originals = await openStore(parseLocation(setup.originals, '/'), setup.s3);
  const variants = writeTo(await openStore(parseLocation(setup.variants, '/'), setup.s3));
  const inTurn = <T>(work: () => Promise<T>): Promise<T> =>
    rendering.add(
      () => {
        onTurn?.();
        return work();
      },
      { throwOnTimeout: true },
    );
  let told = NO_REQUESTS;

  return {
    originals,
    variants,
    async do(job, limits = setup.limits) {
      const work = await makeVariants(job, { originals, variants, limits, inTurn });
      // What was sent since the last result: the sum over all results is what this process sent.
      const now = addRequests(originals.requests, variants.requests);
      const requests = requestsSince(now, told);
      told = now;
      return { ...work, requests };
    },
  };
}
