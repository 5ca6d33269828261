import { createHash } from 'node:crypto';
import type { Location } from '../model/location.js';
import { OWN_FOLDER } from '../store/key.js';
import { csvRecords } from './csv.js';
import { dataFile, readInventory } from './inventory-json.js';
import { decompressed, type ManifestFiles } from './manifest-bytes.js';
import { invalidManifest, rowError } from './manifest-error.js';
import { fieldIn, refuseOtherBucket, urlDecoded, type ManifestRow } from './manifest-row.js';
import { RowFault, type Bytes } from './text.js';

/**
 * The rows of an S3 Inventory, which is a listing that S3 made: what a listing of the originals would not show is passed
 * over. That is every key outside of them, folders' marks, imgvar's own files, and deleted and replaced versions.
 *
 * @throws UserError
 */
export async function* inventoryRows(file: string, files: ManifestFiles, originals: Location): AsyncGenerator<ManifestRow> {
  const inventory = await readInventory(file, files, originals);
  let row = 0;
  for (const { key, md5 } of inventory.files) {
    const data = await dataFile(file, inventory.bucket, key);
    let rowInFile = 1;
    try {
      for await (const record of csvRecords(decompressed(data, verified(data, files.read(data), md5)))) {
        row += 1;
        const original = originalIn(record, inventory.columns, originals);
        if (original !== null) yield { row, key: original };
        rowInFile += 1;
      }
    } catch (error) {
      throw rowError(data, rowInFile, error);
    }
  }
}

/** The key of the original that a record is about, or null. @throws RowFault */
function originalIn(record: readonly Bytes[], columns: readonly string[], originals: Location): string | null {
  if (record.length < columns.length) throw new RowFault(`has ${record.length} columns of the ${columns.length} in fileSchema; copy the inventory again`);
  const value = (column: string): string | undefined => fieldIn(record, columns.indexOf(column));
  const bucket = value('bucket');
  if (bucket !== undefined) refuseOtherBucket(bucket, originals);
  if (value('islatest') === 'false' || value('isdeletemarker') === 'true') return null;
  const whole = urlDecoded(value('key') ?? '');
  if (whole === null) throw new RowFault('has a key that is not URL-encoded, as S3 writes them; copy the inventory again');
  const prefix = originals.kind === 's3' ? originals.prefix : '';
  const key = whole.slice(prefix.length);
  const isListed = whole.startsWith(prefix) && key !== '' && !key.endsWith('/') && !key.startsWith(`${OWN_FOLDER}/`);
  return isListed ? key : null;
}

/** The same bytes, and at their end the error if they are not those that were meant. @param md5 hexadecimal, or null for any */
async function* verified(file: string, bytes: AsyncIterable<Buffer>, md5: string | null): AsyncGenerator<Buffer> {
  const hash = createHash('md5');
  for await (const chunk of bytes) {
    hash.update(chunk);
    yield chunk;
  }
  if (md5 !== null && hash.digest('hex') !== md5.toLowerCase()) {
    throw invalidManifest(file, 'is not the file that the inventory names: its MD5 checksum differs; copy it again');
  }
}
