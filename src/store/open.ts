import type { Location } from '../model/location.js';
import { UserError } from '../model/user-error.js';
import { folderStore } from './folder.js';
import type { Store } from './store.js';

/** The store of a location. @throws UserError `location-unsupported` for a kind that cannot be opened */
export function openStore(location: Location): Store {
  if (location.kind === 'folder') return folderStore(location.path);
  throw new UserError(
    'location-unsupported',
    `s3://${location.bucket}/${location.prefix} is a bucket, and this version of imgvar works on folders only; give a folder.`,
  );
}
