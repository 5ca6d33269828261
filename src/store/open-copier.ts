import { locationText, type Location } from '../model/location.js';
import { UserError } from '../model/user-error.js';
import type { Copier } from './copier.js';
import { folderCopier } from './folder-copier.js';
import { folderStore } from './folder.js';
import type { CopierOptions } from './s3-copy.js';
import type { S3Settings } from './s3-settings.js';

/** @throws UserError `location-unsupported` where one is a bucket and the other is not */
export async function openCopier(from: Location, to: Location, s3: S3Settings, options: Pick<CopierOptions, 'marks'> = {}): Promise<Copier> {
  if (from.kind === 'folder' && to.kind === 'folder') return folderCopier(folderStore(from.path), folderStore(to.path));
  if (from.kind === 'folder' || to.kind === 'folder') {
    throw new UserError('location-unsupported', `Originals are backed up from bucket to bucket or from folder to folder, not from ${locationText(from)} to ${locationText(to)}.`);
  }
  const [{ s3Copier }, { s3Place }] = await Promise.all([import('./s3-copy.js'), import('./s3-place.js')]);
  return s3Copier(s3Place(from.bucket, from.prefix, s3), s3Place(to.bucket, to.prefix, s3), options);
}
