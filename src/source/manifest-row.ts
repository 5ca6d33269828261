import type { Location } from '../model/location.js';
import type { RefusedObject } from '../model/original.js';
import { decodeListed } from '../store/s3-key.js';
import { RowFault, textOf, type Bytes } from './text.js';

/**
 * One row of a manifest: the key of an original, or why there can be none by what is written. `row` counts every line or
 * record from 1, also headers and empty ones, as editors do; in an inventory it goes on from file to file.
 */
export type ManifestRow = { readonly row: number } & (Named | RefusedObject);

/** An original by its key, relative to the originals. */
export interface Named {
  readonly key: string;
}

/** A key as it stands alone: relative to the originals, or the whole `s3://bucket/key`. @throws RowFault for another bucket */
export function writtenKey(written: string, originals: Location): Named | RefusedObject {
  const [, bucket, whole = ''] = /^s3:\/\/([^/]*)\/?(.*)$/s.exec(written) ?? [];
  return bucket === undefined ? { key: written } : objectIn(bucket, whole, written, originals);
}

/**
 * An object by its bucket and whole key.
 * @param written what it is called where it is refused
 * @throws RowFault for another bucket than that of the originals
 */
export function objectIn(bucket: string, whole: string, written: string, originals: Location): Named | RefusedObject {
  refuseOtherBucket(bucket, originals);
  const prefix = originals.kind === 's3' ? originals.prefix : '';
  if (whole.startsWith(prefix)) return { key: whole.slice(prefix.length) };
  return { key: written, refused: 'invalid-key', detail: 'it is outside the originals' };
}

/** @throws RowFault */
export function refuseOtherBucket(bucket: string, originals: Location): void {
  if (originals.kind === 'folder') {
    throw new RowFault(`is of the bucket "${bucket}", but the originals are a folder; give their keys alone, or the bucket as the originals`);
  }
  if (bucket !== originals.bucket) {
    throw new RowFault(`is of the bucket "${bucket}", but the originals are in "${originals.bucket}"; give a manifest of that one`);
  }
}

/** One field of a record; undefined where the record has none there. @throws RowFault for what is not UTF-8 */
export function fieldIn(record: readonly Bytes[], column: number): string | undefined {
  const bytes = record[column];
  return bytes === undefined ? undefined : textOf(bytes);
}

/** A key as S3 writes it in an inventory, with `+` or `%20` for a space; null where it is not encoded so. */
export function urlDecoded(text: string): string | null {
  try {
    return decodeListed(text);
  } catch {
    return null;
  }
}
