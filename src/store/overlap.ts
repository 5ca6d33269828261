import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { locationText, type Location } from '../model/location.js';
import { UserError } from '../model/user-error.js';

/**
 * Refuses two locations of which one lies in the other: variants among the originals would become originals themselves
 * at the next run, without end. Links are followed, also for a folder that does not exist yet.
 * @throws UserError `locations-overlap`
 */
export async function refuseOverlap(originals: Location, variants: Location, what: 'variants' | 'backup' = 'variants'): Promise<void> {
  if (!(await overlap(originals, variants))) return;
  throw new UserError(
    'locations-overlap',
    `The originals (${locationText(originals)}) and the ${what} (${locationText(variants)}) overlap; give two of which neither lies in the other.`,
  );
}

async function overlap(one: Location, other: Location): Promise<boolean> {
  if (one.kind === 's3' && other.kind === 's3') {
    return one.bucket === other.bucket && (one.prefix.startsWith(other.prefix) || other.prefix.startsWith(one.prefix));
  }
  if (one.kind === 's3' || other.kind === 's3') return false;
  const [from, to] = await Promise.all([realPathOf(one.path), realPathOf(other.path)]);
  return isWithin(from, to) || isWithin(to, from);
}

/** The real path of the nearest ancestor that exists, with the rest as it is. */
async function realPathOf(folder: string): Promise<string> {
  try {
    return await realpath(folder);
  } catch {
    const parent = path.dirname(folder);
    return parent === folder ? folder : path.join(await realPathOf(parent), path.basename(folder));
  }
}

function isWithin(inner: string, outer: string): boolean {
  const relative = path.relative(outer, inner);
  return relative === '' || (relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative));
}
