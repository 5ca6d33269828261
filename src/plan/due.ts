import type { DueReason, Mode } from '../model/job.js';
import type { StoredObject } from '../model/original.js';
import type { Spec } from '../model/spec.js';
import type { Past } from './past.js';

/**
 * Why this variant needs work, or null when it does not.
 *
 * | mode    | no variant | written before the run | older than the original, or that is in doubt | made by another spec | else |
 * | due     | missing    | see the others         | original-newer                               | spec-changed         | null |
 * | missing | missing    | null                   | null                                         | null                 | null |
 * | all     | missing    | forced                 | original-newer                               | spec-changed         | null |
 *
 * Equal times count as up to date. An original that bears a time in the future (a camera's wrong clock) says nothing by
 * it until that time has come: no variant could ever be newer, and it would be made by every run.
 */
export function dueReason(
  spec: Spec,
  original: StoredObject,
  variant: StoredObject | undefined,
  mode: Mode,
  past: Past,
): DueReason | null {
  if (variant === undefined) return 'missing';
  const writtenAt = variant.lastModified;
  if (mode === 'all' && writtenAt < past.startedAt) return 'forced';
  if (mode === 'missing') return null;
  const compared = past.compare?.(original, variant) ?? 'unknown';
  if (compared !== 'unknown') return compared === 'same' ? null : 'copy-differs';
  const modifiedAt = Math.floor(original.lastModified / past.precision) * past.precision;
  const isOlder = writtenAt < modifiedAt || past.isInDoubt(modifiedAt, writtenAt);
  if (isOlder && modifiedAt <= past.now()) return 'original-newer';
  return past.isStale(spec, writtenAt) ? 'spec-changed' : null;
}
