import type { CopyKind } from '../model/copy.js';
import { Failure } from '../model/failure.js';
import type { Job } from '../model/job.js';
import { failed, type Outcome } from '../model/outcome.js';
import type { Copier } from '../store/copier.js';
import { backUp } from './back-up.js';
import { bringBack } from './bring-back.js';
import type { Work } from './make-variants.js';

/** The work on one original that is copied as it is. */
export async function copyOriginal(job: Job, kind: CopyKind, copier: Copier): Promise<Work> {
  const { key } = job.original;
  const due = job.due.map(({ spec }) => spec.name);
  try {
    const bytes = await DONE[kind](key, copier);
    const outcomes = job.due.map((one): Outcome => ({ result: 'made', original: key, variant: one.spec.name, key: one.key, bytes, width: 0, height: 0, reason: one.reason }));
    return { original: key, due, outcomes, bytesRead: kind === 'compare' ? 0 : bytes };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { original: key, due, outcomes: [failed(key, kind === 'compare' ? (due[0] ?? null) : null, error)], bytesRead: 0 };
  }
}

/** Each yields the bytes that were copied, or throws a Failure. */
const DONE: Record<CopyKind, (key: string, copier: Copier) => Promise<number>> = {
  'back-up': async (key, copier) => (await backUp(key, copier)).bytes,
  'back-up-missing': async (key, copier) => (await backUp(key, copier, { replaces: false })).bytes,
  'bring-back': (key, copier) => bringBack(key, copier, false),
  replace: (key, copier) => bringBack(key, copier, true),
  compare,
};

/** By the mark of what the copy was made from, or by both contents where there is none. */
async function compare(key: string, copier: Copier): Promise<number> {
  const [source, existing] = await Promise.all([copier.source(key), copier.existing(key)]);
  if (source === undefined) throw new Failure('original-missing', '');
  if (existing === undefined) throw new Failure('copy-differs', 'it is gone');
  if (existing.sourceEtag === source.original.etag || (await copier.isSame(key))) return source.original.size;
  throw new Failure('copy-differs', 'it was made from other content');
}
