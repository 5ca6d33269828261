import { locationText, type Location } from '../model/location.js';
import { UserError } from '../model/user-error.js';
import type { Copier } from './copier.js';
import type { S3Settings } from './s3-settings.js';

/** @throws UserError `location-unsupported` where one of them is no bucket */
export async function openCopier(from: Location, to: Location, s3: S3Settings): Promise<Copier> {
  if (from.kind !== 's3' || to.kind !== 's3') {
    throw new UserError('location-unsupported', `Originals are backed up from bucket to bucket, not from ${locationText(from)} to ${locationText(to)}.`);
  }
  const [{ s3Copier }, { s3Place }] = await Promise.all([import('./s3-copy.js'), import('./s3-place.js')]);
  return s3Copier(s3Place(from.bucket, from.prefix, s3), s3Place(to.bucket, to.prefix, s3));
}
