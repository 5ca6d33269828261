import PQueue from 'p-queue';
import { configureImageLibrary } from '../image/configure.js';
import type { Job } from '../model/job.js';
import type { Limits } from '../model/limits.js';
import { parseLocation } from '../model/location.js';
import type { JobResult } from '../model/outcome.js';
import { withoutWriting } from '../store/dry-run.js';
import { openStore } from '../store/open.js';
import type { S3Settings } from '../store/s3-settings.js';
import type { Store } from '../store/store.js';
import { checkVariants } from './check-variants.js';
import { makeVariants } from './make-variants.js';
import { metered } from './metered.js';

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
  /** May be called for many jobs side by side. @param limits in place of the setup's @param secondsLeft as of a Workplace; default: no end */
  do(job: Job, limits?: Limits, secondsLeft?: () => number): Promise<JobResult>;
}

/**
 * Originals whose pixels are worked on at one time: a process has one core, and each holds its decoded pixels. Others are
 * being read or written meanwhile. The second fills the gaps that the first one leaves between two operations.
 */
const RENDERING = 2;

/** What is done with each job: variants are made; or everything but written, to see what it takes; or those that are there are looked at. */
export type ImageWork = 'make' | 'trial' | 'check';

export interface WorkshopOptions {
  /** Called when the next original has its turn: a sign of life. */
  readonly onTurn?: () => void;
  /** Default: `make`. */
  readonly kind?: ImageWork;
}

export async function openWorkshop(setup: Setup, { onTurn, kind = 'make' }: WorkshopOptions = {}): Promise<Workshop> {
  configureImageLibrary();
  const rendering = new PQueue({ concurrency: RENDERING });
  const originals = await openStore(parseLocation(setup.originals, '/'), setup.s3);
  const opened = await openStore(parseLocation(setup.variants, '/'), setup.s3);
  const variants = kind === 'trial' ? withoutWriting(opened) : opened;
  const workOn = kind === 'check' ? checkVariants : makeVariants;
  const inTurn = <T>(work: () => Promise<T>): Promise<T> =>
    rendering.add(
      () => {
        onTurn?.();
        return work();
      },
      { throwOnTimeout: true },
    );
  const meter = metered([originals, variants]);

  return {
    originals,
    variants,
    do: async (job, limits = setup.limits, secondsLeft = () => Infinity) => meter(await workOn(job, { originals, variants, limits, inTurn, secondsLeft })),
  };
}
