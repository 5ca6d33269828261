import type { Location } from '../model/location.js';
import { folderStore } from './folder.js';
import type { S3Settings } from './s3-settings.js';
import type { Store } from './store.js';

/** The store of a location. The SDK is loaded only where there is a bucket: it takes a fifth of a second. */
export async function openStore(location: Location, s3: S3Settings): Promise<Store> {
  if (location.kind === 'folder') return folderStore(location.path);
  const { s3Store } = await import('./s3.js');
  return s3Store(location.bucket, location.prefix, s3);
}
