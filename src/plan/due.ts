import type { DueReason, Mode } from '../model/job.js';
import type { StoredObject } from '../model/original.js';

/**
 * Why this variant needs work, or null when it does not.
 *
 * | mode    | no variant | variant older than the original | else   |
 * | due     | missing    | original-newer                  | null   |
 * | missing | missing    | null                            | null   |
 * | all     | missing    | forced                          | forced |
 *
 * Equal times count as up to date: stores give a written variant at least its original's time.
 */
export function dueReason(original: StoredObject, variant: StoredObject | undefined, mode: Mode): DueReason | null {
  if (variant === undefined) return 'missing';
  if (mode === 'all') return 'forced';
  if (mode === 'due' && variant.lastModified < original.lastModified) return 'original-newer';
  return null;
}
