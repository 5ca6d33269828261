import path from 'node:path';
import { UserError } from './user-error.js';

/** Where originals or variants are. It always denotes a folder, never one object. */
export type Location =
  /** `path` is absolute. */
  | { readonly kind: 'folder'; readonly path: string }
  /** `prefix` is empty or ends in a slash. Its text is taken as it stands: nothing is decoded. */
  | { readonly kind: 's3'; readonly bucket: string; readonly prefix: string };

/**
 * A folder's path, or `s3://bucket/prefix/`; a missing slash is added.
 * @param base the absolute path of the folder to which a relative path is relative
 * @throws UserError `location-unsupported`
 */
export function parseLocation(text: string, base: string): Location {
  const [, scheme, rest = ''] = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/is.exec(text) ?? [];
  if (scheme?.toLowerCase() === 's3') return parseS3(text, rest);
  if (scheme !== undefined) {
    throw unsupported(`"${text}" is neither a folder nor s3://bucket/prefix/; ${scheme}:// is not supported.`);
  }
  if (text === '') throw unsupported('The location is empty; give a folder or s3://bucket/prefix/.');
  if (text.includes('\0')) throw unsupported(`${JSON.stringify(text)} is not a folder's path: it holds a NUL character.`);
  if (/^~(\/|$)/.test(text)) {
    throw unsupported(`"${text}": only a shell knows ~; write the folder's whole path, or ./~ for a folder of that name.`);
  }
  return { kind: 'folder', path: path.resolve(base, text) };
}

/** As a person writes it; `parseLocation` takes it back. */
export function locationText(location: Location): string {
  return location.kind === 'folder' ? location.path : `s3://${location.bucket}/${location.prefix}`;
}

function parseS3(text: string, rest: string): Location {
  const slash = rest.indexOf('/');
  const bucket = slash < 0 ? rest : rest.slice(0, slash);
  const prefix = slash < 0 ? '' : rest.slice(slash + 1);
  if (bucket === '' || /[\s\p{Cc}]/u.test(bucket)) {
    throw unsupported(`${JSON.stringify(text)} names no bucket; write s3://bucket/prefix/.`);
  }
  return { kind: 's3', bucket, prefix: prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/` };
}

function unsupported(message: string): UserError {
  return new UserError('location-unsupported', message);
}
