import { COPY_SPEC, SAME_KEYS } from '../model/copy.js';
import type { InvocationAnswer } from '../model/invocation.js';
import { locationText } from '../model/location.js';
import { openCopyshop, type Copyshop } from '../work/copyshop.js';
import { checkAccess } from './check.js';
import { describe } from './describe.js';
import { doJobs, type DoJob } from './jobs.js';
import { isRequest, parseRequest, refusal } from './request.js';
import { notSet, type Settings } from './settings.js';

/** Kept from one invocation to the next: its connections are open already. */
let opened: Promise<Copyshop> | undefined;

/** A direct call, with which originals that have no copy yet get one. The locations are the function's own. */
export async function answerBackup(event: { readonly imgvar: unknown }, settings: Settings, left: () => number): Promise<InvocationAnswer> {
  const { originals, backup, s3 } = settings;
  if (backup === null) throw notSet('IMGVAR_BACKUP');
  if (!isRequest(event)) return refusal('request-invalid', 'This is neither a notification of S3 nor a request of imgvar.');
  const copying = { ...settings, variants: backup };
  const request = parseRequest(event);
  if (request.imgvar === 'describe') return describe(settings, { to: backup, layout: SAME_KEYS.template, specs: [COPY_SPEC] }, left());
  if (request.imgvar === 'check') return checkAccess(request, copying);
  if (request.imgvar !== 'jobs') return request;
  const copy: DoJob = async (job) => (await (opened ??= openCopyshop({ originals: locationText(originals), variants: locationText(backup), s3 }, 'back-up'))).do(job);
  return doJobs(request, copying, copy, left);
}
