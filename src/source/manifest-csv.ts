import type { Location } from '../model/location.js';
import type { RefusedObject } from '../model/original.js';
import { csvRecords } from './csv.js';
import { rowError } from './manifest-error.js';
import { fieldIn, objectIn, urlDecoded, writtenKey, type ManifestRow, type Named } from './manifest-row.js';
import { RowFault, type Bytes } from './text.js';

interface Columns {
  readonly key: number;
  /** -1 if there is none: then keys are relative to the originals. */
  readonly bucket: number;
  readonly encoded: boolean;
}

/** As manifests of S3 Batch Operations are, which have no header: bucket,key or bucket,key,versionId. */
const BATCH: Columns = { bucket: 0, key: 1, encoded: true };

/**
 * The rows of a CSV manifest, with a header (a column `key`, and `bucket` if there is one) or as S3 Batch Operations has
 * them. Where there is a bucket, keys are whole. Keys are URL-encoded only where there is no header.
 *
 * @throws UserError
 */
export async function* csvRows(file: string, chunks: AsyncIterable<Buffer>, originals: Location): AsyncGenerator<ManifestRow> {
  let row = 1;
  let columns: Columns | null = null;
  try {
    for await (const record of csvRecords(chunks)) {
      if (record.length > 0) {
        const header: Columns | null = columns === null ? headerIn(record) : null;
        columns ??= header ?? batchColumns(record, originals);
        if (header === null) yield { row, ...originalIn(record, columns, originals) };
      }
      row += 1;
    }
  } catch (error) {
    throw rowError(file, row, error);
  }
}

/** The columns, where a record is a header. */
export function headerIn(record: readonly Bytes[]): Columns | null {
  const names = record.map((name) => name.trim().toLowerCase());
  return names.includes('key') ? { key: names.indexOf('key'), bucket: names.indexOf('bucket'), encoded: false } : null;
}

/** @throws RowFault for a first record that is neither a header nor what S3 Batch Operations takes */
function batchColumns(record: readonly Bytes[], originals: Location): Columns {
  const isBatch = record.length === 2 || record.length === 3;
  if (isBatch && (originals.kind === 'folder' || record[0] === originals.bucket)) return BATCH;
  const bucket = isBatch ? ` ("${fieldIn(record, 0)}" is not the bucket of the originals)` : '';
  throw new RowFault(`has no column "key", and is not bucket,key or bucket,key,versionId${bucket}; add a header, or call a list of keys .txt`);
}

function originalIn(record: readonly Bytes[], { key, bucket, encoded }: Columns, originals: Location): Named | RefusedObject {
  const written = fieldIn(record, key);
  const inBucket = bucket < 0 ? '' : fieldIn(record, bucket);
  if (written === undefined || inBucket === undefined) throw new RowFault(`has ${record.length} columns, fewer than the first`);
  if (bucket < 0) return writtenKey(written, originals);
  const whole = encoded ? urlDecoded(written) : written;
  if (whole === null) return { key: written, refused: 'invalid-key', detail: 'it is not URL-encoded, as keys without a header must be' };
  return objectIn(inBucket, whole, whole, originals);
}
