import type { Location } from '../model/location.js';

/**
 * The key of an object relative to the location; undefined if it lies elsewhere. A folder, as of someone who tries
 * things at home, is in no bucket: there, keys are relative already.
 */
export function keyIn({ bucket, key }: { readonly bucket: string; readonly key: string }, own: Location): string | undefined {
  if (own.kind === 'folder') return key;
  return bucket === own.bucket && key.startsWith(own.prefix) ? key.slice(own.prefix.length) : undefined;
}
