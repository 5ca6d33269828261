import type { CopyKind } from '../model/copy.js';
import type { Job } from '../model/job.js';
import { parseLocation } from '../model/location.js';
import type { JobResult } from '../model/outcome.js';
import { openCopier } from '../store/open-copier.js';
import type { S3Settings } from '../store/s3-settings.js';
import { copyOriginal } from './copy-original.js';
import { metered } from './metered.js';

/** A process that copies originals as they are, of a pool or of Lambda. It knows nothing of images. */
export interface Copyshop {
  /** May be called for many jobs side by side. */
  do(job: Job): Promise<JobResult>;
}

/** @param setup from `originals` to `variants`, whatever these hold */
export async function openCopyshop(setup: { readonly originals: string; readonly variants: string; readonly s3: S3Settings }, kind: CopyKind): Promise<Copyshop> {
  const [from, to] = [parseLocation(setup.originals, '/'), parseLocation(setup.variants, '/')];
  // What is brought back is to be as it was, without a mark of where it was meanwhile.
  const copier = await openCopier(from, to, setup.s3, { marks: kind === 'back-up' || kind === 'back-up-missing' });
  const meter = metered([copier]);
  return { do: async (job) => meter(await copyOriginal(job, kind, copier)) };
}
