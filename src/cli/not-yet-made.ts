import { UserError } from '../model/user-error.js';
import type { Store } from '../store/store.js';

/** Whether a place that is copied to was refused for no more than that its folder is not there yet: the first copy makes it. */
export function isNotYetMade(error: unknown, { location }: Pick<Store, 'location'>): boolean {
  return error instanceof UserError && error.code === 'location-missing' && !location.startsWith('s3://');
}
