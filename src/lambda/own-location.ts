import { parseLocation, type Location } from '../model/location.js';

/** Whether a location is this one or a part of it: a caller may direct a function to no other. */
export function isWithin(text: string, own: Location): boolean {
  const location = parseLocation(text, '/');
  if (location.kind === 's3' && own.kind === 's3') return location.bucket === own.bucket && location.prefix.startsWith(own.prefix);
  return location.kind === 'folder' && own.kind === 'folder' && `${location.path}/`.startsWith(`${own.path}/`);
}

/**
 * The key of an object relative to the location; undefined if it lies elsewhere. A folder, as of someone who tries
 * things at home, is in no bucket: there, keys are relative already.
 */
export function keyIn({ bucket, key }: { readonly bucket: string; readonly key: string }, own: Location): string | undefined {
  if (own.kind === 'folder') return key;
  return bucket === own.bucket && key.startsWith(own.prefix) ? key.slice(own.prefix.length) : undefined;
}
